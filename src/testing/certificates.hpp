// A certificate authority for one run. Includes OpenSSL.
#pragma once

#include <cubicasa/testing/sandbox.hpp>

#include "../net/ssl_handles.hpp"

#include <string>

namespace cubicasa::testing::detail {

using cubicasa::detail::ssl_context_ptr;

struct server_identity {
    ssl_context_ptr context;
    std::string ca_pem;
};

// Makes an authority and a certificate as the options ask for. Throws std::runtime_error.
server_identity make_identity(const sandbox_options& options);

}  // namespace cubicasa::testing::detail
