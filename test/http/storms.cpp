// The pool under fire: crowds, cancellations at any moment, connects that fail.
#include "support/client_fixture.hpp"
#include "support/unresponsive.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>
#include <vector>

using namespace test;
using namespace std::chrono_literals;

namespace {

// Nothing is in use, nobody waits, and a call goes well.
void check_at_rest(client_fixture& f) {
    const cc::pool_stats s = f.api().stats();
    BOOST_TEST(s.leased == 0u);
    BOOST_TEST(s.waiting == 0u);
    BOOST_TEST(s.connecting == 0u);
    BOOST_TEST(s.held == 0u);
    f.server.clear_faults();
    BOOST_TEST(f.get().has_value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(storms)

// A cancel follows its call after a random number of steps of the context: in line, in a handshake, in an answer.
BOOST_AUTO_TEST_CASE(ten_thousand_calls_that_are_cancelled_at_random_leave_nothing_behind) {
    client_fixture f;
    f.config.pool.max_connections = 20;
    f.config.retry.max_attempts = 3;
    f.config.retry.base = 1ms;
    f.config.timeouts.handshake = 2s;
    f.server.inject(fault::close_before_answer().with_probability(0.05));
    f.server.inject(fault::drip(100, 1ms).with_probability(0.05));
    f.server.inject(fault::status(500).with_probability(0.05));
    f.server.inject(fault::refuse_handshake().with_probability(0.05));
#ifdef __SANITIZE_THREAD__
    constexpr int calls = 1'000;  // it takes ten times as long
#else
    constexpr int calls = 10'000;
#endif
    constexpr std::size_t at_once = 100;
    std::minstd_rand dice(7);
    std::size_t running = 0;
    int begun = 0;
    int cancelled = 0;
    int succeeded = 0;
    struct pending {
        cc::detail::call_handle handle;
        int steps;
    };
    std::vector<pending> to_cancel;
    const cc::client& api = f.api();
    while (begun < calls || running > 0) {
        for (; begun < calls && running < at_once; ++begun, ++running) {
            auto handle = api.start(cc::get_order(known_id), cc::call_options(), [&](const cc::result<cc::order>& r) {
                --running;
                succeeded += r.has_value();
                cancelled += r.has_error() && r.error() == cc::errc::cancelled;
            });
            to_cancel.push_back({std::move(handle), std::uniform_int_distribution<>(0, 2000)(dice)});
        }
        BOOST_TEST_REQUIRE(f.context.run_one_for(patience) == 1u);
        std::erase_if(to_cancel, [](pending& p) {
            if (p.steps-- > 0) return false;
            p.handle.cancel();
            return true;
        });
    }
    run_out(f.context);
    BOOST_TEST(cancelled > calls / 20);
    BOOST_TEST(succeeded > calls / 20);
    BOOST_TEST(f.api().stats().peak <= 20u);
    check_at_rest(f);
}

BOOST_AUTO_TEST_CASE(when_all_connects_fail_all_who_wait_are_answered_and_the_pool_recovers) {
    client_fixture f;
    f.config.pool.max_connections = 5;
    f.config.pool.max_connecting = 5;
    f.server.inject(fault::refuse_handshake());
    int answered = 0;
    for (int i = 0; i < 10; ++i) {
        f.api().orders().get(known_id, cc::as_result([&](const cc::result<cc::order>& r) {
                                 ++answered;
                                 BOOST_TEST((r.error() == cc::errc::tls_failure));
                                 BOOST_TEST((r.error().delivery == cc::delivery::never_sent));
                             }));
    }
    run_out(f.context);
    BOOST_TEST(answered == 10);
    BOOST_TEST(f.api().stats().failed == 10u);
    check_at_rest(f);
}

BOOST_AUTO_TEST_CASE(a_connect_that_nobody_waits_for_ends_with_the_last_call) {
    deaf_server server;
    asio::io_context context;
    cc::client_config config;
    config.base_url = "https" + server.url().substr(4);
    config.api_key = "key";
    config.retry.max_attempts = 1;
    config.timeouts.total = config.timeouts.handshake = 24h;
    const cc::client api(context.get_executor(), config);
    int ended = 0;
    api.start(cc::get_order(known_id), {}, [&](const cc::result<cc::order>&) { ++ended; });
    const auto second = api.start(cc::get_order(known_id), {}, [&](const cc::result<cc::order>&) { ++ended; });
    while (api.stats().connecting < 2) BOOST_TEST_REQUIRE(context.run_one_for(patience) == 1u);
    auto one = server.acceptor.accept();
    const auto other = server.acceptor.accept();
    second.cancel();
    while (ended < 1) BOOST_TEST_REQUIRE(context.run_one_for(patience) == 1u);
    one.close();  // answers the first call, and then nobody is left
    run_out(context);
    BOOST_TEST(ended == 2);
}

BOOST_AUTO_TEST_CASE(a_crowd_that_comes_at_once_stays_within_the_limits) {
    client_fixture f;
    f.config.pool.max_connections = 20;
    f.config.pool.max_connecting = 4;
    int served = 0;
    std::uint64_t most_connecting = 0;
    for (int i = 0; i < 500; ++i) {
        f.api().orders().get(known_id, cc::as_result([&](const cc::result<cc::order>& r) {
                                 served += r.has_value();
                                 most_connecting = std::max(most_connecting, f.api().stats().connecting);
                             }));
    }
    run_out(f.context);
    BOOST_TEST(served == 500);
    BOOST_TEST(f.api().stats().peak <= 20u);
    BOOST_TEST(f.server.stats().peak_connections <= 20u);
    BOOST_TEST(most_connecting <= 4u);
    check_at_rest(f);
}

BOOST_AUTO_TEST_CASE(a_connection_whose_time_is_over_in_mid_use_finishes_its_call_and_is_closed) {
    client_fixture f;
    f.config.pool.max_age = 1ms;
    f.server.inject(fault::delay(20ms));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.api().stats().idle == 0u);
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.api().stats().opened == 2u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_refuses_keeps_its_connection) {
    client_fixture f;
    for (const int status : {404, 422, 400, 401}) {
        f.server.inject(fault::status(status, "{}").times(1));
        BOOST_TEST(f.get_error().http_status == status);
    }
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.api().stats().opened == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
