// What became of an order, and confirm(): an event, checked. Light Asio headers.
#pragma once

#include <cubicasa/client.hpp>
#include <cubicasa/models/order.hpp>
#include <cubicasa/models/order_event.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string_view>

namespace cubicasa {

enum class change_kind {
    appeared,        // an order that was not known, and is not ready yet
    moved,           // to another status than Ready
    first_delivery,  // Ready for the first time
    fix,             // Ready again after Fixing
    edit,            // the same status, and other files or products: a Quick Edit, or an upgrade
    gone,            // the order does not exist any more; only its id is known
    outdated,        // of confirm(): the order is not in the event's status (any more)
};

// "first_delivery"
std::string_view to_string(change_kind) noexcept;

class order_change {
public:
    order_change() {}

    cubicasa::order order;  // as GET /orders/{id} answers it, with its files
    change_kind kind = change_kind::moved;
    std::optional<order_status> previous_status;  // unset when nobody knows
    // What was delivered, as an event says (contract 7.1); unset when polling has found the change. Believe it only to
    // choose what to look at first: everything else here was read from the API.
    std::optional<cubicasa::product_type> product;
};

// Reads the order of an event: who knows the URL of a webhook can send anything (contract 7.3). The kind follows from
// the event's two statuses, the rest from the order.
// Throws `failure`: errc::not_found for an order that does not exist, and what get_order can fail with. Cancelling it
// (all types that the coroutine accepts) has no effect but its end.
boost::asio::awaitable<order_change> confirm(client api, order_event event);

// The same as a result, without exceptions.
boost::asio::awaitable<result<order_change>> try_confirm(client api, order_event event);

}  // namespace cubicasa
