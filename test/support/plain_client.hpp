// A plain synchronous HTTPS client of Beast and asio::ssl, for tests of the sandbox that must not depend on ours.
#pragma once

#include <cubicasa/testing/sandbox.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;
using boost::system::error_code;

inline constexpr std::string_view base_path = "/api/integrate/v3";

struct reply {
    error_code ec;
    int status = 0;
    bool keep_alive = false;
    std::vector<int> interim;
    http::fields headers;
    std::string body;

    json::value parsed() const { return json::parse(body); }
    std::string header(std::string_view name) const {
        const auto value = headers[boost::beast::string_view(name.data(), name.size())];
        return std::string(value.data(), value.size());
    }
};

struct free_session {
    void operator()(SSL_SESSION* s) const noexcept { SSL_SESSION_free(s); }
};
using session_ptr = std::unique_ptr<SSL_SESSION, free_session>;

// One connection, which verifies the server's certificate for "localhost" against the sandbox's authority.
class plain_client {
public:
    explicit plain_client(const cubicasa::testing::sandbox& server, SSL_SESSION* resume = nullptr)
        : port_(server.port()), tls_(trusting(server.ca_pem())), stream_(context_, tls_) {
        SSL_set1_host(stream_.native_handle(), "localhost");
        if (resume != nullptr) SSL_set_session(stream_.native_handle(), resume);
    }

    error_code connect_tcp() {
        error_code ec;
        const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), port_);
        stream_.next_layer().connect(where, ec);
        return ec;
    }

    error_code connect() {
        const error_code ec = connect_tcp();
        return ec ? ec : handshake();
    }

    error_code handshake() {
        error_code ec;
        stream_.handshake(asio::ssl::stream_base::client, ec);
        return ec;
    }

    long verify_result() { return SSL_get_verify_result(stream_.native_handle()); }

    // In the format of ALPN: each name behind its length.
    void offer_protocols(std::string_view names) {
        SSL_set_alpn_protos(stream_.native_handle(), reinterpret_cast<const unsigned char*>(names.data()),
                            static_cast<unsigned>(names.size()));
    }

    std::string agreed_protocol() {
        const unsigned char* name = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(stream_.native_handle(), &name, &size);
        return std::string(reinterpret_cast<const char*>(name), size);
    }

    // Adds the key and the type unless they are empty.
    error_code send(std::string_view method, std::string_view target, std::string_view body = {},
                    std::string_view content_type = "application/json", std::string_view key = "sandbox-key") {
        std::string text(method);
        text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
        if (!key.empty()) text.append("api-key: ").append(key).append("\r\n");
        if (!body.empty()) {
            if (!content_type.empty()) text.append("Content-Type: ").append(content_type).append("\r\n");
            text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
        }
        text.append("\r\n").append(body);
        error_code ec;
        asio::write(stream_, asio::buffer(text), ec);
        return ec;
    }

    reply receive() {
        reply out;
        for (;;) {
            http::response_parser<http::string_body> parser;
            parser.header_limit(limit);
            parser.body_limit(limit);
            http::read(stream_, buffer_, parser, out.ec);
            out.status = static_cast<int>(parser.get().result_int());
            if (!out.ec && out.status < 200) {
                out.interim.push_back(out.status);
                continue;
            }
            out.keep_alive = !out.ec && parser.keep_alive();
            out.headers = parser.get();
            out.body = std::move(parser.get().body());
            return out;
        }
    }

    // Connects if need be; the target is relative to the base URL.
    reply call(std::string_view method, std::string_view target, std::string_view body = {},
               std::string_view content_type = "application/json", std::string_view key = "sandbox-key") {
        reply out;
        if (!stream_.lowest_layer().is_open()) out.ec = connect();
        if (!out.ec) out.ec = send(method, std::string(base_path) + std::string(target), body, content_type, key);
        return out.ec ? out : receive();
    }

    // What is read until the server ends the connection, and how it does.
    error_code read_to_end(std::string& out) {
        char block[4096];
        for (;;) {
            error_code ec;
            const std::size_t size = stream_.read_some(asio::buffer(block), ec);
            out.append(block, size);
            if (ec) return ec;
        }
    }

    // True if nothing comes within that time.
    bool silent_for(std::chrono::milliseconds time) {
        ::pollfd waiting{stream_.lowest_layer().native_handle(), POLLIN, 0};
        return ::poll(&waiting, 1, static_cast<int>(time.count())) == 0;
    }

    // Sends close_notify, so that the session may be used again.
    session_ptr end() {
        SSL_shutdown(stream_.native_handle());
        session_ptr session(SSL_get1_session(stream_.native_handle()));
        error_code ignored;
        stream_.lowest_layer().close(ignored);
        return session;
    }

    asio::ip::tcp::socket& socket() { return stream_.next_layer(); }
    std::size_t surplus() const { return buffer_.size(); }

private:
    static constexpr std::uint32_t limit = 64 * 1024 * 1024;

    static asio::ssl::context trusting(const std::string& ca_pem) {
        asio::ssl::context tls(asio::ssl::context::tls_client);
        tls.add_certificate_authority(asio::buffer(ca_pem));
        tls.set_verify_mode(asio::ssl::verify_peer);
        return tls;
    }

    unsigned short port_;
    asio::io_context context_;
    asio::ssl::context tls_;
    asio::ssl::stream<asio::ip::tcp::socket> stream_;
    boost::beast::flat_buffer buffer_;
};

}  // namespace test
