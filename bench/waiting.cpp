// The heap that a call takes which waits for a connection. The only connection is to a server that never answers.
// Usage: waiting CALLS callbacks|coroutines
#include "heap.hpp"

#include <cubicasa/cubicasa.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace asio = boost::asio;

namespace {

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::_Exit(1);
}

asio::awaitable<void> one(const cubicasa::client& api, const cubicasa::raw_request& request) {
    co_await api.async_call(request);
    fail("a call has ended");
}

// Begins so many calls, and returns when all of them are in line.
void queue(asio::io_context& context, const cubicasa::client& api, std::size_t calls, bool coroutines) {
    const cubicasa::raw_request request("GET", "/small");
    const std::size_t wanted = api.stats().waiting + calls;
    for (std::size_t i = 0; i < calls; ++i) {
        if (coroutines) {
            asio::co_spawn(context, one(api, request), asio::detached);
        } else {
            api.start(request, cubicasa::call_options(), [](const auto&) { fail("a call has ended"); });
        }
    }
    while (api.stats().waiting != wanted) {
        if (context.run_one_for(std::chrono::seconds(10)) == 0) fail("the calls do not wait");
    }
}

}  // namespace

int main(int count, char** values) {
    const std::string_view how = count == 3 ? values[2] : "";
    if (how != "callbacks" && how != "coroutines") {
        std::fprintf(stderr, "usage: %s CALLS callbacks|coroutines\n", values[0]);
        return 2;
    }
    const std::size_t calls = std::strtoul(values[1], nullptr, 10);
    asio::io_context context(1);
    // Nobody accepts: the system itself completes a connect.
    const asio::ip::tcp::acceptor silent(context, {asio::ip::address_v4::loopback(), 0});
    cubicasa::client_config config;
    config.base_url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    config.api_key = "key";
    config.pool.max_connections = 1;
    const cubicasa::client api(context.get_executor(), config);
    // What is made once, the connection, and a line that others can join.
    api.start(cubicasa::raw_request("GET", "/small"), cubicasa::call_options(), [](const auto&) { fail("an answer"); });
    while (api.stats().leased != 1) {
        if (context.run_one_for(std::chrono::seconds(10)) == 0) fail("no connection");
    }
    queue(context, api, 100, how == "coroutines");
    const std::size_t before = bench::heap_in_use();
    queue(context, api, calls, how == "coroutines");
    std::printf("%zu bytes of heap\n", bench::heap_in_use() - before);
    std::fflush(stdout);
    std::_Exit(0);
}
