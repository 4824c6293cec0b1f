// api.change_requests(): the group Change Request as functions. Over the request structs of change_requests.hpp and the
// client's async_call.
#pragma once

#include <cubicasa/endpoints/change_requests.hpp>
#include <cubicasa/paginate.hpp>

#include <string>
#include <utility>

namespace cubicasa {

// Each function takes what the request needs, and then, as async_call does, [call_options] and [completion token].
// Errors, cancellation and threads are as client::async_call says.
template <class Client>
class change_requests_family {
public:
    explicit change_requests_family(Client api) : api_(std::move(api)) {}

    // Asks production to correct a delivered order. Contract 3.21.
    template <class... Rest>
    auto create(const create_change_request& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // Walks the change requests of an order. The path is inferred, see client_config::paths. Contract 3.22.
    async_generator<change_request> list(std::string order_id, paging how = paging()) const {
        return paginate(api_, list_change_requests(std::move(order_id)), how);
    }

    // Contract 3.23.
    template <class... Rest>
    auto get(std::string order_id, std::string id, Rest&&... rest) const {
        return api_.async_call(get_change_request(std::move(order_id), std::move(id)), std::forward<Rest>(rest)...);
    }

private:
    Client api_;
};

}  // namespace cubicasa
