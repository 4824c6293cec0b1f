// A certificate authority for one run. Includes OpenSSL.
#pragma once

#include <cubicasa/testing/sandbox.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace cubicasa::testing::detail {

struct free_ssl_context {
    void operator()(SSL_CTX* c) const noexcept { SSL_CTX_free(c); }
};
using ssl_context = std::unique_ptr<SSL_CTX, free_ssl_context>;

struct server_identity {
    ssl_context context;
    std::string ca_pem;
};

// Makes an authority and a certificate as the options ask for. Throws std::runtime_error.
server_identity make_identity(const sandbox_options& options);

}  // namespace cubicasa::testing::detail
