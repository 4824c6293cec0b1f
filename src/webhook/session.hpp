// One connection of a webhook_listener: reads requests within their limits, and answers. Includes Asio's sockets,
// OpenSSL and Beast's parser.
#pragma once

#include <cubicasa/webhook_listener.hpp>

#include "../net/channel.hpp"
#include "event_request.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cubicasa::detail {

// Runs on the strand that is its socket's executor; all members but strand() and the constructor are for there.
class webhook_session : public std::enable_shared_from_this<webhook_session> {
public:
    // Without a context: plain. The context and the options must outlive the session.
    webhook_session(asio::ip::tcp::socket socket, SSL_CTX* context, webhook_receiver hooks,
                    const listener_options& limits);

    const asio::any_io_executor& strand() const noexcept { return strand_; }

    // To the end of the connection.
    asio::awaitable<void> run();

    // Ends it at once.
    void cut() noexcept { channel_.close(); }
    // Ends it behind the request that has begun.
    void end_soon() noexcept;

private:
    // Reads until the parser has come behind the head, or behind the body if it is eager.
    asio::awaitable<error_code> read(event_request& request);
    // What the request is to be answered; nothing if the connection has ended.
    asio::awaitable<std::optional<webhook_reply>> take(event_request& request);
    // `unread`: the sender has more to send. A close with input that nobody has read resets the connection, and may
    // take the answer with it.
    asio::awaitable<void> end(bool unread);
    void close_after(std::chrono::milliseconds time);

    const asio::any_io_executor strand_;
    channel channel_;
    asio::steady_timer timer_;
    const webhook_receiver hooks_;
    const listener_options& limits_;
    std::string input_;  // has come, and is not parsed yet
    bool idle_ = false;
    bool ending_ = false;
};

}  // namespace cubicasa::detail
