// Batches of calls over real TLS, on one thread and on several, and contexts that go in their midst.
#include "support/client_fixture.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(batches_of_orders)

using namespace test;
using namespace std::chrono_literals;
using cc::errc;
using cc::in_flight;

namespace {

cc::batch_options options(std::size_t n, cc::batch_order order, cc::on_error what = cc::on_error::collect) {
    cc::batch_options out = in_flight(n);
    out.order = order;
    out.on_error = what;
    return out;
}
constexpr cc::batch_order both_orders[] = {cc::batch_order::completion, cc::batch_order::input};

// Pages of ten, which all fit into connections that are being made.
cc::list_orders by_ten() {
    cc::list_orders out;
    out.limit = 10;
    return out;
}

auto details(const cc::client& api) {
    return [api](const cc::order& o) { return api.orders().get(o.id); };
}

// The outcomes of a batch up to its end, or up to the first error of next().
struct seen {
    std::vector<cc::outcome<cc::order>> outcomes;
    std::vector<cc::error> errors;

    std::size_t failed() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(outcomes, [](const auto& o) { return o.result.has_error(); }));
    }
    std::vector<std::string> ids() const {
        std::vector<std::string> out;
        for (const auto& o : outcomes) out.push_back(o.id);
        return out;
    }
    std::vector<std::string> sorted_ids() const { return sorted(ids()); }
    static std::vector<std::string> sorted(std::vector<std::string> ids) {
        std::ranges::sort(ids);
        return ids;
    }
};

// Goes on after errors of the source.
asio::awaitable<seen> everything(cc::batch<cc::order>& b) {
    seen out;
    for (;;) {
        auto o = co_await b.try_next();
        if (o.has_error()) {
            out.errors.push_back(o.error());
        } else if (*o) {
            out.outcomes.push_back(std::move(**o));
        } else {
            break;
        }
    }
    co_return out;
}

void run_on_threads(asio::io_context& context, int n) {
    std::vector<std::thread> threads;
    for (int i = 0; i < n; ++i) threads.emplace_back([&] { context.run(); });
    for (auto& t : threads) t.join();
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_details_of_a_thousand_orders_are_fetched_once_each) {
    for (const auto order : both_orders) {
        client_fixture f(generated(1000));
        f.api();
        auto b = cc::for_each_bounded(f.api().orders().list(), options(64, order), details(f.api()));
        const auto got = run(f.context, everything(b));
        BOOST_TEST(got.errors.empty());
        BOOST_TEST(got.failed() == 0u);
        BOOST_TEST(got.sorted_ids() == seen::sorted(f.server.order_ids()), boost::test_tools::per_element());
        if (order == cc::batch_order::input) BOOST_TEST((got.ids() == f.server.order_ids()));
        for (const auto& o : got.outcomes) BOOST_TEST(o.result->id == o.id);
        BOOST_TEST(f.server.stats().requests_per_path.at("GET /orders/{id}") == 1000u);
    }
}

BOOST_AUTO_TEST_CASE(failed_calls_are_outcomes_with_their_error_and_their_order) {
    client_fixture f(generated(60));
    const auto broken = f.server.order_ids()[7];
    f.server.inject(fault::status(500, "{}").on("GET", "/orders/" + broken));
    auto b = cc::for_each_bounded(f.api().orders().list(), in_flight(8), details(f.api()));
    const auto got = run(f.context, everything(b));
    BOOST_TEST(got.outcomes.size() == 60u);
    BOOST_TEST(got.failed() == 1u);
    const auto bad = std::ranges::find_if(got.outcomes, [](const auto& o) { return o.result.has_error(); });
    BOOST_TEST(bad->id == broken);
    BOOST_TEST(bad->index == 7u);
    BOOST_TEST((bad->result.error() == errc::server_error));
}

