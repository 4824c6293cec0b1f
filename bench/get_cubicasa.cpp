// This library: typed calls of get_order. PATH is "BASE/orders/ID", where BASE belongs to the base URL.
#include "arguments.hpp"
#include "keep.hpp"

#include <cubicasa/cubicasa.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
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
    cubicasa::client_config config;
    config.base_url = "https://" + a.host + ":" + a.port + a.path.substr(0, a.path.rfind("/orders/"));
    config.api_key = "key";
    config.tls.ca_file = a.ca_file;
    const cubicasa::client api(context.get_executor(), config);
    for (long i = 0; i < a.in_flight; ++i) asio::co_spawn(context, loop(api, a), asio::detached);
    context.run();
    bench::report(a);
}
