// The unit: a careful loop of Beast. Kept-alive connections, one coroutine each, no pool, no deadline, no retries.
#pragma once

#include "beast_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace bench {

namespace http = boost::beast::http;

// `use(body)` is what is done with each answer.
template <class Use>
asio::awaitable<void> beast_connection(asio::io_context& context, asio::ssl::context& tls, arguments& a, Use use) {
    beast_stream stream = co_await connect(context, tls, a);
    http::request<http::empty_body> request(http::verb::get, a.path, 11);
    request.set(http::field::host, a.host);
    request.set(http::field::user_agent, "beast");
    request.set(http::field::accept, "application/json");
    request.set("api-key", "key");
    boost::beast::flat_buffer buffer;
    buffer.reserve(16 * 1024);
    while (a.take()) {
        co_await http::async_write(stream, request, asio::use_awaitable);
        http::response<http::string_body> response;
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
        if (response.result_int() != 200) continue;
        use(response.body());
        ++a.done;
    }
}

template <class Use>
[[noreturn]] void beast_loop(int count, char** values, Use use) {
    arguments a(count, values);
    asio::io_context context(1);
    asio::ssl::context tls = trusting(a);
    for (long i = 0; i < a.in_flight; ++i) {
        asio::co_spawn(context, beast_connection(context, tls, a, use), asio::detached);
    }
    context.run();
    report(a);
}

}  // namespace bench
