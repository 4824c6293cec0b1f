// The requests of the group Change Request (contract 3.21 to 3.23). Includes only models and detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>
#include <cubicasa/models/change_request.hpp>
#include <cubicasa/models/page.hpp>

namespace cubicasa {

// POST /orders/{order_id}/change-requests: asks production to correct a delivered order, which goes to `Fixing`
// (contract 3.21). The members of the body and the answer are inferred.
class create_change_request {
public:
    using response = change_request;
    static constexpr std::string_view name = "create_change_request";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/orders/{order_id}/change-requests";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    create_change_request() {}
    create_change_request(std::string order, std::string what) : order_id(std::move(order)), text(std::move(what)) {}

    std::string order_id;
    std::string text;                          // required: what to correct
    field<std::vector<std::string>> img_urls;  // pictures that explain it
    raw_json more;                             // an object whose members are sent besides, or nothing

    friend constexpr auto members_of(const create_change_request*) {
        using t = create_change_request;
        return member_table(member<&t::text>("text"), member<&t::img_urls>("img_urls"));
    }

    friend void encode(const create_change_request& r, wire_request& w) {
        w.argument("order_id", r.order_id);
        w.require("text", r.text);
        detail::set_body(w, r, r.more);
    }
};

// GET /orders/{order_id}/change-requests (contract 3.22). The path is inferred; a bare array is taken as the only page.
class list_change_requests {
public:
    using item = change_request;
    using response = page<change_request>;
    static constexpr std::string_view name = "list_change_requests";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/orders/{order_id}/change-requests";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    list_change_requests() {}
    explicit list_change_requests(std::string order) : order_id(std::move(order)) {}

    std::string order_id;
    std::optional<std::int64_t> limit;   // records in a page
    std::optional<std::int64_t> offset;  // 0, or the `next_offset` of the page before

    friend void encode(const list_change_requests& r, wire_request& w) {
        w.argument("order_id", r.order_id);
        w.page(r.limit, r.offset);
    }

    static result<page<change_request>> decode(const raw_response& answer) {
        return detail::decode_list<change_request>(answer);
    }
};

// GET /orders/{order_id}/change-requests/{change_request_id} (contract 3.23).
class get_change_request {
public:
    using response = change_request;
    static constexpr std::string_view name = "get_change_request";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/orders/{order_id}/change-requests/{change_request_id}";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    get_change_request() {}
    get_change_request(std::string order, std::string change_request)
        : order_id(std::move(order)), id(std::move(change_request)) {}

    std::string order_id;
    std::string id;

    friend void encode(const get_change_request& r, wire_request& w) {
        w.argument("order_id", r.order_id);
        w.argument("change_request_id", r.id);
    }
};

}  // namespace cubicasa
