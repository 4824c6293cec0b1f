// Downloads the files of each order when it becomes ready, or ready anew: told by webhooks, and found by polling if one
// is lost. SIGTERM or Ctrl-C: takes no event any more, handles those it has taken, and ends. The next run goes on.
//
//     CUBICASA_API_KEY=... CUBICASA_WEBHOOK_TOKEN=... 5_webhooks FOLDER PORT https://hooks.example.com
//
// Without a third argument the service is told to call this machine itself, as the sandbox can.
#include <cubicasa/cubicasa.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

namespace asio = boost::asio;

namespace {

asio::awaitable<void> download_changes(cubicasa::client api, cubicasa::webhook_receiver hooks,
                                       std::filesystem::path to) {
    cubicasa::list_orders filter;
    filter.status = {cubicasa::order_status::ready};
    cubicasa::watch_options how;
    how.webhooks = hooks;
    how.checkpoint = to / "watch";
    auto changes = cubicasa::watch(api, filter, how);
    for (;;) {
        const auto next = co_await changes.try_next();  // after an error it goes on, not before a pause
        if (next && !*next) co_return;
        if (!next) {
            const cubicasa::error& e = next.error();
            if (e == cubicasa::condition::unauthorized || e == cubicasa::condition::local_file)
                throw cubicasa::failure(e);
            std::cerr << e << std::endl;
            continue;
        }
        const cubicasa::order_change& change = **next;
        const auto folder = to / cubicasa::folder_name(change.order);
        const auto files = co_await cubicasa::async_download_assets(api, change.order, folder);
        std::cout << change.order.id << ' ' << to_string(change.kind) << ", " << files.fetched.size()
                  << " files fetched, " << files.failed.size() << " failed" << std::endl;
        // To ask for the next change is to say that this one is handled; the next run begins with it.
        if (!files.complete()) throw cubicasa::failure(files.failed.front().why);
    }
}

asio::awaitable<void> stop_gracefully(cubicasa::webhook_receiver hooks, cubicasa::webhook_listener& listener) {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    co_await signals.async_wait(asio::use_awaitable);
    co_await listener.stop(std::chrono::seconds(5));
    hooks.close();  // ends the changes behind the events that were taken
}

asio::awaitable<void> run(cubicasa::client api, cubicasa::webhook_receiver hooks, std::string url,
                          std::filesystem::path to) {
    std::vector<std::string> urls{hooks.url(url)};
    std::vector<cubicasa::webhook_trigger> triggers{cubicasa::webhook_trigger::moved_to_ready};
    co_await cubicasa::ensure_webhooks(api, urls, triggers);
    std::cout << "listening" << std::endl;
    co_await download_changes(api, hooks, to);
}

}  // namespace

int main(int count, char** arguments) try {
    if (count < 3) {
        std::cerr << "usage: 5_webhooks FOLDER PORT [URL]\n";
        return 2;
    }
    std::filesystem::create_directories(arguments[1]);
    asio::io_context context;
    const cubicasa::client api(context.get_executor(), cubicasa::client_config::from_env());
    const char* token = std::getenv("CUBICASA_WEBHOOK_TOKEN");
    const cubicasa::webhook_receiver hooks{
        cubicasa::webhook_options(token != nullptr ? cubicasa::secret(token) : cubicasa::make_webhook_token())};
    cubicasa::listener_options where;
    where.port = static_cast<unsigned short>(std::stoi(arguments[2]));
    cubicasa::webhook_listener listener(context.get_executor(), hooks, where);

    asio::co_spawn(context, stop_gracefully(hooks, listener), asio::detached);
    std::exception_ptr failure;
    auto ended = [&](std::exception_ptr e) {
        failure = e;
        context.stop();
    };
    asio::co_spawn(context, run(api, hooks, count > 3 ? arguments[3] : listener.base_url(), arguments[1]), ended);
    context.run();
    if (failure) std::rethrow_exception(failure);
    return 0;
} catch (const std::exception& e) {
    std::cerr << "5_webhooks: " << e.what() << '\n';
    return 1;
}
