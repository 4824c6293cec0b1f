// This library: CALLS at once, each on a connection of its own, and then the heap in use while all of them are idle.
// The server has to answer slowly: a connection that is free again before the last one is made would be used twice.
#include "client.hpp"
#include "heap.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> once(cubicasa::client api, bench::arguments& a) {
    const cubicasa::raw_request request("GET", a.path);
    const cubicasa::raw_response answer = co_await api.async_call(request);
    if (answer.status == 200) ++a.done;
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    const auto connections = static_cast<std::size_t>(a.calls);
    asio::io_context context(1);
    auto config = bench::config_of(a);
    config.pool.max_connections = connections;
    config.pool.max_connecting = connections;  // none can resume a session of another, like those of the peer
    const cubicasa::client api(context.get_executor(), config);
    while (a.take()) asio::co_spawn(context, once(api, a), bench::must_not_fail);
    context.run();
    const cubicasa::pool_stats stats = api.stats();
    if (stats.idle != connections || stats.opened != connections || stats.resumed != 0) {
        std::fprintf(stderr, "%lu idle, %lu opened, %lu resumed\n", stats.idle, stats.opened, stats.resumed);
        return 1;
    }
    std::printf("%zu bytes of heap\n", bench::heap_in_use());
    bench::report(a);
}
