// Downloads the files of each order when it becomes ready, or ready anew: told by webhooks, and found by polling if one
// is lost. SIGTERM or Ctrl-C: takes no event any more, handles those it has taken, and ends. The next run goes on.
//
//     CUBICASA_API_KEY=... CUBICASA_WEBHOOK_TOKEN=... 5_webhooks FOLDER PORT https://hooks.example.com
#include <boost/asio.hpp>

#include <cubicasa/cubicasa.hpp>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using cubicasa::condition;

namespace {

asio::awaitable<void> download(cubicasa::client api, cubicasa::order_change change, std::filesystem::path to) {
    const auto folder = to / cubicasa::folder_name(change.order);
    const auto files = co_await cubicasa::async_download_assets(api, change.order, folder);
    std::cout << change.order.id << ' ' << to_string(change.kind) << ", " << files.fetched.size() << " files fetched, "
              << files.failed.size() << " failed" << std::endl;
    if (!files.complete()) throw cubicasa::failure(files.failed.front().why);  // the next run begins with this change
}

asio::awaitable<void> serve(cubicasa::client api, std::filesystem::path to, int port, const char* base) {
    const auto executor = co_await asio::this_coro::executor;
    const char* token = std::getenv("CUBICASA_WEBHOOK_TOKEN");  // the same in each run: see webhook_options
    const cubicasa::webhook_receiver hooks{
        cubicasa::webhook_options(token != nullptr ? cubicasa::secret(token) : cubicasa::make_webhook_token())};
    cubicasa::listener_options where;
    where.port = static_cast<unsigned short>(port);
    cubicasa::webhook_listener listener(executor, hooks, where);
    asio::signal_set signals(executor, SIGINT, SIGTERM);
    // Answers 503 from then on, and ends the changes behind the events that were taken.
    signals.async_wait([hooks](const cubicasa::error_code&, int) { hooks.close(); });

    std::vector<std::string> urls{hooks.url(base != nullptr ? base : listener.base_url())};
    std::vector<cubicasa::webhook_trigger> triggers{cubicasa::webhook_trigger::moved_to_ready};
    co_await cubicasa::ensure_webhooks(api, urls, triggers);
    std::cout << "listening" << std::endl;

    cubicasa::list_orders filter;
    filter.status = {cubicasa::order_status::ready};
    cubicasa::watch_options how;
    how.webhooks = hooks;
    how.checkpoint = to / "watch";
    auto changes = cubicasa::watch(api, filter, how);
    for (;;) {
        const auto change = co_await changes.try_next();  // to ask for it is to say that the last one is handled
        if (change && !*change) break;
        if (change) {
            co_await download(api, **change, to);
        } else {
            const cubicasa::error& e = change.error();
            if (e == condition::unauthorized || e == condition::local_file) throw cubicasa::failure(e);
            std::cerr << e << std::endl;  // it may pass: the next call goes on, after a pause
        }
    }
    co_await listener.stop(std::chrono::seconds(5));
}

}  // namespace

int main(int count, char** arguments) try {
    if (count < 3) {
        std::cerr << "usage: 5_webhooks FOLDER PORT [URL]    (without URL: for a sandbox on this machine)\n";
        return 2;
    }
    std::filesystem::create_directories(arguments[1]);
    asio::thread_pool threads(1);
    const cubicasa::client api(threads.get_executor(), cubicasa::client_config::from_env());
    asio::co_spawn(threads, serve(api, arguments[1], std::stoi(arguments[2]), arguments[3]), asio::use_future).get();
    return 0;
} catch (const std::exception& e) {
    std::cerr << "5_webhooks: " << e.what() << '\n';
    return 1;
}