BOOST_AUTO_TEST_CASE(with_stop_a_failed_call_ends_those_that_run) {
    for (const auto order : both_orders) {
        client_fixture f(generated(60));
        const auto ids = f.server.order_ids();
        f.server.inject(fault::status(500, "{}").on("GET", "/orders/" + ids[2]));
        f.server.inject(fault::never_answer().on("GET", "/orders/" + ids[0]));
        f.server.inject(fault::never_answer().on("GET", "/orders/" + ids[1]));
        auto b = cc::for_each_bounded(f.api().orders().list(), options(3, order, cc::on_error::stop), details(f.api()));
        const auto got = run(f.context, everything(b));  // would wait for deadlines otherwise
        BOOST_TEST(got.errors.empty());
        BOOST_TEST(got.failed() == 3u);
        for (const auto& o : got.outcomes) {
            if (o.index < 2) BOOST_TEST((o.result.error() == cc::condition::cancelled));
        }
        BOOST_TEST(f.api().stats().leased == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_page_that_fails_is_told_after_the_outcomes_before_it_and_is_asked_for_again) {
    for (const auto order : both_orders) {
        client_fixture f(generated(60));
        f.server.inject(fault::status(500, "{}").on("GET", "/orders").after(1).times(1));
        auto b = cc::for_each_bounded(f.api().orders().list(), options(8, order), details(f.api()));
        const auto before = [](cc::batch<cc::order>& from) -> asio::awaitable<std::size_t> {
            std::size_t n = 0;
            for (;;) {
                const auto o = co_await from.try_next();
                if (o.has_error()) {
                    BOOST_TEST((o.error() == errc::server_error));
                    co_return n;
                }
                if (*o) BOOST_TEST((*o)->result.has_value());
                ++n;
            }
        };
        BOOST_TEST(run(f.context, before(b)) == 20u);
        const auto rest = run(f.context, everything(b));
        BOOST_TEST(rest.errors.empty());
        BOOST_TEST(rest.outcomes.size() == 40u);
        BOOST_TEST(f.server.stats().requests_per_path.at("GET /orders/{id}") == 60u);
    }
}

BOOST_AUTO_TEST_CASE(with_stop_a_page_that_fails_is_told_and_the_batch_is_at_its_end) {
    client_fixture f(generated(60));
    f.server.inject(fault::status(500, "{}").on("GET", "/orders").after(1).times(1));
    auto b = cc::for_each_bounded(f.api().orders().list(), options(8, cc::batch_order::completion, cc::on_error::stop),
                                  details(f.api()));
    const auto got = run(f.context, everything(b));
    BOOST_TEST_REQUIRE(got.errors.size() == 1u);
    BOOST_TEST((got.errors[0] == errc::server_error));
    BOOST_TEST(got.outcomes.size() == 20u);
}

BOOST_AUTO_TEST_CASE(a_slow_consumer_slows_the_walk_down) {
    client_fixture f(generated(200));
    auto b = cc::for_each_bounded(f.api().orders().list(), in_flight(4), details(f.api()));
    run(f.context, b.next());
    // Four that wait for the consumer and the one he has; the page of the first order, and the page ahead.
    BOOST_TEST(f.server.stats().requests_per_path.at("GET /orders/{id}") == 5u);
    BOOST_TEST(f.server.stats().requests_per_path.at("GET /orders") == 2u);
}

BOOST_AUTO_TEST_CASE(stop_ends_calls_and_the_walk) {
    client_fixture f(generated(60));
    f.server.inject(fault::never_answer().after(1));
    auto b = cc::for_each_bounded(f.api().orders().list(by_ten()), in_flight(20), details(f.api()));
    asio::co_spawn(f.context, b.try_next(), asio::detached);
    while (f.server.stats().requests < 12) f.context.poll_one();  // two pages, and the orders of the first
    run(f.context, b.stop());
    BOOST_TEST(f.api().stats().leased == 0u);
    const auto got = run(f.context, everything(b));
    BOOST_TEST(got.errors.empty());
    BOOST_TEST(got.failed() == 9u);
    for (const auto& o : got.outcomes) BOOST_TEST((o.result.error() == cc::condition::cancelled));
}

BOOST_AUTO_TEST_CASE(destroying_a_batch_ends_calls_and_the_walk) {
    client_fixture f(generated(60));
    f.server.inject(fault::never_answer().after(1));
    std::optional b = cc::for_each_bounded(f.api().orders().list(by_ten()), in_flight(20), details(f.api()));
    std::optional<cc::error> e;
    asio::co_spawn(f.context, b->try_next(), [&](std::exception_ptr, auto r) { e = r.error(); });
    while (f.server.stats().requests < 12) f.context.poll_one();
    b.reset();
    run_out(f.context);
    BOOST_TEST(f.api().stats().leased == 0u);
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST((*e == errc::cancelled));
}

BOOST_AUTO_TEST_CASE(on_many_threads_each_order_is_fetched_once) {
    for (const auto order : both_orders) {
        client_fixture f(generated(300));
        f.api();
        seen got;
        const auto work = [](cc::client api, cc::batch_options how, seen& out) -> asio::awaitable<void> {
            auto b = cc::for_each_bounded(api.orders().list(), how, details(api));
            out = co_await everything(b);
        };
        asio::co_spawn(f.context, work(f.api(), options(32, order), got), asio::detached);
        run_on_threads(f.context, 4);
        BOOST_TEST(got.failed() == 0u);
        BOOST_TEST((got.sorted_ids() == seen::sorted(f.server.order_ids())));
        if (order == cc::batch_order::input) BOOST_TEST((got.ids() == f.server.order_ids()));
    }
}

BOOST_AUTO_TEST_CASE(on_many_threads_a_batch_can_be_stopped_at_any_moment) {
    client_fixture f(generated(100));
    f.api();
    const auto consume = [](cc::batch<cc::order>& b, seen& out) -> asio::awaitable<void> {
        out = co_await everything(b);
    };
    const auto stop_later = [](cc::batch<cc::order>& b, int steps, bool& idle) -> asio::awaitable<void> {
        for (int i = 0; i < steps; ++i) {
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        }
        co_await b.stop();
        idle = true;
    };
    for (int round = 0; round < 30; ++round) {
        std::atomic<int> begun = 0;
        const auto counted = [&, api = f.api()](const cc::order& o) {
            ++begun;
            return api.orders().get(o.id);
        };
        auto b = cc::for_each_bounded(f.api().orders().list(), in_flight(8), counted);
        seen got;
        bool idle = false;
        f.context.restart();
        asio::co_spawn(f.context, consume(b, got), asio::detached);
        asio::co_spawn(f.context, stop_later(b, 40 * round, idle), asio::detached);
        run_on_threads(f.context, 4);
        BOOST_TEST(idle);
        BOOST_TEST(got.errors.empty());
        BOOST_TEST(got.outcomes.size() >= static_cast<std::size_t>(begun));
        BOOST_TEST(f.api().stats().leased == 0u);
    }
}

BOOST_AUTO_TEST_CASE(on_many_threads_items_that_end_and_are_cancelled_at_once_are_safe) {
    asio::io_context context;
    for (int round = 0; round < 60; ++round) {
        const auto pause = [](int i) -> asio::awaitable<int> {
            for (int n = 0; n < 5; ++n) {
                asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(50 * (i % 3)));
                co_await timer.async_wait(asio::use_awaitable);
            }
            if (i == 13) throw cc::failure(cc::error(errc::not_found));
            co_return i;
        };
        const auto consume = [](cc::batch<int>& b, std::set<std::size_t>& seen) -> asio::awaitable<void> {
            while (auto o = co_await b.next()) BOOST_TEST_REQUIRE(seen.insert(o->index).second);
        };
        std::vector<int> items(100);
        for (int i = 0; i < 100; ++i) items[static_cast<std::size_t>(i)] = i;
        std::set<std::size_t> indices;
        auto b = cc::for_each_bounded(std::move(items), options(8, both_orders[round % 2], cc::on_error::stop), pause);
        context.restart();
        asio::co_spawn(context, consume(b, indices), asio::detached);
        run_on_threads(context, 4);
        BOOST_TEST_REQUIRE(!indices.empty());
        BOOST_TEST(*indices.rbegin() + 1 == indices.size());  // of all that were begun, and there is no gap
    }
}

BOOST_AUTO_TEST_CASE(the_context_may_go_in_the_midst_of_a_batch) {
    const sandbox server(generated(100));
    const auto work = [](asio::any_io_executor executor, cc::client_config config,
                         cc::batch_options how) -> asio::awaitable<void> {
        const cc::client api(executor, config);
        auto b = cc::for_each_bounded(api.orders().list(), how, details(api));
        while (auto o = co_await b.next()) BOOST_TEST(!o->id.empty());
    };
    for (int steps = 0; steps < 240; steps += 6) {
        asio::io_context context;
        const auto how =
            options(8, both_orders[steps % 4 / 2], steps % 12 == 0 ? cc::on_error::stop : cc::on_error::collect);
        asio::co_spawn(context, work(context.get_executor(), server.config(), how), asio::detached);
        for (int i = 0; i < steps; ++i) context.run_one_for(100ms);
    }
}

BOOST_AUTO_TEST_CASE(the_context_may_go_before_a_batch_that_runs) {
    const auto wait = [](int) -> asio::awaitable<int> {
        asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
        co_return 0;
    };
    std::optional<asio::io_context> context(std::in_place);
    auto b = cc::for_each_bounded(std::vector{1, 2, 3}, in_flight(2), wait);
    asio::co_spawn(*context, b.try_next(), asio::detached);
    asio::co_spawn(*context, b.stop(), asio::detached);
    context->run_one();
    context->run_one();
    context.reset();
    asio::io_context other;
    const auto first = run(other, b.try_next());
    BOOST_TEST((first->value().result.error() == errc::client_closed));
    b.request_stop();
}

BOOST_AUTO_TEST_CASE(an_item_whose_own_context_goes_has_an_outcome) {
    std::optional<asio::io_context> elsewhere(std::in_place);
    const auto wait = [&](int) -> asio::awaitable<int> {
        co_await asio::post(elsewhere->get_executor(), asio::use_awaitable);
        co_return 0;
    };
    asio::io_context context;
    auto b = cc::for_each_bounded(std::vector{1, 2}, in_flight(2), wait);
    std::vector<cc::error> errors;
    asio::co_spawn(context, b.try_next(), [&](std::exception_ptr, auto r) { errors.push_back((*r)->result.error()); });
    context.poll();
    elsewhere.reset();
    run_out(context);
    BOOST_TEST_REQUIRE(errors.size() == 1u);
    BOOST_TEST((errors[0] == errc::client_closed));
}

BOOST_AUTO_TEST_SUITE_END()
