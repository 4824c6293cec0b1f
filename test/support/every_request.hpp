// One request of each operation, a raw one and a ping, with secrets wherever a secret may be. Their types are erased,
// so that what makes every call is compiled once.
#pragma once

#include "client_fixture.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace test {

inline const std::string password = "p4ssw0rd-of-a-user";
inline const std::string token = "t0ken-in-a-url";

// What became of a call.
struct ending {
    bool failed = false;
    cc::error error;  // none for a ping that found nobody
};

struct any_request {
    using callback = std::function<void(ending)>;
    using starter = std::function<cc::detail::call_handle(const cc::client&, const cc::call_options&, const callback&)>;

    std::string_view name;
    starter start;

    // To its end.
    ending call(asio::io_context& context, const cc::client& api,
                const cc::call_options& options = cc::call_options()) const;
};

std::vector<any_request> every_request();

// For what needs no more than one.
any_request one_request();

}  // namespace test
