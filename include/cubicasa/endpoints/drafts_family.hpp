// api.drafts(): the group Draft Orders as functions. Over the request structs of drafts.hpp and the client's
// async_call.
#pragma once

#include <cubicasa/detail/find_order.hpp>
#include <cubicasa/endpoints/drafts.hpp>
#include <cubicasa/endpoints/orders.hpp>

#include <string>
#include <utility>

namespace cubicasa {

// Each function takes what the request needs, and then, as async_call does, [call_options] and [completion token].
// create_or_find needs several requests, and gives an awaitable instead, for which co_spawn takes a token.
// Errors, cancellation and threads are as client::async_call says.
template <class Client>
class drafts_family {
public:
    explicit drafts_family(Client api) : api_(std::move(api)) {}

    // A draft, and one more each time: see create_or_find(). Contract 3.24.
    template <class... Rest>
    auto create(const create_draft& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // Changes a draft. Contract 3.25.
    template <class... Rest>
    auto update(const update_draft& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // Deletes a draft. The path is inferred, see client_config::paths. Contract 3.26.
    template <class... Rest>
    auto remove(std::string order_id, Rest&&... rest) const {
        return api_.async_call(delete_draft(std::move(order_id)), std::forward<Rest>(rest)...);
    }

    // Creates the draft unless there is an order with its `external_id`, which is then the result; so it may be called
    // again after any failure, and by a program that was started again. The API has no look-up by `external_id`: the
    // orders that `within` asks for are walked, before, and once more when nobody knows whether the draft was made.
    //
    // Errors: errc::invalid_argument without an `external_id`; those of create_draft and of walking. One with
    // delivery::maybe_processed means that the draft was not found either, and may still appear: call again later.
    // Cancelling can have created the draft.
    asio::awaitable<order> create_or_find(create_draft request, list_orders within = list_orders()) const {
        return detail::create_or_find(api_, std::move(request), std::move(within));
    }

private:
    Client api_;
};

}  // namespace cubicasa
