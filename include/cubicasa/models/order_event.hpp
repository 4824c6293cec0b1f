// What the server tells a webhook: an order has changed its status. Includes only detail/members.hpp, the enumerations
// and result.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>
#include <cubicasa/models/enumerations.hpp>
#include <cubicasa/result.hpp>

namespace cubicasa {

// Contract 7.1. Anybody can send one, since events are not signed: read the order before acting on it.
struct order_event {
    order_event() {}  // no aggregate, since calls take it: see README about g++ 12

    std::string id;  // of the order
    order_status current_status;
    std::optional<order_status>
        previous_status;  // for Ready: Pending is the first delivery, Fixing a fix, Ready an edit
    std::optional<std::string> model_id;
    std::optional<cubicasa::product_type> product_type;
    std::optional<cubicasa::delivery_type> delivery_type;

    friend bool operator==(const order_event&, const order_event&) = default;
};

constexpr auto members_of(const order_event*) {
    using t = order_event;
    return member_table(required<&t::id>("id"), required<&t::current_status>("current_status"),
                        member<&t::previous_status>("previous_status"), member<&t::model_id>("model_id"),
                        member<&t::product_type>("product_type"), member<&t::delivery_type>("delivery_type"));
}

// Reads the body of a webhook call. Takes anything and does no I/O; a body above 64 KiB or nested deeper than 64 is
// refused unread. Errors: body_too_large, empty_body, html_instead_of_json, malformed_json, missing_member (without
// an id or a current_status), unexpected_answer.
result<order_event> parse_order_event(std::string_view body);

}  // namespace cubicasa
