// The request of the group GoToScan (contract 3.27). Includes only models and detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>

namespace cubicasa {

// POST: an order whose scan is made by somebody who follows a link (contract 3.27). Path, body and answer are not
// public.
class create_goto_scan_order {
public:
    using response = raw_json;
    static constexpr std::string_view name = "create_goto_scan_order";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/orders/go2scan";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    create_goto_scan_order() {}
    explicit create_goto_scan_order(raw_json json) : body(std::move(json)) {}

    raw_json body;  // JSON text, required

    friend void encode(const create_goto_scan_order& r, wire_request& w) { detail::set_raw_body(w, "body", r.body); }
};

}  // namespace cubicasa
