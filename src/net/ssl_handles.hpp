// OpenSSL's objects as owning pointers.
#pragma once

#include <openssl/ssl.h>

#include <memory>

namespace cubicasa::detail {

struct ssl_free {
    void operator()(SSL* p) const noexcept { SSL_free(p); }
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
    void operator()(SSL_SESSION* p) const noexcept { SSL_SESSION_free(p); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_free>;
using ssl_context_ptr = std::unique_ptr<SSL_CTX, ssl_free>;
using ssl_session_ptr = std::unique_ptr<SSL_SESSION, ssl_free>;

}  // namespace cubicasa::detail
