// webhook_listener: a small HTTP server for a webhook_receiver, for programs that have none. Includes no HTTP library.
#pragma once

#include <cubicasa/secret.hpp>
#include <cubicasa/webhook.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace cubicasa {

class listener_options {
public:
    listener_options() {}

    std::string address = "127.0.0.1";  // "0.0.0.0" or "::" for every interface
    unsigned short port = 0;            // 0: any free one
    // PEM files. Both empty: HTTP without TLS, for a reverse proxy on this machine.
    std::string certificate_file;
    std::string private_key_file;
    std::size_t max_connections = 256;               // for one more, the oldest is closed
    std::size_t header = 8 * 1024;                   // bytes
    std::chrono::milliseconds request_time{10'000};  // for the handshake, and for each request until its answer is out
    std::chrono::milliseconds idle_time{30'000};     // between two requests of a connection
};

// Serves from the constructor to close() or the destructor, on the executor, which may have several threads. Requests
// that are not for the receiver are answered with 404, and those that cannot be taken before their body is read. The
// members may be called from any thread. Must not outlive the execution context.
class webhook_listener {
public:
    // Throws `failure`: errc::invalid_configuration, or the code of the system, with the address or path.
    webhook_listener(boost::asio::any_io_executor executor, webhook_receiver receiver,
                     listener_options options = listener_options());
    ~webhook_listener();
    webhook_listener(const webhook_listener&) = delete;
    webhook_listener& operator=(const webhook_listener&) = delete;

    unsigned short port() const noexcept;
    // "https://localhost:PORT" or "http://127.0.0.1:PORT", for tests; the service needs a public name.
    std::string base_url() const;
    std::size_t connections() const;

    // Accepts no connection any more, and closes those that wait for a request; answers what has come in part, but no
    // longer than `limit`. True if none had to be cut off. Cancelling it ends the wait only. Once at a time.
    boost::asio::awaitable<bool> stop(std::chrono::milliseconds limit);

    // Ends everything at once.
    void close() noexcept;

    class impl;

private:
    std::shared_ptr<impl> impl_;
};

}  // namespace cubicasa
