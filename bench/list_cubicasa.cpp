// This library: typed calls of list_orders. PATH is "BASE/orders", where BASE belongs to the base URL.
#include "client.hpp"
#include "page_check.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> loop(cubicasa::client api, bench::arguments& a, bench::page_check& check) {
    const cubicasa::list_orders request;
    while (a.take()) {
        const auto page = co_await api.async_call(request);
        check.see(page);
        ++a.done;
    }
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    bench::page_check check;
    asio::io_context context(1);
    const cubicasa::client api(context.get_executor(), bench::config_of(a, a.path.substr(0, a.path.rfind("/orders"))));
    for (long i = 0; i < a.in_flight; ++i) asio::co_spawn(context, loop(api, a, check), bench::must_not_fail);
    context.run();
    bench::report(a);
}
