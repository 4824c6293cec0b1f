// A long run of calls against a server that does everything wrong that it can, one time in a hundred each, and at the
// end the books: every call must have an outcome, and no outcome may say what the server's log does not.
// Usage: soak [CALLS [IN_FLIGHT]], by default 1,000,000 and 64. Ends with 0 only if all is well.
#include "soak_server.hpp"

#include <cubicasa/cubicasa.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <unistd.h>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using cubicasa::condition;
using cubicasa::delivery;

namespace {

constexpr std::size_t order_count = 1000;
constexpr double fault_probability = 0.01;
constexpr std::uint32_t orders_of_a_page = 20;

enum class outcome : std::uint8_t { none, done, never_sent, maybe_processed, refused, answered };

// VmRSS or VmHWM of this process, in KiB.
long memory(const std::string& name) {
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.starts_with(name + ":")) return std::strtol(line.c_str() + name.size() + 1, nullptr, 10);
    }
    return 0;
}

struct books {
    explicit books(std::uint32_t n) : outcomes(n, outcome::none), carried_out(n, 0) {}

    std::uint32_t calls() const noexcept { return static_cast<std::uint32_t>(outcomes.size()); }

    std::vector<outcome> outcomes;
    std::vector<std::uint8_t> carried_out;  // how often, by the server's log
    std::map<std::string, std::uint64_t> failures;
    std::uint64_t wrong = 0;  // answers that belong to another call, and errors that no fault explains
    std::uint32_t next = 0;
    std::vector<long> memory_at;  // after each tenth
};

bool explained(const cubicasa::error& e) {
    return e == condition::network || e == condition::timeout || e == condition::server_error ||
           e == condition::throttled || e == condition::bad_answer;
}

template <class T, class Check>
outcome judge(books& all, const cubicasa::result<T>& r, Check good) {
    if (r) {
        if (!good(*r)) {
            ++all.wrong;
            std::cout << "an answer that belongs to another call\n";
        }
        return outcome::done;
    }
    const cubicasa::error& e = r.error();
    ++all.failures[e.code.message() + " [" + std::string(to_string(e.delivery)) + "]"];
    if (!explained(e)) {
        ++all.wrong;
        std::cout << "unexplained: " << e << '\n';
    }
    return e.delivery == delivery::never_sent        ? outcome::never_sent
           : e.delivery == delivery::maybe_processed ? outcome::maybe_processed
           : e.http_status / 100 == 4                ? outcome::refused
                                                     : outcome::answered;
}

cubicasa::create_draft draft_number(std::uint32_t n) {
    cubicasa::create_draft draft("1 Elm", "Austin", "United States", "ben@agency.example");
    draft.external_id = "soak-" + std::to_string(n);
    return draft;
}

bool is_draft_number(const cubicasa::order& o, std::uint32_t n) {
    return o.info.external_id == "soak-" + std::to_string(n);
}

bool makes_a_draft(std::uint32_t n) { return n % 10 == 1; }
bool changes_a_draft(std::uint32_t n) { return n % 10 == 2; }

// Six of ten calls read an order, two a page, one makes a draft and one changes a draft.
asio::awaitable<outcome> call(cubicasa::client api, books& all, const std::vector<std::string>& ids,
                              const std::string& draft, std::uint32_t n) {
    cubicasa::call_options options;
    if (n % 100 == 50) options.total = std::chrono::milliseconds(n / 100 % 5);  // given up at some moment
    const auto token = cubicasa::as_result(asio::use_awaitable);
    if (makes_a_draft(n)) {
        const auto r = co_await api.async_call(draft_number(n), options, token);
        co_return judge(all, r, [n](const cubicasa::order& o) { return is_draft_number(o, n); });
    }
    if (changes_a_draft(n)) {
        const cubicasa::update_draft change(draft, draft_number(n));
        const auto r = co_await api.async_call(change, options, token);
        co_return judge(all, r, [n](const cubicasa::order& o) { return is_draft_number(o, n); });
    }
    if (n % 5 == 3) {
        cubicasa::list_orders query;
        query.limit = orders_of_a_page;
        const auto r = co_await api.async_call(query, options, token);
        co_return judge(all, r, [](const auto& page) { return page.items.size() == orders_of_a_page; });
    }
    const std::string& id = ids[n % ids.size()];
    const auto r = co_await api.async_call(cubicasa::get_order(id), options, token);
    co_return judge(all, r, [&](const cubicasa::order& o) { return o.id == id; });
}

asio::awaitable<void> worker(cubicasa::client api, books& all, const std::vector<std::string>& ids,
                             const std::string& draft) {
    while (all.next < all.calls()) {
        const std::uint32_t n = all.next++;
        all.outcomes[n] = co_await call(api, all, ids, draft, n);
        if ((n + 1) % std::max(1U, all.calls() / 10) == 0) all.memory_at.push_back(memory("VmRSS"));
    }
}

