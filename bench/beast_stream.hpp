// A verified TLS connection to the server of the benchmark, for all that uses Beast.
#pragma once

#include "arguments.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bench {

namespace asio = boost::asio;

using beast_stream = asio::ssl::stream<asio::ip::tcp::socket>;

inline asio::ssl::context trusting(const arguments& a) {
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.load_verify_file(a.ca_file);
    tls.set_verify_mode(asio::ssl::verify_peer);
    return tls;
}

inline asio::awaitable<beast_stream> connect(asio::io_context& context, asio::ssl::context& tls, const arguments& a) {
    asio::ip::tcp::resolver resolver(context);
    const auto endpoints = co_await resolver.async_resolve(a.host, a.port, asio::use_awaitable);
    beast_stream stream(context, tls);
    SSL_set_tlsext_host_name(stream.native_handle(), a.host.c_str());
    stream.set_verify_callback(asio::ssl::host_name_verification(a.host));
    co_await asio::async_connect(stream.next_layer(), endpoints, asio::use_awaitable);
    stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    co_return stream;
}

}  // namespace bench
