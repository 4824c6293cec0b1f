// confirm(), and names for kinds of changes.
#include <cubicasa/order_change.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace cubicasa {

std::string_view to_string(change_kind k) noexcept {
    switch (k) {
        case change_kind::appeared:
            return "appeared";
        case change_kind::moved:
            return "moved";
        case change_kind::first_delivery:
            return "first_delivery";
        case change_kind::fix:
            return "fix";
        case change_kind::edit:
            return "edit";
        case change_kind::gone:
            return "gone";
        case change_kind::outdated:
            return "outdated";
    }
    return "";
}

boost::asio::awaitable<result<order_change>> try_confirm(client api, order_event event) {
    const get_order request(event.id);
    result<order> found = co_await api.async_call(request, as_result(boost::asio::use_awaitable));
    if (!found) co_return found.error();
    order_change out;
    out.order = std::move(*found);
    out.previous_status = event.previous_status;
    out.product = event.product_type;
    if (out.order.info.status != event.current_status) {
        out.kind = change_kind::outdated;
    } else if (event.current_status != order_status::ready) {
        out.kind = change_kind::moved;
    } else if (event.previous_status == order_status::fixing) {
        out.kind = change_kind::fix;
    } else {
        out.kind = event.previous_status == order_status::ready ? change_kind::edit : change_kind::first_delivery;
    }
    co_return out;
}

boost::asio::awaitable<order_change> confirm(client api, order_event event) {
    result<order_change> out = co_await try_confirm(std::move(api), std::move(event));
    co_return std::move(out).value();
}

}  // namespace cubicasa
