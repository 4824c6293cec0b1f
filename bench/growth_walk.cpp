// Walks the list of orders under PATH again and again until CALLS orders were handed out. One walk at a time: IN_FLIGHT
// is not looked at. Counting begins when the connection is open.
#include "client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <stdexcept>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> walk_again_and_again(cubicasa::client api, bench::arguments& a) {
    cubicasa::list_orders query;
    query.limit = 100;
    while (a.done < a.calls) {
        const long before = a.done;
        auto walk = api.orders().list(query);
        while (const auto order = co_await walk.next()) ++a.done;
        if (a.done == before) throw std::runtime_error("the list is empty");
    }
}

asio::awaitable<void> measure(cubicasa::client api, bench::arguments& a) {
    const cubicasa::raw_request request("GET", "/orders?offset=0");
    const cubicasa::raw_response answer = co_await api.async_call(request);
    if (answer.status != 200) throw std::runtime_error("there is no list");
    a.start_counting();
    co_await walk_again_and_again(api, a);
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    asio::io_context context(1);
    const cubicasa::client api(context.get_executor(), bench::config_of(a, a.path));
    asio::co_spawn(context, measure(api, a), bench::must_not_fail);
    context.run();
    bench::report(a);
}
