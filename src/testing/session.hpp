// One connection of the sandbox, from its handshake to its end. Includes Beast.
#pragma once

#include "server.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace cubicasa::testing::detail {

class server::session {
public:
    session(server& owner, asio::ip::tcp::socket socket);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // The coroutine owns the session.
    static asio::awaitable<void> run(std::unique_ptr<session> self);

    void end_idle() noexcept { channel_.shut_down_now(); }

private:
    using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    asio::awaitable<void> serve();
    asio::awaitable<bool> start();
    // False: the client is gone, or what it sent is no request and has been answered.
    asio::awaitable<bool> read(parser& request);
    // False: the connection has been closed.
    asio::awaitable<bool> respond(const parser& request);
    asio::awaitable<error_code> send(response_text& answer, const fault_effects& effects);
    asio::awaitable<void> pause(std::chrono::milliseconds time);

    server& owner_;
    channel channel_;
    std::string input_;
    std::string output_;  // the portion that is being sent
    std::uint64_t number_ = 0;
    std::size_t answered_ = 0;
};

}  // namespace cubicasa::testing::detail
