// The unit of downloads: Beast with a buffer body, written to TARGET as it comes. No resuming, no limits.
#include "beast_stream.hpp"
#include "file.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <vector>

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

asio::awaitable<void> loop(asio::io_context& context, asio::ssl::context& tls, bench::arguments& a) {
    bench::beast_stream stream = co_await bench::connect(context, tls, a);
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
    asio::ssl::context tls = bench::trusting(a);
    asio::co_spawn(context, loop(context, tls, a), asio::detached);
    context.run();
    bench::report(a);
}
