// A TLS server whose every step a test can write itself, for what the sandbox and nginx do not do. OpenSSL on blocking
// sockets, one connection after the other.
#pragma once

#include <cubicasa/config.hpp>

#include <testing/certificates.hpp>

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace test {

using cubicasa::testing::detail::server_identity;

// Of an authority of its own, with a certificate for localhost.
server_identity new_identity();

// Reads requests from a connection and answers each with an order, until the client goes.
void answer_with_orders(SSL* connection);
// The head of one request; false when the client has gone.
bool read_request(SSL* connection);
void send_order(SSL* connection);

class tls_server {
public:
    // `context` gives what the connection with this number, counted from 1, is to be made with. `serve` is called
    // after a handshake that went well.
    tls_server(std::function<SSL_CTX*(int)> context, std::function<void(SSL*)> serve);
    ~tls_server();
    tls_server(const tls_server&) = delete;
    tls_server& operator=(const tls_server&) = delete;

    cubicasa::client_config config(const std::string& ca_pem) const;

    int refused() const noexcept { return refused_; }  // handshakes that failed
    int resumed() const noexcept { return resumed_; }
    int served() const noexcept { return served_; }

private:
    void run();

    std::function<SSL_CTX*(int)> context_;
    std::function<void(SSL*)> serve_;
    int listener_ = -1;
    unsigned short port_ = 0;
    std::atomic<bool> ending_{false};
    std::atomic<int> connection_{-1};  // the one that is served
    std::atomic<int> refused_{0};
    std::atomic<int> resumed_{0};
    std::atomic<int> served_{0};
    std::thread thread_;
};

}  // namespace test
