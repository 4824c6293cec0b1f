// One connection, accepted or made: TLS by OpenSSL over a socket, or plain. Includes Asio's sockets and OpenSSL, not
// asio/ssl.
#pragma once

#include "ssl_handles.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace cubicasa::detail {

namespace asio = boost::asio;
using boost::system::error_code;

// For one thread. All operations end at the first error; nothing throws.
class channel {
public:
    enum class side { server, client };

    // Without a context: plain.
    channel(asio::ip::tcp::socket socket, SSL_CTX* context, side ours = side::server);

    bool encrypted() const noexcept { return ssl_ != nullptr; }
    asio::ip::tcp::socket& socket() noexcept { return socket_; }

    asio::awaitable<error_code> handshake();
    bool resumed() const noexcept;
    std::string_view tls_version() const noexcept;

    // Appends what has come. asio::error::eof: the client has closed, in whatever way.
    asio::awaitable<error_code> read_some(std::string& out);
    asio::awaitable<error_code> write(std::string_view text);

    // Straight onto the socket, past TLS.
    asio::awaitable<error_code> write_raw(std::string_view text);
    // Reads and drops until the client goes.
    asio::awaitable<void> wait_for_end();

    // What has been written and has not come to the other side's machine yet.
    std::size_t under_way() noexcept;

    // Closes our side, and reads and drops until the other one is closed, too: a close with unread input resets the
    // connection, and may take the answer with it.
    asio::awaitable<void> linger();

    // Closes in order: close_notify, then the socket; does not wait for the client.
    asio::awaitable<void> shut_down();
    // The same at once, for a connection on which nothing is being written.
    void shut_down_now() noexcept;
    void reset() noexcept;
    void close() noexcept;

private:
    asio::awaitable<error_code> flush();
    asio::awaitable<void> say_good_bye();  // close_notify
    asio::awaitable<error_code> fill();

    asio::ip::tcp::socket socket_;
    ssl_ptr ssl_;
    std::array<char, 16 * 1024> input_;
};

}  // namespace cubicasa::detail
