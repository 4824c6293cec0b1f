// Everything that the library does today, in some seconds and without an account: a sandbox with a thousand orders in
// this process, a client that talks to it over real TLS, a webhook that it calls, and a check that the figures add up.
#include <cubicasa/cubicasa.hpp>
#include <cubicasa/testing/sandbox.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace testing = cubicasa::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t order_count = 1000;
constexpr std::int64_t page_size = 50;
constexpr std::size_t in_flight = 32;
constexpr std::size_t connection_cap = 32;

int wrong_figures = 0;

void check(bool right, std::string_view what) {
    if (right) return;
    std::cout << "WRONG: " << what << '\n';
    ++wrong_figures;
}

// For coroutines that nobody awaits: what they throw leaves through context.run().
void rethrow(std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
}

// 1. Walk the list: page by page, while the next page is read ahead.

struct inventory {
    std::size_t orders = 0;
    std::set<std::string> ids;
    std::map<std::string, std::size_t, std::less<>> by_status;
    std::vector<std::string> ready;
};

asio::awaitable<void> walk_all(cubicasa::client api, inventory& seen) {
    cubicasa::list_orders query;
    query.limit = page_size;
    auto walk = api.orders().list(query);
    while (auto order = co_await walk.next()) {
        ++seen.orders;
        ++seen.by_status[std::string(order->info.status.str())];
        if (order->info.status == cubicasa::order_status::ready) seen.ready.push_back(order->id);
        seen.ids.insert(std::move(order->id));
    }
}

// 2. Fetch details: each of these coroutines takes the next id from the list, until there is none left.

struct details {
    std::size_t next = 0;
    std::size_t fetched = 0;
    std::size_t files = 0;
    std::optional<cubicasa::order> upgradable;
};

asio::awaitable<void> fetch_details(cubicasa::client api, const std::vector<std::string>& ids, details& all) {
    while (all.next < ids.size()) {
        cubicasa::order order = co_await api.orders().get(ids[all.next++]);
        ++all.fetched;
        all.files += cubicasa::assets(order).size();
        const auto& packages = order.info.product.purchasable_package_types;
        if (!all.upgradable && packages && !packages->empty()) all.upgradable = std::move(order);
    }
}

// 3. Buy something.

asio::awaitable<void> upgrade(cubicasa::client api, cubicasa::order order) {
    cubicasa::upgrade_order request(order.id);
    request.package_type = order.info.product.purchasable_package_types->back();
    const cubicasa::order bought = co_await api.orders().upgrade(request);
    std::cout << "Upgrade   order " << bought.id << " from " << order.info.product.package_type << " to "
              << bought.info.product.package_type << '\n';
    check(bought.info.product.package_type == *request.package_type, "the package is not the one that was bought");
}

// 4. Download all files of some orders, each order into a folder of its own.

struct files {
    std::size_t orders = 0;
    std::size_t fetched = 0;
    std::size_t skipped = 0;
    std::size_t failed = 0;
    std::uint64_t bytes = 0;
};

asio::awaitable<void> download_all(cubicasa::client api, std::vector<std::string> ids, std::filesystem::path to,
                                   files& all) {
    auto fetch = [&api, &to](std::string id) -> asio::awaitable<cubicasa::assets_report> {
        const std::filesystem::path folder = to / id;
        co_return co_await cubicasa::async_download_assets(api, std::move(id), folder);
    };
    auto outcomes = cubicasa::for_each_bounded(std::move(ids), cubicasa::in_flight(8), fetch);
    while (auto order = co_await outcomes.next()) {
        const cubicasa::assets_report report = std::move(order->result).value();
        ++all.orders;
        all.fetched += report.fetched.size();
        all.skipped += report.skipped.size();
        all.failed += report.failed.size();
        for (const auto& one : report.fetched) all.bytes += one.file.bytes;
    }
}

// Twice: first while every third answer with a file is cut off, and then once more.
void show_downloads(testing::sandbox& server, const std::vector<std::string>& ready) {
    const std::vector<std::string> ids(ready.begin(), ready.begin() + std::min<std::ptrdiff_t>(20, std::ssize(ready)));
    const auto to = std::filesystem::temp_directory_path() / ("cubicasa-demo-" + std::to_string(server.port()));
    asio::io_context context;
    const cubicasa::client api(context.get_executor(), server.config());
    server.inject(testing::fault::reset_after(3000).on("GET", "/files/").with_probability(1. / 3));
    files first;
    asio::co_spawn(context, download_all(api, ids, to, first), rethrow);
    context.run();
    const auto cut = server.stats().faults;
    server.clear_faults();
    files again;
    asio::co_spawn(context, download_all(api, ids, to, again), rethrow);
    context.restart();
    context.run();
    std::cout << "Files     " << first.fetched << " files of " << first.orders << " orders, " << first.bytes / 1024
              << " KiB, although " << cut << " answers were cut off; the second time " << again.skipped
              << " were here, and " << again.fetched << " were fetched\n";
    std::size_t wrong = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(to)) {
        if (entry.path().extension() == ".part") ++wrong;
    }
    std::filesystem::remove_all(to);
    check(first.orders == ids.size() && first.fetched > 100 && first.failed == 0, "not all files were fetched");
    check(again.skipped == first.fetched && again.fetched == 0, "a file was fetched twice");
    check(wrong == 0, "a part of a file is left");
    check(cut > 0, "no answer was cut off");
}

