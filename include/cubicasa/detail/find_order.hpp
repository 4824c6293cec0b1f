// Looking an order up by `external_id`, which the API cannot do, and creating drafts that way only once. Includes
// paginate.hpp and the requests.
#pragma once

#include <cubicasa/endpoints/drafts.hpp>
#include <cubicasa/endpoints/orders.hpp>
#include <cubicasa/paginate.hpp>

#include <optional>
#include <string>
#include <utility>

// g++ 12 sees a coroutine's frame, which Asio frees, as memory of another function, and says so in the user's code.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace cubicasa::detail {

template <class Client>
asio::awaitable<result<std::optional<order>>> find_by_external_id(Client api, std::string external_id,
                                                                  list_orders within) {
    if (external_id.empty()) co_return error(errc::invalid_argument, "external_id: is required");
    // A smaller page would only be asked for more often; what the server allows at most is not public.
    if (!within.limit) within.limit = 100;
    paging how;
    how.overlap = 1;  // a skipping server must not hide the order
    auto walk = paginate(std::move(api), std::move(within), how);
    for (;;) {
        result<std::optional<order>> next = co_await walk.try_next();
        if (!next) co_return next.error();
        if (!*next || (*next)->info.external_id == external_id) co_return std::move(*next);
    }
}

template <class Client>
asio::awaitable<std::optional<order>> find_or_throw(Client api, std::string external_id, list_orders within) {
    auto found = co_await find_by_external_id(std::move(api), std::move(external_id), std::move(within));
    co_return std::move(found).value();
}

template <class Client>
asio::awaitable<order> create_or_find(Client api, create_draft request, list_orders within) {
    const std::string id = request.external_id ? *request.external_id : std::string();
    auto found = co_await find_by_external_id(api, id, within);
    if (!found) throw failure(found.error());
    if (*found) co_return std::move(**found);

    auto made = co_await api.async_call(request, as_result(asio::use_awaitable));
    if (made) co_return std::move(*made);
    error e = made.error();
    const bool unclear = e.delivery == delivery::maybe_processed || e == condition::server_error;
    if (!unclear || e == condition::cancelled) throw failure(std::move(e));
    found = co_await find_by_external_id(std::move(api), id, std::move(within));
    if (found && *found) co_return std::move(**found);
    e.message.append(e.message.empty() ? "" : "; ")
        .append(found ? "no order with this external_id was found afterwards"
                      : "looking for it afterwards failed as well");
    e.delivery = delivery::maybe_processed;
    throw failure(std::move(e));
}

}  // namespace cubicasa::detail

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
