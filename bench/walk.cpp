// How long a walk over PAGES pages of the sandbox takes: the server needs DELAY ms for each, and the consumer as well.
// Usage: walk PAGES DELAY ahead|serial
#include <cubicasa/cubicasa.hpp>
#include <cubicasa/testing/sandbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr long page_size = 20;

asio::awaitable<long> walk(cubicasa::client api, bool ahead, std::chrono::milliseconds delay) {
    cubicasa::list_orders query;
    query.limit = page_size;
    cubicasa::paging how;
    how.read_ahead = ahead;
    asio::steady_timer work(api.get_executor());
    auto orders = api.orders().list(query, how);
    long seen = 0;
    while (auto order = co_await orders.next()) {
        if (++seen % page_size != 0) continue;
        work.expires_after(delay);
        co_await work.async_wait(asio::use_awaitable);
    }
    co_return seen;
}

}  // namespace

int main(int count, char** values) {
    const std::string_view how = count == 4 ? values[3] : "";
    if (how != "ahead" && how != "serial") {
        std::fprintf(stderr, "usage: %s PAGES DELAY ahead|serial\n", values[0]);
        return 2;
    }
    const long orders = std::atol(values[1]) * page_size;
    const std::chrono::milliseconds delay(std::atol(values[2]));
    cubicasa::testing::sandbox_options options;
    options.examples = false;
    options.orders = static_cast<std::size_t>(orders);
    cubicasa::testing::sandbox server(options);
    server.inject(cubicasa::testing::fault::delay(delay));
    asio::io_context context(1);
    const cubicasa::client api(context.get_executor(), server.config());
    long seen = 0;
    const auto begin = steady_clock::now();
    asio::co_spawn(context, walk(api, how == "ahead", delay), [&](const std::exception_ptr& e, long n) {
        if (e) std::rethrow_exception(e);
        seen = n;
    });
    context.run();
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - begin);
    std::printf("%ld orders in %lld us\n", seen, static_cast<long long>(took.count()));
    return seen == orders ? 0 : 1;
}
