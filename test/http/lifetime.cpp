// Deadlines, cancellation, closing, threads, and the order in which things are destroyed.
#include "support/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <thread>

using namespace test;
using namespace std::chrono_literals;
using cc::condition;
using cc::delivery;
using cc::errc;

namespace {

cc::call_options within(std::chrono::milliseconds total) {
    cc::call_options o;
    o.total = total;
    return o;
}

// Cancels once the server has the request, so that the call surely waits for its answer.
void cancel_once_sent(client_fixture& f, asio::cancellation_signal& signal, asio::cancellation_type type) {
    while (f.server.stats().requests == 0) f.context.poll_one();
    signal.emit(type);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deadlines)

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_ends_with_the_deadline_and_says_that_it_may_have_acted) {
    client_fixture f;
    f.server.inject(fault::never_answer());
    const auto e = f.error_of(cc::get_order(known_id), within(100ms));
    BOOST_TEST((e == errc::deadline_exceeded));
    BOOST_TEST((e == condition::timeout));
    BOOST_TEST((e.delivery == delivery::maybe_processed));
    BOOST_TEST(e.message.find("100 ms") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_deadline_of_the_configuration_holds_when_the_call_has_none) {
    client_fixture f;
    f.server.inject(fault::never_answer());
    f.config.timeouts.total = 100ms;
    BOOST_TEST((f.get_error() == errc::deadline_exceeded));
}

BOOST_AUTO_TEST_CASE(a_deadline_in_the_line_for_a_connection_is_kept_and_nothing_was_sent) {
    client_fixture f;
    f.config.pool.max_connections = 1;
    f.server.inject(fault::never_answer());
    std::optional<cc::error> first;
    std::optional<cc::error> second;
    f.api().async_call(cc::get_order(known_id), within(1500ms),
                       cc::as_result([&](cc::result<cc::order> r) { first = r.error(); }));
    f.api().async_call(cc::get_order(known_id), within(100ms),
                       cc::as_result([&](cc::result<cc::order> r) { second = r.error(); }));
    run_out(f.context);
    BOOST_TEST_REQUIRE((first && second));
    BOOST_TEST((*first == errc::deadline_exceeded));
    BOOST_TEST((first->delivery == delivery::maybe_processed));
    BOOST_TEST((*second == errc::deadline_exceeded));
    BOOST_TEST((second->delivery == delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_deadline_during_the_handshake_is_kept) {
    client_fixture f;
    f.server.inject(fault::hang_handshake());
    const auto e = f.error_of(cc::get_order(known_id), within(100ms));
    BOOST_TEST((e == errc::deadline_exceeded));
    BOOST_TEST((e.delivery == delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_deadline_that_is_over_already_sends_nothing) {
    client_fixture f;
    const auto e = f.error_of(cc::get_order(known_id), within(-1ms));
    BOOST_TEST((e == errc::deadline_exceeded));
    BOOST_TEST((e.delivery == delivery::never_sent));
    BOOST_TEST(f.server.stats().connections == 0u);
}

BOOST_AUTO_TEST_CASE(the_longest_deadline_does_not_overflow) {
    client_fixture f;
    BOOST_TEST(f.call(cc::get_order(known_id), within(std::chrono::milliseconds::max())).has_value());
}

BOOST_AUTO_TEST_CASE(times_without_end_do_not_overflow) {
    client_fixture f;
    constexpr auto endless = std::chrono::milliseconds::max();
    cc::timeout_options& t = f.config.timeouts;
    t.total = t.pool_wait = t.resolve = t.connect = t.handshake = t.write = t.first_byte = t.read_idle = endless;
    f.config.pool.max_idle = f.config.pool.max_age = endless;
    f.config.retry.base = f.config.retry.max_pause = f.config.retry.max_retry_after = endless;
    for (int i = 0; i < 3; ++i) BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.api().stats().opened == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_whose_answer_was_given_up_is_not_used_again) {
    client_fixture f;
    f.server.inject(fault::never_answer().times(1));
    f.error_of(cc::get_order(known_id), within(100ms));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().connections == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cancellation)

BOOST_AUTO_TEST_CASE(a_call_is_cancelled_through_its_slot_by_terminal_and_partial) {
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial}) {
        client_fixture f;
        f.server.inject(fault::never_answer());
        asio::cancellation_signal signal;
        std::optional<cc::error> e;
        f.api().orders().get(
            known_id, asio::bind_cancellation_slot(signal.slot(), cc::as_result([&](auto r) { e = r.error(); })));
        cancel_once_sent(f, signal, type);
        run_out(f.context);
        BOOST_TEST_REQUIRE(e.has_value());
        BOOST_TEST((*e == errc::cancelled));
        BOOST_TEST((e->delivery == delivery::maybe_processed));
    }
}

BOOST_AUTO_TEST_CASE(total_cancellation_ends_a_call_only_while_nothing_was_sent) {
    client_fixture f;
    f.server.inject(fault::delay(50ms));
    asio::cancellation_signal signal;
    std::optional<cc::result<cc::order>> out;
    f.api().orders().get(
        known_id, asio::bind_cancellation_slot(signal.slot(), cc::as_result([&](auto r) { out = std::move(r); })));
    cancel_once_sent(f, signal, asio::cancellation_type::total);
    run_out(f.context);
    BOOST_TEST_REQUIRE(out.has_value());
    BOOST_TEST(out->has_value());
}

BOOST_AUTO_TEST_CASE(total_cancellation_ends_a_call_that_still_connects) {
    client_fixture f;
    f.server.inject(fault::hang_handshake());
    asio::cancellation_signal signal;
    std::optional<cc::error> e;
    f.api().orders().get(known_id,
                         asio::bind_cancellation_slot(signal.slot(), cc::as_result([&](auto r) { e = r.error(); })));
    while (f.server.stats().connections == 0) f.context.poll_one();
    signal.emit(asio::cancellation_type::total);
    run_out(f.context);  // the connect is given up as well: nobody else wants it
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST((*e == errc::cancelled));
    BOOST_TEST((e->delivery == delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_frees_its_place_for_the_others) {
    client_fixture f;
    f.config.pool.max_connections = 1;
    f.server.inject(fault::never_answer().times(1));
    asio::cancellation_signal signal;
    std::optional<cc::error> e;
    bool served = false;
    f.api().orders().get(known_id,
                         asio::bind_cancellation_slot(signal.slot(), cc::as_result([&](auto r) { e = r.error(); })));
    f.api().orders().get(known_id, cc::as_result([&](auto r) { served = r.has_value(); }));
    cancel_once_sent(f, signal, asio::cancellation_type::terminal);
    run_out(f.context);
    BOOST_TEST((e && *e == errc::cancelled));
    BOOST_TEST(served);
}

BOOST_AUTO_TEST_CASE(a_coroutine_that_races_a_call_against_a_timer_gets_the_timer) {
    using namespace asio::experimental::awaitable_operators;
    client_fixture f;
    f.server.inject(fault::never_answer());
    auto race = [](cc::client api) -> asio::awaitable<std::size_t> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 100ms);
        auto first = co_await (api.orders().get(known_id) || timer.async_wait(asio::use_awaitable));
        co_return first.index();
    };
    BOOST_TEST(run(f.context, race(f.api())) == 1u);
}

BOOST_AUTO_TEST_CASE(a_slot_that_fires_after_the_end_does_nothing) {
    client_fixture f;
    asio::cancellation_signal signal;
    bool served = false;
    f.api().orders().get(
        known_id, asio::bind_cancellation_slot(signal.slot(), cc::as_result([&](auto r) { served = r.has_value(); })));
    run_out(f.context);
    f.made.reset();
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(served);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(closing)

BOOST_AUTO_TEST_CASE(closing_ends_calls_that_run_and_refuses_new_ones) {
    client_fixture f;
    f.server.inject(fault::never_answer());
    std::optional<cc::error> running;
    f.api().orders().get(known_id, cc::as_result([&](auto r) { running = r.error(); }));
    while (f.server.stats().requests == 0) f.context.poll_one();
    f.api().close();
    run_out(f.context);
    BOOST_TEST_REQUIRE(running.has_value());
    BOOST_TEST((*running == errc::client_closed));
    BOOST_TEST((running->delivery == delivery::maybe_processed));
    const auto refused = f.get_error();
    BOOST_TEST((refused == errc::client_closed));
    BOOST_TEST((refused.delivery == delivery::never_sent));
    f.api().close();
}

BOOST_AUTO_TEST_CASE(closing_ends_calls_in_line_and_connects) {
    client_fixture f;
    f.server.inject(fault::hang_handshake());
    f.config.pool.max_connections = 2;
    int closed = 0;
    for (int i = 0; i < 5; ++i) {
        f.api().orders().get(known_id, cc::as_result([&](auto r) { closed += r.error() == errc::client_closed; }));
    }
    while (f.server.stats().connections == 0) f.context.poll_one();
    f.api().close();
    run_out(f.context);
    BOOST_TEST(closed == 5);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lifetimes)

BOOST_AUTO_TEST_CASE(idle_connections_do_not_keep_the_context_running) {
    client_fixture f;
    BOOST_TEST(f.get().has_value());  // run_out() is inside
    BOOST_TEST(f.api().stats().idle == 1u);
}

BOOST_AUTO_TEST_CASE(calls_go_on_when_the_last_handle_is_gone) {
    client_fixture f;
    bool served = false;
    f.api().orders().get(known_id, cc::as_result([&](auto r) { served = r.has_value(); }));
    f.made.reset();
    run_out(f.context);
    BOOST_TEST(served);
}

BOOST_AUTO_TEST_CASE(the_context_may_go_before_the_client_with_idle_connections) {
    const sandbox server;
    std::optional<asio::io_context> context(std::in_place);
    const cc::client api(context->get_executor(), server.config());
    run(*context, api.orders().get(known_id));
    context.reset();
    BOOST_TEST(api.stats().idle == 0u);
}

// Every moment of a call is one in which the context may be destroyed.
BOOST_AUTO_TEST_CASE(the_context_may_go_in_the_midst_of_calls) {
    const sandbox server(with_orders(10));
    for (int steps = 0; steps < 120; steps += 3) {
        std::optional<asio::io_context> context(std::in_place);
        auto config = server.config();
        config.pool.max_connections = 2;
        const cc::client api(context->get_executor(), config);
        int called = 0;
        for (int i = 0; i < 5; ++i) api.orders().get(known_id, cc::as_result([&](auto) { ++called; }));
        for (int i = 0; i < steps; ++i) context->run_one_for(100ms);
        context.reset();
        BOOST_TEST(called <= 5);
    }
}

BOOST_AUTO_TEST_CASE(the_context_may_go_in_the_midst_of_a_coroutine_that_owns_the_client) {
    const sandbox server;
    auto work = [](asio::any_io_executor executor, cc::client_config config) -> asio::awaitable<void> {
        const cc::client api(executor, config);
        for (;;) co_await api.orders().get(known_id);
    };
    for (int steps = 0; steps < 60; steps += 3) {
        asio::io_context context;
        asio::co_spawn(context, work(context.get_executor(), server.config()), [](std::exception_ptr) {});
        for (int i = 0; i < steps; ++i) context.run_one_for(100ms);
    }
    BOOST_TEST(server.stats().requests > 0u);
}

BOOST_AUTO_TEST_CASE(many_calls_from_many_threads_are_all_answered) {
    client_fixture f;
    f.config.pool.max_connections = 8;
    f.api();
    constexpr int threads = 4;
    constexpr int calls = 50;
    std::atomic<int> served{0};
    auto work = asio::make_work_guard(f.context);
    std::vector<std::thread> runners;
    for (int i = 0; i < threads; ++i) runners.emplace_back([&] { f.context.run(); });
    std::vector<std::thread> callers;
    for (int i = 0; i < threads; ++i) {
        callers.emplace_back([&] {
            for (int n = 0; n < calls; ++n) {
                f.api().orders().get(known_id, cc::as_result([&](auto r) { served += r.has_value(); }));
            }
        });
    }
    for (auto& t : callers) t.join();
    work.reset();
    for (auto& t : runners) t.join();
    BOOST_TEST(served == threads * calls);
    BOOST_TEST(f.server.stats().peak_connections <= 8u);
}

BOOST_AUTO_TEST_CASE(cancelling_from_other_threads_ends_or_answers_every_call) {
    client_fixture f;
    f.config.pool.max_connections = 4;
    std::atomic<int> ended{0};
    auto work = asio::make_work_guard(f.context);
    std::vector<std::thread> runners;
    const cc::client api = f.api();
    for (int i = 0; i < 3; ++i) runners.emplace_back([&] { f.context.run(); });
    for (int i = 0; i < 300; ++i) {
        const auto handle = api.start(cc::get_order(known_id), cc::call_options(), [&](auto) { ++ended; });
        if (i % 3 != 0) handle.cancel();
    }
    work.reset();
    for (auto& t : runners) t.join();
    BOOST_TEST(ended == 300);
}

BOOST_AUTO_TEST_CASE(a_thread_pool_serves_as_context) {
    const sandbox server;
    asio::thread_pool pool(3);
    {
        const cc::client api(pool.get_executor(), server.config());
        std::vector<std::future<cc::order>> all;
        for (int i = 0; i < 20; ++i) all.push_back(api.orders().get(known_id, asio::use_future));
        for (auto& f : all) BOOST_TEST(f.get().id == known_id);
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(a_handler_is_never_called_inside_the_function_that_starts_the_call) {
    client_fixture f;
    bool inside = true;
    int called = 0;
    const auto check = cc::as_result([&](auto) {
        BOOST_TEST(!inside);
        ++called;
    });
    asio::post(f.context, [&] {
        inside = true;
        f.api().async_call(cc::get_order(""), check);  // refused locally
        f.api().async_call(cc::get_order(known_id), check);
        inside = false;
    });
    run_out(f.context);
    BOOST_TEST(called == 2);
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_handler_leaves_through_run) {
    client_fixture f;
    f.api().orders().get(known_id, cc::as_result([](auto) { throw std::runtime_error("the user's own"); }));
    BOOST_CHECK_THROW(f.context.run(), std::runtime_error);
    f.context.restart();
    run_out(f.context);
}

BOOST_AUTO_TEST_SUITE_END()
