// The unit of downloads: Beast with a buffer body, written to TARGET as it comes. No resuming, no limits.
#include "arguments.hpp"
#include "file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <vector>

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

asio::awaitable<void> loop(asio::io_context& context, asio::ssl::context& tls, bench::arguments& a) {
    asio::ip::tcp::resolver resolver(context);
    const auto endpoints = co_await resolver.async_resolve(a.host, a.port, asio::use_awaitable);
    asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
    SSL_set_tlsext_host_name(stream.native_handle(), a.host.c_str());
    stream.set_verify_callback(asio::ssl::host_name_verification(a.host));
    co_await asio::async_connect(stream.next_layer(), endpoints, asio::use_awaitable);
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    http::request<http::empty_body> request(http::verb::get, a.path, 11);
    request.set(http::field::host, a.host);
    boost::beast::flat_buffer buffer;
    buffer.reserve(64 * 1024);
    std::vector<char> piece(64 * 1024);
    while (a.take()) {
        co_await http::async_write(stream, request, asio::use_awaitable);
        http::response_parser<http::buffer_body> parser;
        parser.body_limit(boost::none);
        co_await http::async_read_header(stream, buffer, parser, asio::use_awaitable);
        bench::file file(a.last);
        while (!parser.is_done()) {
            parser.get().body().data = piece.data();
            parser.get().body().size = piece.size();
            boost::system::error_code ec;
            co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
            if (ec && ec != http::error::need_buffer) throw boost::system::system_error(ec);
            file.write(piece.data(), piece.size() - parser.get().body().size);
        }
        if (parser.get().result_int() == 200) ++a.done;
    }
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values, "TARGET");
    asio::io_context context(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.load_verify_file(a.ca_file);
    tls.set_verify_mode(asio::ssl::verify_peer);
    asio::co_spawn(context, loop(context, tls, a), asio::detached);
    context.run();
    bench::report(a);
}
