// What all TLS connections to one origin share: trust, settings, and the sessions that later connections resume.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/result.hpp>

#include "origin.hpp"
#include "ssl_handles.hpp"

#include <deque>
#include <memory>
#include <mutex>

namespace cubicasa::detail {

// Thread-safe.
class tls_context {
public:
    // errc::invalid_configuration when a CA file or text cannot be read.
    static result<std::shared_ptr<tls_context>> create(const tls_options& options, origin to);

    // A client side for one connection: SNI, host name to verify, ALPN, and a session to resume if there is one.
    // Null when out of memory.
    ssl_ptr make_ssl();

private:
    explicit tls_context(origin to) : origin_(std::move(to)) {}
    static int on_new_session(SSL* ssl, SSL_SESSION* session);

    origin origin_;
    ssl_context_ptr context_;
    std::mutex mutex_;
    std::deque<ssl_session_ptr> sessions_;
};

// Why the handshake of `ssl` failed, as an error that was never sent. Takes OpenSSL's error queue.
error handshake_error(SSL* ssl, const origin& to);

}  // namespace cubicasa::detail
