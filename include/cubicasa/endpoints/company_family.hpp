// api.company(): the group Company as functions. Over the request structs of company.hpp and the client's async_call.
#pragma once

#include <cubicasa/endpoints/company.hpp>

#include <utility>

namespace cubicasa {

// Each function takes what the request needs, and then, as async_call does, [call_options] and [completion token].
// Errors, cancellation and threads are as client::async_call says.
template <class Client>
class company_family {
public:
    explicit company_family(Client api) : api_(std::move(api)) {}

    // The company that the API key belongs to. Contract 3.1.
    template <class... Rest>
    auto get(Rest&&... rest) const {
        return api_.async_call(cubicasa::get_company(), std::forward<Rest>(rest)...);
    }

    // Replaces where and when the server calls, and makes sure that it says so. Contract 3.2.
    template <class... Rest>
    auto update_webhooks(const cubicasa::update_webhooks& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // Ends all calls of webhooks. The path is inferred, see client_config::paths. Contract 3.3.
    template <class... Rest>
    auto delete_webhook(Rest&&... rest) const {
        return api_.async_call(cubicasa::delete_webhook(), std::forward<Rest>(rest)...);
    }

    // The packages and add-ons of the company. The path is inferred, see client_config::paths. Contract 3.4.
    template <class... Rest>
    auto package(Rest&&... rest) const {
        return api_.async_call(cubicasa::get_company_package(), std::forward<Rest>(rest)...);
    }

    // Asks another company to merge. The path is inferred, see client_config::paths. Contract 3.5.
    template <class... Rest>
    auto send_merge_request(raw_json body, Rest&&... rest) const {
        return api_.async_call(cubicasa::send_merge_request(std::move(body)), std::forward<Rest>(rest)...);
    }

private:
    Client api_;
};

}  // namespace cubicasa
