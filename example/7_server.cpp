// A server that asks the API: GET /orders/ID tells the status of an order. A call takes 2 s at most, and ends when its
// client leaves. SIGTERM or Ctrl-C: what has been asked is answered, within 5 s, and the server ends.
//     CUBICASA_API_KEY=... 7_server PORT
#include <cubicasa/cubicasa.hpp>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/beast.hpp>

#include <iostream>
#include <set>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::as_tuple, asio::use_awaitable, asio::ip::tcp, boost::beast::tcp_stream;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

struct server {
    cubicasa::client api;
    tcp::acceptor acceptor;
    std::set<tcp_stream*> waiting = {};  // for a request

    asio::awaitable<void> serve(tcp_stream peer) {
        for (std::string read; acceptor.is_open();) {
            auto buffer = asio::dynamic_buffer(read, 16 * 1024);  // each operation has its own
            http::request<http::empty_body> query;
            peer.expires_after(30s);  // for one who sends nothing
            waiting.insert(&peer);
            const auto [ec, n] = co_await http::async_read(peer, buffer, query, as_tuple(use_awaitable));
            if (waiting.erase(&peer); ec) co_return;
            peer.expires_after(30s);  // for one who does not read
            http::response<http::string_body> reply(http::status::not_found, query.version());
            if (query.method() == http::verb::get && query.target().starts_with("/orders/")) {
                auto call = api.orders().get(query.target().substr(8), cubicasa::as_result(use_awaitable));
                // What comes before the answer is the next request. An end, or more than the buffer takes, ends all.
                auto more = asio::async_read(peer, asio::dynamic_buffer(read, 16 * 1024), as_tuple(use_awaitable));
                const auto got = co_await (std::move(call) || std::move(more));
                if (got.index() == 1) co_return;
                const cubicasa::result<cubicasa::order>& order = std::get<0>(got);
                if (order) reply.body() = std::string(order->info.status.str()) + '\n';
                reply.result(order                                             ? http::status::ok
                             : order.error() == cubicasa::condition::not_found ? http::status::not_found
                             : order.error() == cubicasa::condition::timeout   ? http::status::gateway_timeout
                                                                               : http::status::bad_gateway);
            }
            reply.keep_alive(query.keep_alive() && acceptor.is_open());
            reply.prepare_payload();
            co_await http::async_write(peer, reply, use_awaitable);
            if (!reply.keep_alive()) co_return;
        }
    }

    asio::awaitable<void> listen() {
        while (acceptor.is_open()) {  // also when there is no descriptor left, after a pause
            auto [ec, socket] = co_await acceptor.async_accept(as_tuple(use_awaitable));
            if (!ec) asio::co_spawn(acceptor.get_executor(), serve(tcp_stream(std::move(socket))), asio::detached);
            co_await asio::steady_timer(acceptor.get_executor(), ec ? 100ms : 0ms).async_wait(use_awaitable);
        }
    }
};

int main(int count, char** arguments) {
    asio::io_context context(1);
    auto config = cubicasa::client_config::from_env();
    config.timeouts.total = 2s;
    const auto port = static_cast<unsigned short>(std::stoi(count > 1 ? arguments[1] : "0"));
    server s{{context.get_executor(), config}, {context, {asio::ip::address_v4::loopback(), port}}};
    asio::co_spawn(context, s.listen(), asio::detached);
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](auto, int) { context.stop(); });
    std::cout << "http://" << s.acceptor.local_endpoint() << std::endl;
    context.run();
    s.acceptor.close();
    for (boost::system::error_code ec; auto* peer : s.waiting)
        if (peer->socket().available(ec) == 0) peer->cancel();
    context.restart();
    context.run_for(5s);  // less if all is answered before
}
