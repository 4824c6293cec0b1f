// api.orders(): the Orders group as functions. Over the request structs of orders.hpp and the client's async_call.
#pragma once

#include <cubicasa/detail/find_order.hpp>
#include <cubicasa/endpoints/orders.hpp>
#include <cubicasa/paginate.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cubicasa {

// Each function takes what the request needs, and then, as async_call does, [call_options] and [completion token].
// Those that need several requests give a generator or an awaitable instead, for which co_spawn takes a token. Errors,
// cancellation and threads are as client::async_call says.
template <class Client>
class orders_family {
public:
    explicit orders_family(Client api) : api_(std::move(api)) {}

    // Walks a list of orders, page by page, reading one page ahead. Orders of a list have no `delivery_assets`.
    // Contract 3.15.
    async_generator<order> list(list_orders query = list_orders(), paging how = paging()) const {
        return paginate(api_, std::move(query), how);
    }

    // Goes on where a walk over the same query was. errc::invalid_cursor comes from the first next() otherwise.
    async_generator<order> list(list_orders query, const cursor& from, paging how = paging()) const {
        return paginate(api_, std::move(query), how, from);
    }

    // One order with its `delivery_assets`. Contract 3.16.
    template <class... Rest>
    auto get(std::string id, Rest&&... rest) const {
        return api_.async_call(get_order(std::move(id)), std::forward<Rest>(rest)...);
    }

    // The order with this `external_id`, or nothing. The API cannot look one up: the orders that `within` asks for are
    // walked, newest first as far as is known, and the first that fits is the result; `within.created_after` keeps that
    // short. Like all orders of lists it has no `delivery_assets`. Errors: errc::invalid_argument without an id, and
    // those of walking.
    asio::awaitable<std::optional<order>> find_by_external_id(std::string external_id,
                                                              list_orders within = list_orders()) const {
        return detail::find_or_throw(api_, std::move(external_id), std::move(within));
    }

    // Buys a package or add-ons for an order. This costs money, and is never repeated on its own. Contract 3.17.
    template <class... Rest>
    auto upgrade(const upgrade_order& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // Delivers an order again with other styles. The path is inferred, see client_config::paths. Contract 3.18.
    template <class... Rest>
    auto redeliver(const redeliver_order& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // One PDF of all floor plans, or where it can be fetched. Contract 3.19.
    template <class... Rest>
    auto combined_pdf(std::string id, Rest&&... rest) const {
        return api_.async_call(get_combined_pdf(std::move(id)), std::forward<Rest>(rest)...);
    }

    // Orders a floor plan from a drawing. This costs money, and is never repeated on its own. Contract 3.20.
    template <class... Rest>
    auto redraw(const create_redraw& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

private:
    Client api_;
};

}  // namespace cubicasa
