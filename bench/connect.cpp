// Calls one after the other through one client, each on a new connection: the server has to close after each answer.
// Prints how many of them were resumed.
#include "client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;

int main(int count, char** values) {
    bench::arguments a(count, values);
    asio::io_context context(1);
    const cubicasa::client api(context.get_executor(), bench::config_of(a));
    asio::co_spawn(context, bench::make_calls(api, a), bench::must_not_fail);
    context.run();
    const cubicasa::pool_stats stats = api.stats();
    if (stats.opened != static_cast<unsigned long>(a.calls)) {
        std::fprintf(stderr, "%lu connections for %ld calls\n", stats.opened, a.calls);
        return 1;
    }
    std::printf("%lu opened, %lu resumed\n", stats.opened, stats.resumed);
    bench::report(a);
}
