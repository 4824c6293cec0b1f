// Batches of functions that wait until the test lets them go on: bounds, order, errors, stopping and cancelling.
#include <cubicasa/batch.hpp>

#include "support/held_items.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

BOOST_AUTO_TEST_SUITE(batches)

using namespace test;
namespace cc = cubicasa;
using asio::cancellation_type;
using cc::batch_options;
using cc::batch_order;
using cc::errc;
using cc::in_flight;

namespace {

std::vector<int> numbers(int n) {
    std::vector<int> out(static_cast<std::size_t>(n));
    std::iota(out.begin(), out.end(), 0);
    return out;
}

batch_options in_order(std::size_t n) {
    batch_options out = in_flight(n);
    out.order = batch_order::input;
    return out;
}
batch_options until_failure(std::size_t n) {
    batch_options out = in_flight(n);
    out.on_error = cc::on_error::stop;
    return out;
}

using fixture = held_items;

}  // namespace

BOOST_FIXTURE_TEST_CASE(each_item_has_one_outcome_with_its_index_and_its_value, fixture) {
    open = true;
    auto b = cc::for_each_bounded(numbers(100), in_flight(7), doubled());
    finish(b);
    BOOST_TEST_REQUIRE(outcomes.size() == 100u);
    for (const auto& o : outcomes) BOOST_TEST(*o.result == 2 * static_cast<int>(o.index));
    BOOST_TEST(sorted_indices().front() == 0u);
    BOOST_TEST(sorted_indices().back() == 99u);
    BOOST_TEST(begun == 100);
}

BOOST_FIXTURE_TEST_CASE(nothing_runs_before_the_first_next, fixture) {
    auto b = cc::for_each_bounded(numbers(3), in_flight(2), doubled());
    poll();
    BOOST_TEST(begun == 0);
}

BOOST_FIXTURE_TEST_CASE(an_outcome_is_handed_out_when_it_is_there, fixture) {
    auto b = cc::for_each_bounded(numbers(3), in_flight(3), doubled());
    next(b);
    release(2);
    next(b);
    release(0);
    BOOST_TEST((indices() == std::vector<std::size_t>{2, 0}));
    finish(b);
}

