// The end of a client: draining and closing.
#include "support/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace test;
using namespace std::chrono_literals;
using cc::errc;

namespace {

struct draining_fixture : client_fixture {
    // A call that is answered after a while.
    void start_slow_call() {
        server.inject(fault::delay(200ms).on("GET", "/orders/" + known_id));
        api().async_call(cc::get_order(known_id), cc::as_result([&](cc::result<cc::order> r) { slow = r; }));
    }
    cc::result<cc::order> slow = cc::error(errc::invalid_argument, "not ended");
};

}  // namespace

BOOST_AUTO_TEST_SUITE(drain)

BOOST_AUTO_TEST_CASE(without_calls_it_ends_at_once_and_its_limit_keeps_nothing_running) {
    draining_fixture f;
    BOOST_TEST(run(f.context, f.api().async_drain(std::chrono::hours(1))));
    BOOST_TEST((f.get_error() == errc::client_closed));
}

BOOST_AUTO_TEST_CASE(it_waits_for_what_is_running) {
    draining_fixture f;
    f.start_slow_call();
    f.context.poll();
    BOOST_TEST(run(f.context, f.api().async_drain(40s)));
    BOOST_TEST(f.slow.has_value());
    BOOST_TEST(f.api().stats().idle == 0u);
}

BOOST_AUTO_TEST_CASE(calls_that_come_later_are_refused_and_nothing_is_sent) {
    draining_fixture f;
    f.start_slow_call();
    bool drained = false;
    f.api().async_drain(40s, [&](bool quiet) { drained = quiet; });
    while (f.server.requests().empty()) f.context.run_for(1ms);
    const cc::error e = f.error_of(cc::list_orders());
    BOOST_TEST((e == errc::client_closed));
    BOOST_TEST((e.delivery == cc::delivery::never_sent));
    BOOST_TEST(drained);
    BOOST_TEST(f.slow.has_value());
    BOOST_TEST(f.server.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_running_after_the_limit_is_ended) {
    draining_fixture f;
    f.server.inject(fault::never_answer());
    f.api().async_call(cc::get_order(known_id), cc::as_result([&](cc::result<cc::order> r) { f.slow = r; }));
    while (f.server.requests().empty()) f.context.run_for(1ms);
    BOOST_TEST(!run(f.context, f.api().async_drain(20ms)));
    BOOST_TEST((f.slow.error() == errc::client_closed));
    BOOST_TEST((f.slow.error().delivery == cc::delivery::maybe_processed));
}

BOOST_AUTO_TEST_CASE(it_may_be_called_again_and_by_others_at_the_same_time) {
    draining_fixture f;
    f.start_slow_call();
    int drained = 0;
    for (int i = 0; i < 3; ++i) {
        cc::client copy = f.api();
        copy.async_drain(40s, [&](bool quiet) { drained += quiet; });
    }
    run_out(f.context);
    BOOST_TEST(drained == 3);
    BOOST_TEST(run(f.context, f.api().async_drain(40s)));
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_the_wait_and_not_the_calls) {
    draining_fixture f;
    f.start_slow_call();
    asio::cancellation_signal signal;
    bool called = false;
    f.api().async_drain(40s, asio::bind_cancellation_slot(signal.slot(), [&](bool quiet) {
                            called = true;
                            BOOST_TEST(!quiet);
                            BOOST_TEST(f.slow.has_error());
                        }));
    while (f.server.requests().empty()) f.context.run_for(1ms);
    signal.emit(asio::cancellation_type::terminal);
    run_out(f.context);
    BOOST_TEST(called);
    BOOST_TEST(f.slow.has_value());
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_does_not_keep_it_waiting) {
    draining_fixture f;
    f.api().async_call(cc::get_order(known_id),
                       cc::as_result([](const cc::result<cc::order>&) { throw std::runtime_error("thrown"); }));
    BOOST_CHECK_THROW(run_out(f.context), std::runtime_error);
    BOOST_TEST(run(f.context, f.api().async_drain(40s)));
}

BOOST_AUTO_TEST_CASE(close_ends_a_drain) {
    draining_fixture f;
    f.server.inject(fault::never_answer());
    f.api().async_call(cc::get_order(known_id), cc::as_result([&](cc::result<cc::order> r) { f.slow = r; }));
    bool called = false;
    f.api().async_drain(std::chrono::hours(1), [&](bool) { called = true; });
    while (f.server.requests().empty()) f.context.run_for(1ms);
    f.api().close();
    f.api().close();
    run_out(f.context);
    BOOST_TEST(called);
    BOOST_TEST((f.slow.error() == errc::client_closed));
}

BOOST_AUTO_TEST_CASE(a_context_may_end_in_a_drain) {
    draining_fixture f;
    f.server.inject(fault::never_answer());
    auto context = std::make_unique<asio::io_context>();
    const cc::client api(context->get_executor(), f.config);
    auto kept = std::make_shared<int>();
    api.async_call(cc::get_order(known_id), [kept](std::exception_ptr, cc::order) { BOOST_ERROR("called"); });
    api.async_drain(40s, [kept](bool) { BOOST_ERROR("called"); });
    while (f.server.requests().empty()) context->run_for(1ms);
    context.reset();
    BOOST_TEST(kept.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(threads_may_call_cancel_drain_and_close_at_the_same_time) {
    draining_fixture f;
    f.server.inject(fault::delay(1ms));
    const cc::client api = f.api();
    std::atomic<int> ended{0};
    constexpr int threads = 8;
    constexpr int calls = 25;
    auto work = asio::make_work_guard(f.context);
    std::vector<std::thread> runners;
    for (int i = 0; i < 2; ++i) runners.emplace_back([&] { f.context.run(); });
    std::vector<std::thread> callers;
    for (int t = 0; t < threads; ++t) {
        callers.emplace_back([&, t] {
            for (int i = 0; i < calls; ++i) {
                api.async_call(cc::get_order(known_id), [&](std::exception_ptr, cc::order) { ++ended; });
                if (t == 1 && i == 20) api.async_drain(1ms, [](bool) {});
                if (t == 2 && i == 24) api.close();
            }
        });
    }
    for (auto& c : callers) c.join();
    BOOST_TEST((api.async_drain(40s, asio::use_future).wait_for(patience) == std::future_status::ready));
    work.reset();
    for (auto& r : runners) r.join();
    BOOST_TEST(ended == threads * calls);
    BOOST_TEST(api.stats().leased == 0u);
    BOOST_TEST(api.stats().waiting == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
