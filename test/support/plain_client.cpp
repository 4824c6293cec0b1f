// See the header.
#include "plain_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <poll.h>

namespace http = boost::beast::http;

namespace test {

namespace {

constexpr std::uint32_t limit = 64 * 1024 * 1024;

asio::ssl::context trusting(const std::string& ca_pem) {
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.add_certificate_authority(asio::buffer(ca_pem));
    tls.set_verify_mode(asio::ssl::verify_peer);
    return tls;
}

}  // namespace

json::value reply::parsed() const { return json::parse(body); }

std::string reply::header(std::string_view name) const {
    for (const auto& [field, value] : headers) {
        if (boost::beast::iequals(field, boost::beast::string_view(name.data(), name.size()))) return value;
    }
    return {};
}

struct plain_client::impl {
    impl(unsigned short p, const std::string& ca_pem) : port(p), tls(trusting(ca_pem)), stream(context, tls) {}

    unsigned short port;
    asio::io_context context;
    asio::ssl::context tls;
    asio::ssl::stream<asio::ip::tcp::socket> stream;
    boost::beast::flat_buffer buffer;
};

plain_client::plain_client(const cubicasa::testing::sandbox& server, SSL_SESSION* resume)
    : impl_(std::make_unique<impl>(server.port(), server.ca_pem())) {
    SSL_set1_host(impl_->stream.native_handle(), "localhost");
    if (resume != nullptr) SSL_set_session(impl_->stream.native_handle(), resume);
}

plain_client::~plain_client() = default;

error_code plain_client::connect_tcp() {
    error_code ec;
    const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), impl_->port);
    impl_->stream.next_layer().connect(where, ec);
    return ec;
}

error_code plain_client::handshake() {
    error_code ec;
    impl_->stream.handshake(asio::ssl::stream_base::client, ec);
    return ec;
}

error_code plain_client::connect() {
    const error_code ec = connect_tcp();
    return ec ? ec : handshake();
}

long plain_client::verify_result() { return SSL_get_verify_result(impl_->stream.native_handle()); }

void plain_client::offer_protocols(std::string_view names) {
    SSL_set_alpn_protos(impl_->stream.native_handle(), reinterpret_cast<const unsigned char*>(names.data()),
                        static_cast<unsigned>(names.size()));
}

std::string plain_client::agreed_protocol() {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(impl_->stream.native_handle(), &name, &size);
    return std::string(reinterpret_cast<const char*>(name), size);
}

error_code plain_client::send(std::string_view method, std::string_view target, std::string_view body,
                              std::string_view content_type, std::string_view key) {
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n");
    if (!key.empty()) text.append("api-key: ").append(key).append("\r\n");
    if (!body.empty()) {
        if (!content_type.empty()) text.append("Content-Type: ").append(content_type).append("\r\n");
        text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    }
    text.append("\r\n").append(body);
    return send_text(text);
}

error_code plain_client::send_text(std::string_view text) {
    error_code ec;
    asio::write(impl_->stream, asio::buffer(text.data(), text.size()), ec);
    return ec;
}

reply plain_client::receive() {
    reply out;
    for (;;) {
        http::response_parser<http::string_body> parser;
        parser.header_limit(limit);
        parser.body_limit(limit);
        http::read(impl_->stream, impl_->buffer, parser, out.ec);
        out.status = static_cast<int>(parser.get().result_int());
        if (!out.ec && out.status < 200) {
            out.interim.push_back(out.status);
            continue;
        }
        out.keep_alive = !out.ec && parser.keep_alive();
        for (const auto& field : parser.get()) out.headers.emplace_back(field.name_string(), field.value());
        out.body = std::move(parser.get().body());
        return out;
    }
}

reply plain_client::call(std::string_view method, std::string_view target, std::string_view body,
                         std::string_view content_type, std::string_view key) {
    reply out;
    if (!impl_->stream.lowest_layer().is_open()) out.ec = connect();
    if (!out.ec) out.ec = send(method, std::string(base_path) + std::string(target), body, content_type, key);
    return out.ec ? out : receive();
}

error_code plain_client::read_to_end(std::string& out) {
    char block[4096];
    for (;;) {
        error_code ec;
        const std::size_t size = impl_->stream.read_some(asio::buffer(block), ec);
        out.append(block, size);
        if (ec) return ec;
    }
}

bool plain_client::silent_for(std::chrono::milliseconds time) {
    ::pollfd waiting{impl_->stream.lowest_layer().native_handle(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) == 0;
}

session_ptr plain_client::end() {
    SSL_shutdown(impl_->stream.native_handle());
    session_ptr session(SSL_get1_session(impl_->stream.native_handle()));
    error_code ignored;
    impl_->stream.lowest_layer().close(ignored);
    return session;
}

asio::ip::tcp::socket& plain_client::socket() { return impl_->stream.next_layer(); }

std::size_t plain_client::surplus() const { return impl_->buffer.size(); }

}  // namespace test