BOOST_FIXTURE_TEST_CASE(in_the_order_of_the_input_those_that_are_ready_wait_for_those_before, fixture) {
    auto b = cc::for_each_bounded(numbers(5), in_order(3), doubled());
    next(b);
    release(2);
    release(1);
    BOOST_TEST(outcomes.empty());
    BOOST_TEST(begun == 3);  // a slow item keeps the places behind it
    release(0);
    finish(b);
    BOOST_TEST((indices() == std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

BOOST_FIXTURE_TEST_CASE(never_more_are_begun_than_were_asked_for_and_handed_out, fixture) {
    open = true;
    auto b = cc::for_each_bounded(numbers(100), in_flight(4), doubled());
    for (int taken = 1; taken <= 50; ++taken) {
        next(b);
        BOOST_TEST(begun == taken + 4);  // one more has its place now
    }
    BOOST_TEST(peak <= 4);
}

BOOST_FIXTURE_TEST_CASE(with_one_in_flight_items_run_one_after_the_other, fixture) {
    for (const std::size_t n : {0u, 1u}) {
        open = true;
        auto b = cc::for_each_bounded(numbers(10), in_flight(n), doubled());
        outcomes.clear();
        finish(b);
        BOOST_TEST(peak == 1);
        BOOST_TEST(std::ranges::is_sorted(indices()));
    }
}

BOOST_FIXTURE_TEST_CASE(an_empty_list_ends_at_once_and_stays_at_its_end, fixture) {
    auto b = cc::for_each_bounded(numbers(0), in_flight(4), doubled());
    next(b);
    next(b);
    BOOST_TEST(ends == 2);
}

BOOST_FIXTURE_TEST_CASE(a_failed_item_is_an_outcome_and_the_others_go_on, fixture) {
    auto b = cc::for_each_bounded(numbers(10), in_flight(4), doubled());
    next(b);
    fail(1);
    finish(b);
    BOOST_TEST(outcomes.size() == 10u);
    BOOST_TEST(count(errc::callback_failed) == 1);
    BOOST_TEST(outcomes[0].result.error().message == "told to fail");
}

BOOST_FIXTURE_TEST_CASE(with_stop_a_failed_item_cancels_the_others_and_all_outcomes_are_handed_out, fixture) {
    for (const auto order : {batch_order::completion, batch_order::input}) {
        outcomes.clear();
        begun = 0;
        open = false;
        auto how = until_failure(4);
        how.order = order;
        auto b = cc::for_each_bounded(numbers(10), how, doubled());
        next(b);
        fail(2);
        BOOST_TEST(running == 0);
        finish(b);
        BOOST_TEST(begun == 4);
        BOOST_TEST((sorted_indices() == std::vector<std::size_t>{0, 1, 2, 3}));
        BOOST_TEST(count(errc::callback_failed) == 1);
        BOOST_TEST(count(errc::cancelled) == 3);
    }
}

BOOST_FIXTURE_TEST_CASE(items_whose_turn_has_not_come_when_it_is_stopped_are_not_begun, fixture) {
    auto b = cc::for_each_bounded(numbers(10), in_flight(4), doubled());
    asio::co_spawn(context, b.try_next(), asio::detached);
    while (begun == 0) context.poll_one();
    b.request_stop();
    finish(b);
    BOOST_TEST(begun == 1);
    BOOST_TEST(outcomes.size() == 3u);
    BOOST_TEST(count(errc::cancelled) == 3);
    const auto unsent = [](const auto& o) { return o.result.error().delivery == cc::delivery::never_sent; };
    BOOST_TEST(std::ranges::count_if(outcomes, unsent) >= 2);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_next_loses_nothing, fixture) {
    for (const auto type : {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        outcomes.clear();
        errors.clear();
        open = false;
        auto b = cc::for_each_bounded(numbers(5), in_flight(2), doubled());
        cancellable_next(b);
        emit(type);
        BOOST_TEST_REQUIRE(errors.size() == 1u);
        BOOST_TEST((errors[0] == errc::cancelled));
        BOOST_TEST(running == 2);
        release(1);
        finish(b);
        BOOST_TEST((sorted_indices() == std::vector<std::size_t>{0, 1, 2, 3, 4}));
        BOOST_TEST(cancelled() == 0);
    }
}

BOOST_FIXTURE_TEST_CASE(a_next_that_is_cancelled_after_the_outcome_came_loses_nothing, fixture) {
    auto b = cc::for_each_bounded(numbers(1), in_flight(2), doubled());
    cancellable_next(b);
    timers.at(0)->expires_at(asio::steady_timer::time_point::min());
    while (running > 0) context.poll_one();
    emit(cancellation_type::terminal);
    finish(b);
    BOOST_TEST(outcomes.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_second_next_at_the_same_time_is_refused, fixture) {
    auto b = cc::for_each_bounded(numbers(2), in_flight(2), doubled());
    next(b);
    next(b);
    BOOST_TEST_REQUIRE(errors.size() == 1u);
    BOOST_TEST((errors[0] == errc::invalid_argument));
    release(0);
    BOOST_TEST(outcomes.size() == 1u);
    finish(b);
}

BOOST_FIXTURE_TEST_CASE(destroying_a_batch_cancels_its_items_and_a_next_that_waits, fixture) {
    {
        auto b = cc::for_each_bounded(numbers(10), in_flight(3), doubled());
        next(b);
        BOOST_TEST(running == 3);
    }
    run_out(context);
    BOOST_TEST(running == 0);
    BOOST_TEST(begun == 3);
    BOOST_TEST_REQUIRE(errors.size() == 1u);
    BOOST_TEST((errors[0] == errc::cancelled));
}

BOOST_FIXTURE_TEST_CASE(stop_cancels_waits_and_leaves_the_outcomes, fixture) {
    auto b = cc::for_each_bounded(numbers(10), in_flight(3), doubled());
    next(b);
    release(0);
    const auto stop = [](cc::batch<int>& batch, int& still) -> asio::awaitable<void> {
        co_await batch.stop();
        BOOST_TEST(still == 0);
    };
    test::run(context, stop(b, running));
    BOOST_TEST(running == 0);
    finish(b);
    BOOST_TEST(begun == 4);
    BOOST_TEST((sorted_indices() == std::vector<std::size_t>{0, 1, 2, 3}));
    BOOST_TEST(cancelled() == 3);
}

BOOST_FIXTURE_TEST_CASE(stop_while_a_next_waits_gives_it_an_outcome, fixture) {
    auto b = cc::for_each_bounded(numbers(10), in_flight(3), doubled());
    next(b);
    test::run(context, b.stop());
    BOOST_TEST(cancelled() == 1);
    finish(b);
    BOOST_TEST(cancelled() == 3);
}

BOOST_FIXTURE_TEST_CASE(cancelling_stop_ends_that_wait_only_and_a_second_stop_is_refused, fixture) {
    const auto twice = doubled();
    auto stubborn = [&](int i) -> asio::awaitable<int> {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        int out = co_await twice(i);
        co_return out;
    };
    auto b = cc::for_each_bounded(numbers(10), in_flight(1), stubborn);
    next(b);
    std::vector<cc::error> stops;
    const auto note_stop = [&](std::exception_ptr e) {
        try {
            if (e) std::rethrow_exception(e);
        } catch (const cc::failure& f) {
            stops.push_back(f.details());
        }
    };
    asio::co_spawn(context, b.stop(), asio::bind_cancellation_slot(signal.slot(), note_stop));
    asio::co_spawn(context, b.stop(), note_stop);
    poll();
    emit(cancellation_type::terminal);
    BOOST_TEST_REQUIRE(stops.size() == 2u);
    BOOST_TEST((stops[0] == errc::invalid_argument));
    BOOST_TEST((stops[1] == errc::cancelled));
    BOOST_TEST(running == 1);
    release(0);
    BOOST_TEST_REQUIRE(outcomes.size() == 1u);
    BOOST_TEST(*outcomes[0].result == 0);
    finish(b);
    BOOST_TEST(begun == 1);
}

BOOST_FIXTURE_TEST_CASE(a_batch_that_is_stopped_before_it_began_is_at_its_end, fixture) {
    auto b = cc::for_each_bounded(numbers(10), in_flight(3), doubled());
    test::run(context, b.stop());
    test::run(context, b.stop());
    finish(b);
    BOOST_TEST(begun == 0);
    BOOST_TEST(outcomes.empty());
}

BOOST_FIXTURE_TEST_CASE(an_item_may_stop_its_batch, fixture) {
    std::optional<cc::batch<int>> b;
    const auto twice = doubled();
    auto stopping = [&](int i) -> asio::awaitable<int> {
        if (i == 0) co_await b->stop();
        int out = co_await twice(i);
        co_return out;
    };
    b.emplace(cc::for_each_bounded(numbers(10), in_flight(3), stopping));
    finish(*b);
    BOOST_TEST(outcomes.size() == 3u);
    BOOST_TEST(cancelled() >= 1);
}

BOOST_AUTO_TEST_SUITE_END()