// 5. Send an order back, and hear from a webhook that it is ready again.

asio::awaitable<void> show_webhook(testing::sandbox& server, cubicasa::client api, std::string id) {
    const auto executor = co_await asio::this_coro::executor;
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    cubicasa::webhook_listener listener(executor, hooks);
    asio::steady_timer patience(executor, 10s);
    patience.async_wait([hooks](const cubicasa::error_code&) { hooks.close(); });  // ends the events, should none come

    std::vector<std::string> urls{hooks.url(listener.base_url())};
    std::vector<cubicasa::webhook_trigger> triggers{cubicasa::webhook_trigger::moved_to_ready};
    co_await cubicasa::ensure_webhooks(api, urls, triggers);
    const cubicasa::create_change_request complaint(id, "The door is on the left.");
    co_await api.change_requests().create(complaint);  // from here on the sandbox acts on its own: see production_time

    auto events = hooks.events();
    const auto event = co_await events.next();
    check(event.has_value(), "no webhook came");
    if (!event) co_return;
    const cubicasa::order_change change = co_await cubicasa::confirm(api, *event);
    std::cout << "Webhook   order " << event->id << " sent back by a change request; a POST to " << listener.base_url()
              << " said " << event->previous_status.value_or(cubicasa::order_status("?")) << " -> "
              << event->current_status << "; read from the API: " << change.order.info.status << ", a "
              << to_string(change.kind) << ", " << cubicasa::assets(change.order).size() << " files\n";
    check(event->id == id && change.kind == cubicasa::change_kind::fix, "the webhook told of something else");
    check(server.webhook_calls().size() == 1 && hooks.stats().accepted == 1, "not one webhook was called");
    co_await listener.stop(1s);
}

// 6. Errors: each call here fails, and its error says in one sentence why, and what the server may have done.

template <class Endpoint>
asio::awaitable<void> expect(cubicasa::condition kind, std::string_view what, cubicasa::client api, Endpoint request,
                             cubicasa::call_options options = cubicasa::call_options()) {
    const auto outcome = co_await api.async_call(request, options, cubicasa::as_result(asio::use_awaitable));
    std::cout << "  " << what << '\n';
    if (outcome.has_error()) std::cout << "      " << outcome.error() << '\n';
    check(outcome.has_error() && outcome.error() == kind, "this did not end as it should");
}

asio::awaitable<void> expect_distrust(std::string_view what, testing::certificate_kind kind, cubicasa::get_order get) {
    testing::sandbox_options options;
    options.certificate = kind;
    const testing::sandbox impostor(options);
    const cubicasa::client api(co_await asio::this_coro::executor, impostor.config());
    co_await expect(cubicasa::condition::network, what, api, get);
    check(impostor.stats().requests == 0, "something was sent to a server that is not trusted");
}

