// This library: typed calls of get_order. PATH is "BASE/orders/ID", where BASE belongs to the base URL.
#include "client.hpp"
#include "keep.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> loop(cubicasa::client api, bench::arguments& a) {
    const cubicasa::get_order request(a.path.substr(a.path.rfind('/') + 1));
    while (a.take()) {
        const cubicasa::order order = co_await api.async_call(request);
        bench::keep(order);
        if (order.id == request.id && order.delivery_assets) ++a.done;
    }
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    asio::io_context context(1);
    const cubicasa::client api(context.get_executor(), bench::config_of(a, a.path.substr(0, a.path.rfind("/orders/"))));
    for (long i = 0; i < a.in_flight; ++i) asio::co_spawn(context, loop(api, a), bench::must_not_fail);
    context.run();
    bench::report(a);
}
