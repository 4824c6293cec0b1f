// api.goto_scan(): the group GoToScan as functions. Over the request structs of goto_scan.hpp and the client's
// async_call.
#pragma once

#include <cubicasa/endpoints/goto_scan.hpp>

#include <utility>

namespace cubicasa {

// Each function takes what the request needs, and then, as async_call does, [call_options] and [completion token].
// Errors, cancellation and threads are as client::async_call says.
template <class Client>
class goto_scan_family {
public:
    explicit goto_scan_family(Client api) : api_(std::move(api)) {}

    // An order for a scan by somebody else. The path is inferred, see client_config::paths. Contract 3.27.
    template <class... Rest>
    auto create(raw_json body, Rest&&... rest) const {
        return api_.async_call(create_goto_scan_order(std::move(body)), std::forward<Rest>(rest)...);
    }

private:
    Client api_;
};

}  // namespace cubicasa
