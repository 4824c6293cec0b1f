// The coroutine client of yalantinglibs, cinatra: one kept-alive connection and one coroutine for each call in flight.
// Each call has a deadline, which is that client's default.
#include "arguments.hpp"

#include <ylt/coro_http/coro_http_client.hpp>

#include <deque>
#include <string>

namespace {

using client = coro_http::coro_http_client;

async_simple::coro::Lazy<void> make_calls(client& api, bench::arguments& a) {
    if (!api.init_ssl(asio::ssl::verify_peer, a.ca_file, a.host)) co_return;
    const auto connected = co_await api.connect("https://" + a.host + ":" + a.port);
    if (connected.net_err) co_return;
    while (a.take()) {
        api.add_header("Host", a.host);
        api.add_header("User-Agent", "yalantinglibs");
        api.add_header("Accept", "application/json");
        api.add_header("api-key", "key");
        const auto answer = co_await api.async_get(a.path);
        if (!answer.net_err && answer.status == 200 && !answer.resp_body.empty()) ++a.done;
    }
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    asio::io_context context(1);
    std::deque<client> clients;
    for (long i = 0; i < a.in_flight; ++i) {
        make_calls(clients.emplace_back(context.get_executor()), a).start([](auto&&) {});
    }
    context.run();
    bench::report(a);
}
