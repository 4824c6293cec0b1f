// A plain synchronous HTTPS client of Beast and asio::ssl, for tests of the sandbox that must not depend on ours.
#pragma once

#include <cubicasa/testing/sandbox.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/json.hpp>

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace test {

namespace asio = boost::asio;
namespace json = boost::json;
using boost::system::error_code;

inline constexpr std::string_view base_path = "/api/integrate/v3";

struct reply {
    error_code ec;
    int status = 0;
    bool keep_alive = false;
    std::vector<int> interim;
    cubicasa::testing::header_list headers;
    std::string body;

    json::value parsed() const;
    // The first of this name, compared without case; empty if there is none.
    std::string header(std::string_view name) const;
};

struct free_session {
    void operator()(SSL_SESSION* s) const noexcept { SSL_SESSION_free(s); }
};
using session_ptr = std::unique_ptr<SSL_SESSION, free_session>;

// One connection, which verifies the server's certificate for "localhost" against the sandbox's authority.
class plain_client {
public:
    explicit plain_client(const cubicasa::testing::sandbox& server, SSL_SESSION* resume = nullptr);
    ~plain_client();
    plain_client(const plain_client&) = delete;
    plain_client& operator=(const plain_client&) = delete;

    error_code connect_tcp();
    error_code handshake();
    error_code connect();  // both

    long verify_result();

    // In the format of ALPN: each name behind its length.
    void offer_protocols(std::string_view names);
    std::string agreed_protocol();

    // Adds the key and the type unless they are empty.
    error_code send(std::string_view method, std::string_view target, std::string_view body = {},
                    std::string_view content_type = "application/json", std::string_view key = "sandbox-key");
    // Sends this as it is.
    error_code send_text(std::string_view text);
    reply receive();

    // Connects if need be; the target is relative to the base URL.
    reply call(std::string_view method, std::string_view target, std::string_view body = {},
               std::string_view content_type = "application/json", std::string_view key = "sandbox-key");

    // What is read until the server ends the connection, and how it does.
    error_code read_to_end(std::string& out);

    // True if nothing comes within that time.
    bool silent_for(std::chrono::milliseconds time);

    // Sends close_notify, so that the session may be used again.
    session_ptr end();

    asio::ip::tcp::socket& socket();
    std::size_t surplus() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace test
