// A client of a server that a test writes itself.
#pragma once

#include "client_fixture.hpp"
#include "tls_server.hpp"

#include <string>

namespace test {

struct tls_caller {
    tls_caller(const tls_server& server, const std::string& ca_pem)
        : api(context.get_executor(), config(server, ca_pem)) {}

    cc::result<cc::order> get() { return call(context, api, cc::get_order("1")); }

    static cc::client_config config(const tls_server& server, const std::string& ca_pem) {
        auto out = server.config(ca_pem);
        out.retry.max_attempts = 1;
        return out;
    }

    asio::io_context context;
    cc::client api;
};

}  // namespace test
