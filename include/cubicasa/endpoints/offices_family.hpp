// api.offices(): the group Office as functions. Over the request structs of offices.hpp and the client's async_call.
#pragma once

#include <cubicasa/endpoints/offices.hpp>
#include <cubicasa/paginate.hpp>

#include <utility>

namespace cubicasa {

// Each function takes what the request needs, and then, as async_call does, [call_options] and [completion token].
// Errors, cancellation and threads are as client::async_call says.
template <class Client>
class offices_family {
public:
    explicit offices_family(Client api) : api_(std::move(api)) {}

    // Walks the offices. The path is inferred, see client_config::paths. Contract 3.6.
    async_generator<office> list(list_offices query = list_offices(), paging how = paging()) const {
        return paginate(api_, std::move(query), how);
    }

    // Goes on where a walk over the same query was. errc::invalid_cursor comes from the first next() otherwise.
    async_generator<office> list(list_offices query, const cursor& from, paging how = paging()) const {
        return paginate(api_, std::move(query), how, from);
    }

    // One more office. The path is inferred, see client_config::paths. Contract 3.7.
    template <class... Rest>
    auto create(const create_office& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

private:
    Client api_;
};

}  // namespace cubicasa
