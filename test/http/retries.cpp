// Repeating, and keeping silent, as the server sees it.
#include "support/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace test;
using namespace std::chrono_literals;
using cc::delivery;
using cc::errc;

namespace {

cc::testing::header_list retry_after(const std::string& value) { return {{"Retry-After", value}}; }

struct retrying_fixture : client_fixture {
    explicit retrying_fixture(sandbox_options options = sandbox_options()) : client_fixture(std::move(options)) {
        config.retry.max_attempts = 4;
        config.retry.base = 1ms;
        config.retry.max_pause = 2ms;
    }

    std::size_t requests() const { return server.requests().size(); }
    std::size_t requests(const std::string& method) const {
        const auto all = server.requests();
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [&](const auto& r) { return r.method == method; }));
    }

    cc::upgrade_order purchase() const {
        cc::upgrade_order out(known_id);
        out.add_ons = {cc::add_on::cad_files};
        return out;
    }

    // Starts a call, cancels it as soon as `until` holds, and gives its error.
    template <cc::endpoint E, class Until>
    cc::error cancelled_when(const E& request, Until until) {
        asio::cancellation_signal signal;
        cc::error out;
        auto handler = cc::as_result([&](cc::result<typename E::response> r) {
            BOOST_TEST_REQUIRE(r.has_error());
            out = r.error();
        });
        api().async_call(request, asio::bind_cancellation_slot(signal.slot(), handler));
        context.restart();
        for (int i = 0; i < 20'000 && !until(); ++i) context.run_for(1ms);
        BOOST_TEST_REQUIRE(until());
        signal.emit(asio::cancellation_type::terminal);
        run_out(context);
        context.restart();
        return out;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(retries)

BOOST_AUTO_TEST_CASE(a_read_is_repeated_until_the_server_is_well) {
    for (const int status : {408, 500, 502, 503, 504}) {
        retrying_fixture f;
        f.server.inject(fault::status(status).times(2));
        BOOST_TEST(f.get().has_value());
        BOOST_TEST(f.requests() == 3u);
        BOOST_TEST(f.api().stats().retried == 2u);
    }
}

BOOST_AUTO_TEST_CASE(a_read_is_repeated_when_its_answer_got_lost) {
    for (const fault& lost : {fault::close_before_answer(), fault::truncate_after(10), fault::reset_after(0)}) {
        retrying_fixture f;
        f.server.inject(lost.times(2));
        BOOST_TEST(f.get().has_value());
        BOOST_TEST(f.requests() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(a_read_is_repeated_when_a_phase_took_too_long) {
    retrying_fixture f;
    f.server.inject(fault::never_answer().times(1));
    f.server.inject(fault::drip(100, std::chrono::minutes(5)).times(1));
    f.config.timeouts.first_byte = 100ms;
    f.config.timeouts.read_idle = 100ms;
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.requests() == 3u);
}

BOOST_AUTO_TEST_CASE(a_purchase_that_may_have_been_made_is_not_repeated) {
    for (const fault& lost : {fault::close_before_answer(), fault::truncate_after(10), fault::reset_after(0),
                              fault::status(500), fault::status(503, "", retry_after("0"))}) {
        retrying_fixture f;
        f.server.inject(lost.times(1));
        const cc::error e = f.error_of(f.purchase());
        BOOST_TEST((e.delivery == delivery::maybe_processed), e);
        BOOST_TEST(e.attempts == 1);
        BOOST_TEST(f.requests() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_purchase_is_repeated_if_the_caller_does_not_mind) {
    retrying_fixture f;
    f.server.inject(fault::status(502).times(1));
    cc::call_options options;
    options.may_repeat = true;
    BOOST_TEST(f.call(f.purchase(), options).has_value());
    BOOST_TEST(f.requests() == 2u);
}

BOOST_AUTO_TEST_CASE(a_purchase_that_was_not_sent_is_made) {
    retrying_fixture f;
    f.server.inject(fault::refuse_handshake().times(2));
    BOOST_TEST(f.call(f.purchase()).has_value());
    BOOST_TEST(f.requests() == 1u);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_wrong_is_not_tried_again) {
    sandbox_options options;
    options.certificate = cc::testing::certificate_kind::expired;
    retrying_fixture f(options);
    const cc::error e = f.get_error();
    BOOST_TEST((e == errc::certificate_expired));
    BOOST_TEST(e.attempts == 1);
}

BOOST_AUTO_TEST_CASE(a_stale_idle_connection_costs_a_read_one_attempt_and_no_pause) {
    retrying_fixture f;
    f.config.retry.base = 1h;
    f.config.retry.max_pause = 1h;
    BOOST_TEST(f.get().has_value());
    f.server.close_idle_connections();
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.requests() == 2u);
    // The first attempt is on that connection if it was in use a moment ago.
    BOOST_TEST(f.api().stats().retried + f.api().stats().stale == 1u);
}

BOOST_AUTO_TEST_CASE(a_read_does_not_fail_though_all_kept_connections_were_closed_a_moment_ago) {
    retrying_fixture f;
    f.config.retry.max_attempts = 1;
    std::size_t done = 0;
    f.server.inject(fault::delay(50ms).times(8));  // so that each gets a connection of its own
    for (int i = 0; i < 8; ++i) {
        f.api().async_call(cc::get_order(known_id), cc::as_result([&](auto r) { done += r.has_value() ? 1 : 0; }));
    }
    run_out(f.context);
    f.server.close_idle_connections();
    while (f.server.stats().open_connections > 0) std::this_thread::yield();
    const auto answer = f.get();
    BOOST_TEST(answer.has_value(), answer.error());
    BOOST_TEST(done == 8u);
}

BOOST_AUTO_TEST_CASE(a_stale_idle_connection_costs_a_purchase_nothing) {
    retrying_fixture f;
    BOOST_TEST(f.get().has_value());
    f.server.close_idle_connections();
    BOOST_TEST(f.call(f.purchase()).has_value());
    BOOST_TEST(f.requests("POST") == 1u);
}

BOOST_AUTO_TEST_CASE(there_are_no_more_attempts_than_allowed) {
    retrying_fixture f;
    f.server.inject(fault::status(500));
    const cc::error e = f.get_error();
    BOOST_TEST(e.attempts == 4);
    BOOST_TEST(e.http_status == 500);
    BOOST_TEST((e.delivery == delivery::answered));
    BOOST_TEST(f.requests() == 4u);
}

BOOST_AUTO_TEST_CASE(a_raw_request_has_the_last_answer) {
    retrying_fixture f;
    f.server.inject(fault::status(500, "\"down\""));
    const auto r = f.call(cc::raw_request("GET", "/orders"));
    BOOST_TEST_REQUIRE(r.has_value());
    BOOST_TEST(r->status == 500);
    BOOST_TEST(r->attempts == 4);
}

BOOST_AUTO_TEST_CASE(a_budget_ends_a_storm_of_repetitions) {
    retrying_fixture f;
    f.config.retry.budget = 5;
    f.server.inject(fault::status(500));
    for (int i = 0; i < 10; ++i) f.get_error();
    BOOST_TEST(f.requests() == 15u);
    BOOST_TEST(f.api().stats().retry_budget == 0.0);
    f.server.clear_faults();
    for (int i = 0; i < 10; ++i) BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.api().stats().retry_budget == 1.0);
}

BOOST_AUTO_TEST_CASE(a_pause_that_would_outlast_the_call_is_not_begun) {
    retrying_fixture f;
    f.config.retry.base = f.config.retry.max_pause = std::chrono::hours(1000);
    f.server.inject(fault::status(500));
    const cc::error e = f.get_error();
    BOOST_TEST((e == errc::server_error));  // and no deadline
    BOOST_TEST(e.attempts == 1);
}

BOOST_AUTO_TEST_CASE(a_delete_that_was_done_by_an_attempt_before_is_done) {
    retrying_fixture f;
    const auto made = f.call(cc::create_user("one@example.com", cc::user_role::user));
    BOOST_TEST_REQUIRE(made.has_value());
    f.server.inject(fault::reset_after(3).on("DELETE", "/users").times(1));
    const auto gone = f.call(cc::delete_user(made->id));
    BOOST_TEST(gone.has_value(), gone.error());
    BOOST_TEST(f.requests("DELETE") == 2u);
    const cc::error e = f.error_of(cc::delete_user(made->id));
    BOOST_TEST((e == errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_delete_that_was_done_behind_a_failing_gateway_is_done) {
    for (const int found : {404, 410}) {
        retrying_fixture f;
        f.server.inject(fault::status(502).times(1));
        f.server.inject(fault::status(found).times(1));
        const auto gone = f.call(cc::delete_user("u-1"));
        BOOST_TEST(gone.has_value(), gone.error());
        BOOST_TEST(f.requests("DELETE") == 2u);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_does_not_hide_that_an_attempt_before_may_have_been_carried_out) {
    cc::call_options repeated;
    repeated.may_repeat = true;
    for (const auto& lost : {fault::status(500), fault::close_before_answer()}) {
        for (const int status : {401, 422, 302}) {
            retrying_fixture f;
            f.server.inject(lost.times(1));
            f.server.inject(fault::status(status));
            const cc::error e = f.error_of(f.purchase(), repeated);
            BOOST_TEST(e.http_status == status);
            BOOST_TEST(e.attempts == 2);
            BOOST_TEST((e.delivery == delivery::maybe_processed));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_raw_answer_tells_that_an_attempt_before_may_have_been_carried_out) {
    cc::call_options repeated;
    repeated.may_repeat = true;
    retrying_fixture f;
    f.server.inject(fault::close_before_answer().times(1));
    f.server.inject(fault::status(401));
    const auto answer = f.call(cc::raw_request("POST", "/orders/x"), repeated);
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->maybe_processed_before);
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_a_pause_at_once) {
    retrying_fixture f;
    f.config.retry.base = f.config.retry.max_pause = std::chrono::hours(1000);
    f.config.timeouts.total = std::chrono::hours(5000);
    f.server.inject(fault::status(500));
    const cc::error e = f.cancelled_when(cc::get_order(known_id), [&] { return f.requests() == 1; });
    BOOST_TEST((e == errc::cancelled));
}

BOOST_AUTO_TEST_CASE(a_total_cancel_does_not_end_a_call_that_has_sent_something) {
    retrying_fixture f;
    f.config.retry.base = f.config.retry.max_pause = 300ms;
    f.server.inject(fault::status(500).times(1));
    asio::cancellation_signal signal;
    bool good = false;
    f.api().async_call(cc::get_order(known_id),
                       asio::bind_cancellation_slot(
                           signal.slot(), cc::as_result([&](cc::result<cc::order> r) { good = r.has_value(); })));
    while (f.requests() == 0) f.context.run_for(1ms);
    signal.emit(asio::cancellation_type::total);
    run_out(f.context);
    BOOST_TEST(good);
}

BOOST_AUTO_TEST_CASE(a_context_may_end_in_a_pause) {
    retrying_fixture f;
    f.config.retry.base = f.config.retry.max_pause = std::chrono::hours(1000);
    f.config.timeouts.total = std::chrono::hours(5000);
    f.server.inject(fault::status(500));
    auto context = std::make_unique<asio::io_context>();
    const cc::client api(context->get_executor(), f.config);
    auto kept = std::make_shared<int>();
    api.async_call(cc::get_order(known_id), [kept](std::exception_ptr, cc::order) { BOOST_ERROR("called"); });
    while (f.requests() == 0) context->run_for(1ms);
    context->run_for(20ms);
    context.reset();
    BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(silence)

BOOST_AUTO_TEST_CASE(fifty_calls_that_are_throttled_keep_silent_send_one_probe_and_then_flow) {
    retrying_fixture f;
    f.config.pool.max_connections = 50;
    // All fifty, and the first probe.
    f.server.inject(fault::status(429, "{}", retry_after("1")).times(51));
    int good = 0;
    for (int i = 0; i < 50; ++i) {
        f.api().async_call(cc::get_order(known_id),
                           cc::as_result([&](cc::result<cc::order> r) { good += r.has_value(); }));
    }
    run_out(f.context);
    BOOST_TEST(good == 50);
    BOOST_TEST(f.requests() == 101u);
    BOOST_TEST(f.api().stats().throttled == 51u);
    BOOST_TEST(!f.api().stats().silent);
    BOOST_TEST(f.api().stats().held == 0u);
}

BOOST_AUTO_TEST_CASE(a_purchase_that_is_throttled_was_not_made_and_is_repeated) {
    retrying_fixture f;
    f.server.inject(fault::status(429).times(2));
    BOOST_TEST(f.call(f.purchase()).has_value());
    BOOST_TEST(f.requests() == 3u);
}

BOOST_AUTO_TEST_CASE(silence_that_outlasts_the_call_ends_it_with_what_the_server_asked_for) {
    retrying_fixture f;
    f.config.timeouts.total = 5s;
    f.server.inject(fault::status(429, "{}", retry_after("30")));
    const cc::error first = f.get_error();
    BOOST_TEST((first == errc::throttled));
    BOOST_TEST((first.retry_after == std::chrono::seconds(30)));
    BOOST_TEST((first.delivery == delivery::answered));
    BOOST_TEST(f.api().stats().silent);
    const cc::error second = f.get_error();
    BOOST_TEST((second == errc::throttled));
    BOOST_TEST((second.delivery == delivery::never_sent));
    BOOST_TEST((second.retry_after > std::chrono::seconds(20)));
    BOOST_TEST(f.requests() == 1u);
}

BOOST_AUTO_TEST_CASE(a_silence_that_gets_longer_than_a_waiting_call_has_time_ends_that_call) {
    retrying_fixture f;
    f.config.retry.max_attempts = 1;
    f.config.timeouts.total = 10s;
    f.config.pool.max_connections = 1;
    f.server.inject(fault::status(429).times(1));
    BOOST_TEST((f.get_error() == errc::throttled));
    f.server.inject(fault::status(429, "{}", retry_after("30")));
    std::vector<cc::error> errors;
    for (int i = 0; i < 2; ++i) {
        f.api().start(cc::get_order(known_id), {}, [&](const cc::result<cc::order>& r) {
            if (r.has_error()) errors.push_back(r.error());
        });
    }
    f.context.restart();
    run_out(f.context);
    BOOST_TEST_REQUIRE(errors.size() == 2u);
    BOOST_TEST((errors[1] == errc::throttled), errors[1]);
    BOOST_TEST((errors[1].delivery == delivery::never_sent));
    BOOST_TEST((errors[1].retry_after > std::chrono::seconds(20)));
    BOOST_TEST(f.requests() == 2u);
}

BOOST_AUTO_TEST_CASE(a_silence_whose_length_the_server_does_not_tell_gets_longer_and_is_told_as_it_is) {
    for (const auto& headers : {cc::testing::header_list(), retry_after("0")}) {
        retrying_fixture f;
        f.config.retry.max_pause = 3ms;
        std::vector<std::chrono::microseconds> planned;
        f.config.observer = [&](const cc::event& e) {
            if (e.kind == cc::event_kind::retry_planned) planned.push_back(e.duration);
        };
        f.server.inject(fault::status(429, "{}", headers));
        BOOST_TEST((f.get_error() == errc::throttled));
        const std::vector<std::chrono::microseconds> expected{1ms, 2ms, 3ms};
        BOOST_TEST((planned == expected));
    }
}

BOOST_AUTO_TEST_CASE(a_probe_that_dies_makes_nobody_wait_for_its_pause) {
    retrying_fixture f;
    f.config.retry.base = 1s;
    f.config.retry.max_pause = 40s;
    f.config.retry.max_attempts = 10;
    // The two of the beginning are told to wait; the first probe dies.
    f.server.inject(fault::status(429).times(2));
    f.server.inject(fault::truncate_after(3).times(1));
    std::chrono::steady_clock::time_point wakes{};
    std::chrono::microseconds planned{};
    f.config.observer = [&](const cc::event& e) {
        const bool of_the_probe = e.attempt == 3 && e.kind == cc::event_kind::retry_planned;
        if (!of_the_probe) return;
        planned = e.duration;
        wakes = std::chrono::steady_clock::now() + e.duration;
    };
    int good = 0;
    for (int i = 0; i < 2; ++i) {
        f.api().start(cc::get_order(known_id), {}, [&](const cc::result<cc::order>& r) { good += r.has_value(); });
    }
    while (good == 0) BOOST_TEST_REQUIRE(f.context.run_one_for(patience) == 1u);
    const auto answered = std::chrono::steady_clock::now();
    BOOST_TEST_REQUIRE((wakes != std::chrono::steady_clock::time_point()));
    // The pause is drawn, and may be over before anything can be seen.
    BOOST_TEST((answered < wakes || planned < 300ms));
    f.api().close();
    run_out(f.context);
}

BOOST_AUTO_TEST_CASE(a_wish_beyond_the_cap_is_told_and_not_obeyed) {
    retrying_fixture f;
    f.config.retry.max_retry_after = 20ms;
    f.server.inject(fault::status(503, "{}", retry_after("3600")).times(1));
    const cc::error e = f.get_error();
    BOOST_TEST((e == errc::throttled));
    BOOST_TEST((e.retry_after == std::chrono::seconds(3600)));
    BOOST_TEST(e.attempts == 1);
    BOOST_TEST(f.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_wish_that_is_garbage_is_ignored) {
    for (const char* text : {"soon", "-1", "", "Sat, 05 Nov 1994 08:49:37 GMT"}) {
        retrying_fixture f;
        f.server.inject(fault::status(429, "{}", retry_after(text)).times(1));
        BOOST_TEST(f.get().has_value());
        BOOST_TEST(f.requests() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(a_probe_that_dies_is_followed_by_another) {
    retrying_fixture f;
    f.config.retry.max_attempts = 2;
    f.server.inject(fault::status(429).times(2));
    f.server.inject(fault::truncate_after(3).times(1));
    int good = 0;
    for (int i = 0; i < 2; ++i) {
        f.api().async_call(cc::get_order(known_id),
                           cc::as_result([&](cc::result<cc::order> r) { good += r.has_value(); }));
    }
    run_out(f.context);
    BOOST_TEST(good == 1);
    BOOST_TEST(f.requests() == 4u);
    BOOST_TEST(!f.api().stats().silent);
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_the_wait_at_once) {
    retrying_fixture f;
    f.server.inject(fault::status(429, "{}", retry_after("50")));
    const cc::error e = f.cancelled_when(cc::get_order(known_id), [&] { return f.api().stats().held == 1; });
    BOOST_TEST((e == errc::cancelled));
    BOOST_TEST((e.delivery == delivery::answered));
    BOOST_TEST(f.api().stats().held == 0u);
}

BOOST_AUTO_TEST_CASE(close_ends_the_wait_at_once) {
    retrying_fixture f;
    f.server.inject(fault::status(429, "{}", retry_after("50")));
    cc::error e;
    f.api().async_call(cc::get_order(known_id), cc::as_result([&](cc::result<cc::order> r) { e = r.error(); }));
    while (f.api().stats().held == 0) f.context.run_for(1ms);
    f.api().close();
    run_out(f.context);
    BOOST_TEST((e == errc::client_closed));
}

BOOST_AUTO_TEST_CASE(a_context_may_end_in_the_silence) {
    retrying_fixture f;
    f.server.inject(fault::status(429, "{}", retry_after("50")));
    auto context = std::make_unique<asio::io_context>();
    const cc::client api(context->get_executor(), f.config);
    auto kept = std::make_shared<int>();
    api.async_call(cc::get_order(known_id), [kept](std::exception_ptr, cc::order) { BOOST_ERROR("called"); });
    while (api.stats().held == 0) context->run_for(1ms);
    context.reset();
    BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rate)

BOOST_AUTO_TEST_CASE(calls_beyond_the_rate_wait_in_order_of_arrival) {
    retrying_fixture f;
    f.config.rate.per_second = 500;
    f.config.pool.max_connections = 1;
    for (int i = 0; i < 20; ++i) {
        f.api().async_call(cc::get_order(std::to_string(i)), [](std::exception_ptr, cc::order) {});
    }
    run_out(f.context);
    const auto sent = f.server.requests();
    BOOST_TEST_REQUIRE(sent.size() == 20u);
    for (std::size_t i = 0; i < 20; ++i) {
        BOOST_TEST(sent[i].target == "/api/integrate/v3/orders/" + std::to_string(i));
    }
}

BOOST_AUTO_TEST_CASE(a_call_waits_for_its_turn_no_longer_than_its_deadline) {
    retrying_fixture f;
    f.config.rate.per_second = 0.001;
    f.config.rate.burst = 2;
    f.config.timeouts.total = 1s;
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.get().has_value());
    const cc::error e = f.get_error();
    BOOST_TEST((e == errc::deadline_exceeded));
    BOOST_TEST((e.delivery == delivery::never_sent));
    BOOST_TEST(f.requests() == 2u);
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_the_wait_and_the_next_in_line_moves_up) {
    retrying_fixture f;
    f.config.rate.per_second = 0.001;
    BOOST_TEST(f.get().has_value());
    const cc::error e = f.cancelled_when(cc::get_order(known_id), [&] { return f.api().stats().held == 1; });
    BOOST_TEST((e == errc::cancelled));
    BOOST_TEST((e.delivery == delivery::never_sent));
    BOOST_TEST(f.api().stats().held == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
