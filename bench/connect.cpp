// Calls one after the other through one client, each on a new connection: the server has to close after each answer.
// Prints how many of them were resumed.
#include "arguments.hpp"

#include <cubicasa/cubicasa.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> loop(cubicasa::client api, bench::arguments& a) {
    const cubicasa::raw_request request("GET", a.path);
    while (a.take()) {
        const cubicasa::raw_response answer = co_await api.async_call(request);
        if (answer.status == 200) ++a.done;
    }
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    asio::io_context context(1);
    cubicasa::client_config config;
    config.base_url = "https://" + a.host + ":" + a.port;
    config.api_key = "key";
    config.tls.ca_file = a.ca_file;
    const cubicasa::client api(context.get_executor(), config);
    asio::co_spawn(context, loop(api, a), asio::detached);
    context.run();
    const cubicasa::pool_stats stats = api.stats();
    if (stats.opened != static_cast<unsigned long>(a.calls)) {
        std::fprintf(stderr, "%lu connections for %ld calls\n", stats.opened, a.calls);
        return 1;
    }
    std::printf("%lu opened, %lu resumed\n", stats.opened, stats.resumed);
    bench::report(a);
}
