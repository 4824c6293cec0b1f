// As many connections as calls in flight. Counting begins when all are open, so that the handshakes do not count.
#include "client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <exception>
#include <stdexcept>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> loop(cubicasa::client api, bench::arguments& a, bool& counting) {
    const cubicasa::raw_request request("GET", a.path);
    while (!counting || a.take()) {
        const bool counts = counting;
        const cubicasa::raw_response answer = co_await api.async_call(request);
        if (counts && answer.status == 200) ++a.done;
        if (counting || api.stats().opened < static_cast<std::uint64_t>(a.in_flight)) continue;
        counting = true;
        a.start_counting();
    }
}

}  // namespace

int main(int count, char** values) try {
    bench::arguments a(count, values);
    asio::io_context context(1);
    auto config = bench::config_of(a);
    config.pool.max_connections = static_cast<std::size_t>(a.in_flight);
    config.pool.max_connecting = config.pool.max_connections;
    const cubicasa::client api(context.get_executor(), config);
    bool counting = false;
    for (long i = 0; i < a.in_flight; ++i) asio::co_spawn(context, loop(api, a, counting), bench::must_not_fail);
    context.run();
    if (api.stats().opened != config.pool.max_connections) throw std::runtime_error("connections were replaced");
    bench::report(a);
} catch (const std::exception& e) {
    std::fprintf(stderr, "growth_connections: %s\n", e.what());
    return 1;
}