asio::awaitable<void> show_errors(testing::sandbox& server, std::string id) {
    using cubicasa::condition;
    using testing::fault;
    const auto executor = co_await asio::this_coro::executor;
    cubicasa::client_config config = server.config();
    config.retry.base = 10ms;
    const cubicasa::client api(executor, config);
    const cubicasa::get_order get(id);
    std::cout << "Errors    what happened, and what the library says\n";

    config.api_key = "not-the-key";
    const cubicasa::client stranger(executor, config);
    co_await expect(condition::unauthorized, "wrong API key", stranger, get);

    const cubicasa::get_order unknown("00000000-0000-0000-0000-000000000000");
    co_await expect(condition::not_found, "an id that does not exist", api, unknown);

    const cubicasa::create_redraw no_city("1 Main St", "", "Finland", "https://files.example/plan.pdf");
    co_await expect(condition::invalid, "a required field is missing", api, no_city);

    cubicasa::upgrade_order unheard_of(id);
    unheard_of.add_ons = {cubicasa::add_on("swimming_pool")};
    co_await expect(condition::invalid, "the server finds a field wrong", api, unheard_of);

    // All calls of a client keep silent then, so this is one of its own.
    const cubicasa::client eager(executor, server.config());
    server.inject(fault::status(429, R"({"message": "slow down"})", {{"Retry-After", "3600"}}).times(1));
    co_await expect(condition::throttled, "too many requests, and an hour to wait", eager, get);

    server.inject(fault::status(500, R"({"message": "internal error"})").times(4));
    co_await expect(condition::server_error, "the server fails, again and again", api, get);

    server.inject(fault::html().times(1));
    co_await expect(condition::bad_answer, "status 200, but a web page", api, get);

    server.inject(fault::broken_json().times(1));
    co_await expect(condition::bad_answer, "status 200, but JSON that breaks off", api, get);

    server.inject(fault::truncate_after(100).times(4));
    co_await expect(condition::network, "answers that are cut short", api, get);

    server.inject(fault::truncate_after(100).times(1));
    const cubicasa::order order = co_await api.async_call(get);
    std::cout << "  one answer that is cut short: the read is repeated\n      order " << order.id << '\n';

    cubicasa::upgrade_order purchase(id);
    purchase.add_ons = {cubicasa::add_on::gla};
    server.inject(fault::close_before_answer().times(1));
    co_await expect(condition::network, "a purchase without an answer: it is not repeated", api, purchase);

    cubicasa::call_options hurry;
    hurry.total = 200ms;
    server.inject(fault::never_answer().times(1));
    co_await expect(condition::timeout, "no answer within the deadline", api, get, hurry);

    config = server.config();
    {
        const testing::sandbox gone;
        config.base_url = gone.base_url();
    }
    const cubicasa::client nobody(executor, config);
    co_await expect(condition::network, "nobody listens there", nobody, get);

    co_await expect_distrust("a certificate of an unknown authority", testing::certificate_kind::untrusted, get);
    co_await expect_distrust("a certificate that is out of date", testing::certificate_kind::expired, get);
    co_await expect_distrust("a certificate for another host", testing::certificate_kind::wrong_name, get);
}

}  // namespace

int main() try {
    testing::sandbox_options options;
    options.orders = order_count;
    options.examples = false;        // the contract's own two orders, which would come on top
    options.production_time = 50ms;  // what is sent back is ready again after this
    testing::sandbox server(options);
    std::cout << "Sandbox   " << order_count << " orders at " << server.base_url() << '\n';

    asio::io_context context;
    cubicasa::client_config config = server.config();
    config.pool.max_connections = connection_cap;
    const cubicasa::client api(context.get_executor(), config);

    inventory seen;
    asio::co_spawn(context, walk_all(api, seen), rethrow);
    context.run();  // returns after the last call
    std::cout << "Walk      " << seen.orders << " orders, " << seen.orders - seen.ids.size()
              << " of them twice; by status:";
    for (const auto& [status, count] : seen.by_status) std::cout << ' ' << count << ' ' << status;
    std::cout << '\n';

    details all;
    for (std::size_t i = 0; i < in_flight; ++i) {
        asio::co_spawn(context, fetch_details(api, seen.ready, all), rethrow);
    }
    context.restart();
    context.run();
    std::cout << "Details   " << all.fetched << " ready orders, " << in_flight << " at a time: " << all.files
              << " files to download\n";

    check(all.upgradable.has_value(), "no order can be upgraded");
    if (all.upgradable) asio::co_spawn(context, upgrade(api, *all.upgradable), rethrow);
    context.restart();
    context.run();

    const cubicasa::pool_stats pool = api.stats();
    const testing::sandbox_stats served = server.stats();
    std::cout << "Pool      " << served.requests << " requests, " << pool.reused
              << " of them on a connection used before; " << pool.opened << " connections opened, " << pool.resumed
              << " of them with a resumed TLS session; at most " << pool.peak << " open at once, " << connection_cap
              << " allowed\n";

    check(seen.orders == order_count, "not all orders were seen");
    check(seen.ids.size() == seen.orders, "an order was seen twice");
    check(all.fetched == seen.ready.size() && all.fetched > 0, "not every ready order was fetched");
    check(pool.peak <= connection_cap && served.peak_connections <= connection_cap, "more connections than allowed");
    check(served.requests == order_count / page_size + all.fetched + 1, "requests that nobody asked for");
    check(pool.opened + pool.reused >= served.requests, "connections and requests do not add up");

    show_downloads(server, seen.ready);

    asio::co_spawn(context, show_webhook(server, api, seen.ready.back()), rethrow);
    context.restart();
    context.run();

    asio::co_spawn(context, show_errors(server, seen.ready.front()), rethrow);
    context.restart();
    context.run();

    std::cout << (wrong_figures == 0 ? "\nAll figures add up.\n" : "\nThe figures do not add up.\n");
    return wrong_figures == 0 ? 0 : 1;
} catch (const std::exception& e) {
    std::cout.flush();
    std::cerr << "demo: " << e.what() << '\n';
    return 1;
}