asio::awaitable<void> prepare(cubicasa::client api, std::vector<std::string>& ids, std::string& draft) {
    cubicasa::list_orders query;
    query.limit = 100;
    auto walk = api.orders().list(query);
    while (auto order = co_await walk.next()) ids.push_back(order->id);
    const cubicasa::create_draft request("1 Elm", "Austin", "United States", "ben@agency.example");
    const cubicasa::order made = co_await api.drafts().create(request);
    draft = made.id;
}

void rethrow(std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
}

struct verdict {
    std::uint64_t lost = 0;         // calls without an outcome; done by their outcome, and not by the log
    std::uint64_t duplicated = 0;   // drafts made twice by one call
    std::uint64_t unexplained = 0;  // carried out, although never sent or refused by the outcome; and books::wrong
};

verdict balance(const books& all) {
    verdict v;
    v.unexplained = all.wrong;
    for (std::uint32_t n = 0; n < all.calls(); ++n) {
        const outcome o = all.outcomes[n];
        const unsigned times = all.carried_out[n];
        if (o == outcome::none) ++v.lost;
        if (makes_a_draft(n) && times > 1) ++v.duplicated;
        if (!makes_a_draft(n) && !changes_a_draft(n)) continue;
        if (o == outcome::done && times == 0) ++v.lost;
        if ((o == outcome::never_sent || o == outcome::refused) && times > 0) ++v.unexplained;
    }
    return v;
}

int run(std::uint32_t calls, unsigned in_flight) {
    soak::server server(order_count, fault_probability);
    auto config = server.config();
    config.pool.max_connections = 32;
    config.timeouts.handshake = 500ms;
    config.timeouts.first_byte = 500ms;
    config.limits.body = 1024 * 1024;
    config.retry.base = 1ms;
    config.retry.max_pause = 20ms;
    config.retry.budget = 1e9;
    books all(calls);
    asio::io_context context(1);
    std::vector<std::string> ids;
    std::string draft;
    cubicasa::pool_stats seen;
    {
        const cubicasa::client api(context.get_executor(), config);
        asio::co_spawn(context, prepare(api, ids, draft), rethrow);
        context.run();
        server.begin_faults();
        for (unsigned i = 0; i < in_flight; ++i) asio::co_spawn(context, worker(api, all, ids, draft), rethrow);
        context.restart();
        context.run();  // returns by itself, or the soak hangs and is found out
        seen = api.stats();
    }
    server.read_log([&](const soak::log_entry& e) {
        if (e.number < all.calls()) ++all.carried_out[e.number];
    });

    const verdict v = balance(all);
    const auto done = std::count(all.outcomes.begin(), all.outcomes.end(), outcome::done);
    std::cout << calls << " calls, " << done << " done, " << calls - done << " failed:\n";
    for (const auto& [what, times] : all.failures) std::cout << "  " << times << "  " << what << '\n';
    std::cout << "server: " << server.requests() << " requests, " << server.faults() << " faults, at most "
              << server.peak_connections() << " connections\n"
              << "client: " << seen.opened << " connections opened, " << seen.resumed << " resumed, " << seen.failed
              << " failed, " << seen.stale << " stale, " << seen.retried << " repetitions\n";
    const bool leaked = seen.leased != 0 || seen.waiting != 0 || seen.connecting != 0 || seen.held != 0;
    const long growth = all.memory_at.size() < 2 ? 0 : all.memory_at.back() - all.memory_at.front();
    std::cout << "left in use: " << seen.leased + seen.connecting << ", left waiting: " << seen.waiting + seen.held
              << '\n'
              << "peak memory: " << memory("VmHWM") << " KiB, growth from the first to the last tenth: " << growth
              << " KiB\n"
              << "lost: " << v.lost << ", duplicated: " << v.duplicated << ", unexplained: " << v.unexplained << '\n';
    return v.lost + v.duplicated + v.unexplained == 0 && !leaked ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) try {
    const long calls = count > 1 ? std::atol(arguments[1]) : 1'000'000;
    const long in_flight = count > 2 ? std::atol(arguments[2]) : 64;
    if (calls < 10 || calls > 1'000'000'000 || in_flight < 1 || in_flight > 100'000) {
        std::cerr << "usage: soak [CALLS [IN_FLIGHT]]\n";
        return 2;
    }
    return run(static_cast<std::uint32_t>(calls), static_cast<unsigned>(in_flight));
} catch (const std::exception& e) {
    std::cerr << "soak: " << e.what() << '\n';
    return 1;
}
