// Walking lists of orders over real TLS.
#include "support/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <exception>
#include <set>
#include <thread>
#include <vector>

using namespace test;
using namespace std::chrono_literals;
using cc::errc;
using cc::testing::paging_style;

namespace {

sandbox_options listing(std::size_t n, paging_style style = paging_style::exact) {
    auto o = with_orders(n);
    o.examples = false;
    o.paging = style;
    return o;
}

// The ids that a walk hands out, up to `most`.
asio::awaitable<std::vector<std::string>> take(cc::async_generator<cc::order>& walk, std::size_t most = SIZE_MAX) {
    std::vector<std::string> out;
    while (out.size() < most) {
        auto o = co_await walk.next();
        if (!o) break;
        out.push_back(o->id);
    }
    co_return out;
}

// The error that a walk ends with, and how many orders came before.
asio::awaitable<std::pair<cc::error, int>> failing(cc::async_generator<cc::order>& walk) {
    int n = 0;
    for (;;) {
        auto o = co_await walk.try_next();
        if (o.has_error()) co_return std::pair(o.error(), n);
        if (!*o) co_return std::pair(cc::error(), n);
        ++n;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(walks)

BOOST_AUTO_TEST_CASE(a_walk_hands_out_every_order_once_in_the_order_of_the_list) {
    for (const auto style : {paging_style::exact, paging_style::from_one}) {
        client_fixture f(listing(137, style));
        auto walk = f.api().orders().list();
        BOOST_TEST(run(f.context, take(walk)) == f.server.order_ids(), boost::test_tools::per_element());
        BOOST_TEST(f.server.stats().requests == 7u);
    }
}

BOOST_AUTO_TEST_CASE(a_walk_that_has_ended_stays_at_its_end) {
    client_fixture f(listing(3));
    auto walk = f.api().orders().list();
    run(f.context, take(walk));
    BOOST_TEST(run(f.context, take(walk)).empty());
    BOOST_TEST(f.server.stats().requests == 1u);
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_no_error) {
    client_fixture f(listing(0));
    auto walk = f.api().orders().list();
    BOOST_TEST(run(f.context, take(walk)).empty());
}

BOOST_AUTO_TEST_CASE(a_filter_and_a_page_size_are_sent_with_every_page) {
    client_fixture f(listing(100));
    cc::list_orders query;
    query.status = {cc::order_status::ready};
    query.limit = 5;
    auto walk = f.api().orders().list(query);
    run(f.context, take(walk));
    BOOST_TEST(f.server.requests().size() > 1u);
    for (const auto& r : f.server.requests()) {
        BOOST_TEST(r.target.find("status=Ready") != std::string::npos);
        BOOST_TEST(r.target.find("limit=5") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_skips_loses_nothing_with_an_overlap) {
    client_fixture f(listing(137, paging_style::skipping));
    auto careless = f.api().orders().list();
    BOOST_TEST(run(f.context, take(careless)).size() < 137u);
    cc::paging careful;
    careful.overlap = 1;
    auto walk = f.api().orders().list(cc::list_orders(), careful);
    BOOST_TEST(run(f.context, take(walk)) == f.server.order_ids(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_page_is_read_ahead_and_no_more) {
    client_fixture f(listing(100));
    auto walk = f.api().orders().list();
    run(f.context, take(walk, 1));  // runs until the page ahead has come as well
    BOOST_TEST(f.server.stats().requests == 2u);
}

BOOST_AUTO_TEST_CASE(without_read_ahead_only_the_page_that_is_needed_is_asked_for) {
    client_fixture f(listing(100));
    cc::paging how;
    how.read_ahead = false;
    auto walk = f.api().orders().list(cc::list_orders(), how);
    run(f.context, take(walk, 1));
    BOOST_TEST(f.server.stats().requests == 1u);
    BOOST_TEST(run(f.context, take(walk)).size() == 99u);
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_before_the_first_next) {
    client_fixture f(listing(10));
    {
        const auto walk = f.api().orders().list();
        run_out(f.context);
    }
    BOOST_TEST(f.server.stats().connections == 0u);
}

BOOST_AUTO_TEST_CASE(a_failed_page_is_reported_after_what_came_before_and_can_be_asked_for_again) {
    client_fixture f(listing(60));
    f.server.inject(fault::status(500, "{}").on("GET", "/orders").after(1).times(1));
    auto walk = f.api().orders().list();
    const auto [e, before] = run(f.context, failing(walk));
    BOOST_TEST((e == errc::server_error));
    BOOST_TEST(before == 20);
    BOOST_TEST(run(f.context, take(walk)).size() == 40u);
}

BOOST_AUTO_TEST_CASE(a_list_that_does_not_advance_ends_in_an_error_and_not_in_a_loop) {
    client_fixture f;
    f.server.inject(fault::status(200, R"({"pagination":{"has_more":true,"next_offset":0},"items":[{"id":"a"}]})"));
    auto walk = f.api().orders().list();
    const auto [e, before] = run(f.context, failing(walk));
    BOOST_TEST((e == errc::paging_stalled));
    BOOST_TEST(before == 1);
    BOOST_TEST(f.server.stats().requests == 1u);
}

BOOST_AUTO_TEST_CASE(more_without_saying_where_is_an_error) {
    client_fixture f;
    f.server.inject(fault::status(200, R"({"pagination":{"has_more":true},"items":[{"id":"a"}]})"));
    auto walk = f.api().orders().list();
    BOOST_TEST((run(f.context, failing(walk)).first == errc::paging_broken));
}

BOOST_AUTO_TEST_CASE(a_cancelled_next_loses_nothing) {
    using namespace asio::experimental::awaitable_operators;
    client_fixture f(listing(30));
    f.server.inject(fault::delay(150ms).times(1));
    auto walk = f.api().orders().list();
    auto race = [](cc::async_generator<cc::order>& w) -> asio::awaitable<std::size_t> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 20ms);
        auto first = co_await (w.next() || timer.async_wait(asio::use_awaitable));
        co_return first.index();
    };
    BOOST_TEST(run(f.context, race(walk)) == 1u);
    BOOST_TEST(run(f.context, take(walk)) == f.server.order_ids(), boost::test_tools::per_element());
    BOOST_TEST(f.server.stats().requests == 2u);
}

BOOST_AUTO_TEST_CASE(a_second_next_at_the_same_time_is_refused) {
    client_fixture f(listing(30));
    auto walk = f.api().orders().list();
    std::vector<errc> refused;
    int served = 0;
    for (int i = 0; i < 2; ++i) {
        asio::co_spawn(f.context, walk.try_next(), [&](std::exception_ptr, cc::result<std::optional<cc::order>> r) {
            if (r.has_error()) refused.push_back(static_cast<errc>(r.error().code.value()));
            served += r.has_value();
        });
    }
    run_out(f.context);
    BOOST_TEST(served == 1);
    BOOST_TEST_REQUIRE(refused.size() == 1u);
    BOOST_TEST((refused[0] == errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(destroying_a_walk_ends_its_read_ahead) {
    client_fixture f(listing(100));
    f.server.inject(fault::never_answer().on("GET", "/orders").after(1));
    auto work = [](cc::client api) -> asio::awaitable<void> {
        auto walk = api.orders().list();
        co_await walk.next();
    };
    run(f.context, work(f.api()));  // would wait for the deadline otherwise
    BOOST_TEST(f.api().stats().leased == 0u);
}

BOOST_AUTO_TEST_CASE(destroying_a_walk_ends_a_next_that_waits) {
    client_fixture f(listing(100));
    f.server.inject(fault::never_answer());
    std::optional walk = f.api().orders().list();
    std::optional<cc::error> e;
    asio::co_spawn(f.context, walk->try_next(),
                   [&](std::exception_ptr, cc::result<std::optional<cc::order>> r) { e = r.error(); });
    while (f.server.stats().requests == 0) f.context.poll_one();
    walk.reset();
    run_out(f.context);
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST((*e == errc::cancelled));
}

BOOST_AUTO_TEST_CASE(a_walk_goes_on_from_a_cursor_in_another_client) {
    client_fixture f(listing(137));
    for (const std::size_t first : {0u, 1u, 20u, 21u, 57u, 136u, 137u}) {
        std::string kept;
        std::vector<std::string> ids;
        {
            auto walk = f.api().orders().list();
            ids = run(f.context, take(walk, first));
            kept = walk.position().text();
        }
        asio::io_context context;
        const cc::client other(context.get_executor(), f.server.config());
        auto walk = other.orders().list(cc::list_orders(), *cc::cursor::parse(kept));
        const auto rest = run(context, take(walk));
        ids.insert(ids.end(), rest.begin(), rest.end());
        BOOST_TEST(ids == f.server.order_ids(), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(with_an_overlap_no_record_comes_again_behind_a_cursor) {
    client_fixture f(listing(60));
    cc::paging careful;
    careful.overlap = 1;
    for (const std::size_t first : {1u, 19u, 20u, 21u, 38u, 39u, 40u, 60u}) {
        auto walk = f.api().orders().list(cc::list_orders(), careful);
        std::vector<std::string> ids = run(f.context, take(walk, first));
        auto other = f.api().orders().list(cc::list_orders(), walk.position(), careful);
        const auto rest = run(f.context, take(other));
        ids.insert(ids.end(), rest.begin(), rest.end());
        BOOST_TEST(ids == f.server.order_ids(), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_cursor_of_another_query_is_refused) {
    client_fixture f(listing(30));
    auto walk = f.api().orders().list();
    run(f.context, take(walk, 5));
    cc::list_orders other;
    other.status = {cc::order_status::ready};
    auto wrong = f.api().orders().list(other, walk.position());
    BOOST_TEST((run(f.context, failing(wrong)).first == errc::invalid_cursor));
}

BOOST_AUTO_TEST_CASE(a_query_that_cannot_be_sent_is_an_error_of_the_first_next) {
    client_fixture f;
    cc::list_orders query;
    query.limit = -1;
    auto walk = f.api().orders().list(query);
    BOOST_TEST((run(f.context, failing(walk)).first == errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(the_context_may_go_in_the_midst_of_a_walk) {
    const sandbox server(listing(200));
    auto work = [](asio::any_io_executor executor, cc::client_config config) -> asio::awaitable<void> {
        const cc::client api(executor, config);
        auto walk = api.orders().list();
        while (auto o = co_await walk.next()) BOOST_TEST(!o->id.empty());
    };
    for (int steps = 0; steps < 90; steps += 3) {
        asio::io_context context;
        asio::co_spawn(context, work(context.get_executor(), server.config()), [](std::exception_ptr) {});
        for (int i = 0; i < steps; ++i) context.run_one_for(100ms);
    }
}

BOOST_AUTO_TEST_CASE(walks_on_many_threads_lose_nothing) {
    client_fixture f(listing(137));
    f.api();
    auto work = [](cc::client api, std::size_t& n) -> asio::awaitable<void> {
        auto walk = api.orders().list();
        while (auto o = co_await walk.next()) ++n;
    };
    std::vector<std::size_t> counts(8);
    std::atomic<int> failed{0};  // Boost.Test is for one thread
    for (auto& n : counts)
        asio::co_spawn(f.context, work(f.api(), n), [&](std::exception_ptr e) { failed += e != nullptr; });
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { f.context.run(); });
    for (auto& t : threads) t.join();
    BOOST_TEST(failed == 0);
    for (const auto n : counts) BOOST_TEST(n == 137u);
}

BOOST_AUTO_TEST_SUITE_END()
