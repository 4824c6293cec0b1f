// The unit: a careful loop of Beast. Kept-alive connections, one coroutine each, no pool, no deadline, no retries.
#pragma once

#include "arguments.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;

// `use(body)` is what is done with each answer.
template <class Use>
asio::awaitable<void> beast_connection(asio::io_context& context, asio::ssl::context& tls, arguments& a, Use use) {
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
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.load_verify_file(a.ca_file);
    tls.set_verify_mode(asio::ssl::verify_peer);
    for (long i = 0; i < a.in_flight; ++i) {
        asio::co_spawn(context, beast_connection(context, tls, a, use), asio::detached);
    }
    context.run();
    report(a);
}

}  // namespace bench
