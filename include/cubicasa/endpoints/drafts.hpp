// The requests of the group Draft Orders (contract 3.24 to 3.26). Includes only models and detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>
#include <cubicasa/models/draft_details.hpp>
#include <cubicasa/models/order.hpp>

namespace cubicasa {

namespace detail {

inline void set_draft_body(wire_request& w, const draft_details& d) {
    w.require("street", d.street);
    w.require("city", d.city);
    w.require("country", d.country);
    w.require("owner_email", d.owner_email);
    if (d.package_type) w.require("package_type", d.package_type->str());
    set_body(w, d);
}

}  // namespace detail

// POST /orders/draft: a draft, which shows up in the app of its owner (contract 3.24). Sending it twice makes two:
// drafts().create_or_find() does not.
class create_draft : public draft_details {
public:
    using response = order;
    static constexpr std::string_view name = "create_draft";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/orders/draft";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::observed;

    using draft_details::draft_details;
    create_draft() {}
    explicit create_draft(draft_details details) : draft_details(std::move(details)) {}

    friend void encode(const create_draft& r, wire_request& w) { detail::set_draft_body(w, r); }
};

// PATCH /orders/draft/{order_id}: changes a draft (contract 3.25). The four required members are required here as well.
// Whether what is left out keeps its value is not public: send the whole draft.
class update_draft : public draft_details {
public:
    using response = order;
    static constexpr std::string_view name = "update_draft";
    static constexpr std::string_view method = "PATCH";
    static constexpr std::string_view path = "/orders/draft/{order_id}";
    static constexpr cubicasa::effect effect = cubicasa::effect::replace;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    update_draft() {}
    update_draft(std::string id, draft_details details) : draft_details(std::move(details)), order_id(std::move(id)) {}

    std::string order_id;

    friend void encode(const update_draft& r, wire_request& w) {
        w.argument("order_id", r.order_id);
        detail::set_draft_body(w, r);
    }
};

// DELETE /orders/draft/{order_id} (contract 3.26). The path is inferred, the answer is not public.
class delete_draft {
public:
    using response = raw_json;
    static constexpr std::string_view name = "delete_draft";
    static constexpr std::string_view method = "DELETE";
    static constexpr std::string_view path = "/orders/draft/{order_id}";
    static constexpr cubicasa::effect effect = cubicasa::effect::replace;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    delete_draft() {}
    explicit delete_draft(std::string id) : order_id(std::move(id)) {}

    std::string order_id;

    friend void encode(const delete_draft& r, wire_request& w) { w.argument("order_id", r.order_id); }
};

}  // namespace cubicasa
