// This library: raw requests, whose bodies nobody looks at.
#include "client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;

int main(int count, char** values) {
    bench::arguments a(count, values);
    asio::io_context context(1);
    const cubicasa::client api(context.get_executor(), bench::config_of(a));
    for (long i = 0; i < a.in_flight; ++i) asio::co_spawn(context, bench::make_calls(api, a), bench::must_not_fail);
    context.run();
    bench::report(a);
}
