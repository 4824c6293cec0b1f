// Downloads the files of all orders that are ready, each order into a folder of its own. Interrupted by Ctrl-C or
// killed, the next run goes on; what is complete is not fetched again, unless it was delivered anew.
//
//     CUBICASA_API_KEY=... 4_everything_ready plans
#include <cubicasa/cubicasa.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <filesystem>
#include <iostream>

namespace asio = boost::asio;

namespace {

struct totals {
    std::size_t orders = 0, fetched = 0, skipped = 0, failed = 0;
    bool interrupted = false;
};

asio::awaitable<void> download_all(cubicasa::client api, std::filesystem::path to, totals& all) {
    cubicasa::list_orders query;
    query.status = {cubicasa::order_status::ready};
    auto fetch = [&api, &to](cubicasa::order order) -> asio::awaitable<cubicasa::assets_report> {
        const std::filesystem::path folder = to / cubicasa::folder_name(order);
        co_return co_await cubicasa::async_download_assets(api, std::move(order), folder);
    };
    auto orders = cubicasa::for_each_bounded(api.orders().list(query), cubicasa::in_flight(8), fetch);

    asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    signals.async_wait([&](const cubicasa::error_code& ec, int) {
        all.interrupted = all.interrupted || !ec;
        if (!ec) orders.request_stop();  // what runs is cancelled; its outcomes still come below
    });
    while (auto order = co_await orders.next()) {
        ++all.orders;
        if (order->result) {
            all.fetched += order->result->fetched.size();
            all.skipped += order->result->skipped.size();
            all.failed += order->result->failed.size();
            for (const auto& file : order->result->failed) std::cerr << '\n' << file.path << ": " << file.why << '\n';
        } else if (!(order->result.error() == cubicasa::condition::cancelled)) {
            ++all.failed;
            std::cerr << '\n' << order->result.error() << '\n';
        }
        std::cout << '\r' << all.orders << " orders, " << all.fetched << " files fetched, " << all.skipped
                  << " were here, " << all.failed << " failed " << std::flush;
    }
    std::cout << '\n';
}

void rethrow(std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
}

}  // namespace

int main(int count, char** arguments) try {
    if (count != 2) {
        std::cerr << "usage: 4_everything_ready FOLDER\n";
        return 2;
    }
    asio::io_context context;
    const cubicasa::client api(context.get_executor(), cubicasa::client_config::from_env());
    totals all;
    asio::co_spawn(context, download_all(api, arguments[1], all), rethrow);
    context.run();
    return all.interrupted ? 130 : all.failed > 0 ? 6 : 0;
} catch (const std::exception& e) {
    std::cerr << "4_everything_ready: " << e.what() << '\n';
    return 1;
}
