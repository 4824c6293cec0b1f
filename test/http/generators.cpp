// Generators made of functions: when these are called and by whom, and what comes of errors, cancelling and
// destruction.
#include <cubicasa/batch.hpp>
#include <cubicasa/generate.hpp>

#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(generators)

using namespace test;
namespace cc = cubicasa;
using asio::cancellation_type;
using cc::errc;

namespace {

using queue = asio::experimental::channel<void(boost::system::error_code, std::optional<int>)>;
using numbers_generator = cc::async_generator<int>;

template <class T>
asio::awaitable<T> cancelled_by_all_types(asio::awaitable<T> inner) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    T out = co_await std::move(inner);
    co_return out;
}

asio::awaitable<std::vector<int>> all_of(numbers_generator from) {
    std::vector<int> out;
    while (auto n = co_await from.next()) out.push_back(*n);
    co_return out;
}

// 1, 2, ... up to `last`, without waiting.
auto counting(int last) {
    return [n = 0, last]() mutable -> asio::awaitable<std::optional<int>> {
        if (n == last) co_return std::nullopt;
        co_return ++n;
    };
}

// A function that waits until the test pushes something.
struct generating {
    // Counts its calls, and those that have not ended.
    auto popping() {
        return [this] { return pop(); };
    }
    void push(std::optional<int> n) {
        BOOST_TEST_REQUIRE(values.try_send(boost::system::error_code(), n));
        poll();
    }
    void poll() {
        context.restart();
        context.poll();
    }

    // One next(); what it gave is added to `came` or `errors`, the end counted.
    void next(numbers_generator& from) {
        asio::co_spawn(context, from.try_next(), [this](std::exception_ptr e, auto r) { note(e, std::move(r)); });
        poll();
    }
    // The same, to be cancelled by emit().
    void cancellable_next(numbers_generator& from) {
        asio::co_spawn(context, cancelled_by_all_types(from.try_next()),
                       asio::bind_cancellation_slot(signal.slot(),
                                                    [this](std::exception_ptr e, auto r) { note(e, std::move(r)); }));
        poll();
    }
    void emit(cancellation_type type) {
        signal.emit(type);
        poll();
    }
    // The next value, which must be there.
    int value(numbers_generator& from) {
        const auto r = run(context, from.try_next());
        BOOST_TEST_REQUIRE((r.has_value() && r->has_value()));
        return **r;
    }
    cc::error error_of_next(numbers_generator& from) {
        const auto r = run(context, from.try_next());
        BOOST_TEST_REQUIRE(r.has_error());
        return r.error();
    }

    asio::io_context context;
    queue values{context, 16};
    int calls = 0;
    int running = 0;
    std::vector<int> came;
    std::vector<cc::error> errors;
    int ends = 0;
    asio::cancellation_signal signal;

private:
    asio::awaitable<std::optional<int>> pop() {
        ++calls;
        ++running;
        const std::shared_ptr<void> ending(nullptr, [this](void*) { --running; });
        std::optional<int> out = co_await values.async_receive(asio::use_awaitable);
        co_return out;
    }

    void note(std::exception_ptr e, cc::result<std::optional<int>> r) {
        BOOST_TEST_REQUIRE(!e);
        if (r.has_error()) {
            errors.push_back(r.error());
        } else if (*r) {
            came.push_back(**r);
        } else {
            ++ends;
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(each_call_of_the_function_gives_a_value_until_one_gives_none, generating) {
    auto g = cc::generate<int>(popping());
    for (const int n : {7, 8, 9}) {
        push(n);
        BOOST_TEST(value(g) == n);
    }
    push(std::nullopt);
    next(g);
    BOOST_TEST(ends == 1);
    next(g);
    next(g);
    BOOST_TEST(ends == 3);
    BOOST_TEST(calls == 4);  // and no more at the end
}

BOOST_FIXTURE_TEST_CASE(the_function_is_called_for_a_next_and_not_ahead_of_it, generating) {
    auto g = cc::generate<int>(popping());
    poll();
    BOOST_TEST(calls == 0);
    push(1);
    push(2);
    next(g);
    poll();
    BOOST_TEST(calls == 1);
}

BOOST_FIXTURE_TEST_CASE(a_function_may_give_its_values_without_waiting, generating) {
    const auto got = run(context, all_of(cc::generate<int>(counting(1000))));
    BOOST_TEST(got.size() == 1000u);
    BOOST_TEST(got.back() == 1000);
}

BOOST_FIXTURE_TEST_CASE(a_generator_that_nobody_asks_never_calls_its_function, generating) {
    cc::generate<int>(popping());
    run_out(context);
    BOOST_TEST(calls == 0);
}

BOOST_FIXTURE_TEST_CASE(a_generator_that_is_gone_before_the_turn_of_its_function_never_calls_it, generating) {
    {
        auto g = cc::generate<int>(popping());
        asio::co_spawn(context, g.try_next(), [this](std::exception_ptr, auto r) { errors.push_back(r.error()); });
        context.poll_one();
    }
    run_out(context);
    BOOST_TEST(calls == 0);
    BOOST_TEST_REQUIRE(errors.size() == 1u);
    BOOST_TEST((errors[0] == errc::cancelled));
}

BOOST_FIXTURE_TEST_CASE(what_the_function_throws_comes_from_next_and_the_call_after_it_calls_it_again, generating) {
    int step = 0;
    auto stumbling = [&]() -> asio::awaitable<std::optional<int>> {
        switch (++step) {
            case 1:
                throw cc::failure(cc::error(errc::throttled, "slowly"));
            case 2:
                throw boost::system::system_error(asio::error::connection_reset);
            case 3:
                throw std::runtime_error("no more ids");
            case 4:
                co_return 4;
            default:
                co_return std::nullopt;
        }
    };
    auto g = cc::generate<int>(stumbling);
    const auto first = error_of_next(g);
    BOOST_TEST((first == errc::throttled));
    BOOST_TEST(first.message == "slowly");
    BOOST_TEST((error_of_next(g).code == asio::error::connection_reset));
    const auto third = error_of_next(g);
    BOOST_TEST((third == errc::callback_failed));
    BOOST_TEST(third.message == "no more ids");
    BOOST_TEST(value(g) == 4);
    next(g);
    BOOST_TEST(ends == 1);
}

BOOST_FIXTURE_TEST_CASE(a_function_that_throws_before_it_returns_an_awaitable_does_no_harm, generating) {
    bool good = false;
    auto no_coroutine = [&]() -> asio::awaitable<std::optional<int>> {
        if (!good) throw std::out_of_range("nothing here");
        return values.async_receive(asio::use_awaitable);
    };
    auto g = cc::generate<int>(no_coroutine);
    const auto e = error_of_next(g);
    BOOST_TEST((e == errc::callback_failed));
    BOOST_TEST(e.message == "nothing here");
    BOOST_CHECK_THROW(run(context, g.next()), cc::failure);
    good = true;
    push(5);
    BOOST_TEST(value(g) == 5);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_next_leaves_the_function_and_its_value_to_the_next_one, generating) {
    for (const auto type : {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        calls = 0;
        errors.clear();
        came.clear();
        auto g = cc::generate<int>(popping());
        cancellable_next(g);
        emit(type);
        BOOST_TEST_REQUIRE(errors.size() == 1u);
        BOOST_TEST((errors[0] == errc::cancelled));
        BOOST_TEST(running == 1);
        next(g);  // waits for the same call
        push(3);
        BOOST_TEST((came == std::vector{3}));
        BOOST_TEST(calls == 1);
    }
}

BOOST_FIXTURE_TEST_CASE(what_comes_while_nobody_waits_is_kept, generating) {
    auto g = cc::generate<int>(popping());
    cancellable_next(g);
    emit(cancellation_type::terminal);
    push(3);
    BOOST_TEST(running == 0);
    BOOST_TEST(value(g) == 3);
    BOOST_TEST(calls == 1);
}

BOOST_FIXTURE_TEST_CASE(an_end_and_an_error_that_come_while_nobody_waits_are_kept, generating) {
    auto g = cc::generate<int>(popping());
    cancellable_next(g);
    emit(cancellation_type::terminal);
    values.try_send(asio::error::connection_reset, std::nullopt);
    poll();
    BOOST_TEST((error_of_next(g).code == asio::error::connection_reset));
    cancellable_next(g);
    emit(cancellation_type::terminal);
    push(std::nullopt);
    next(g);
    BOOST_TEST(ends == 1);
    BOOST_TEST(calls == 2);
}

BOOST_FIXTURE_TEST_CASE(a_next_that_is_cancelled_when_its_value_has_come_loses_nothing, generating) {
    auto g = cc::generate<int>(popping());
    cancellable_next(g);
    BOOST_TEST_REQUIRE(values.try_send(boost::system::error_code(), std::optional<int>(3)));
    context.restart();
    while (running > 0) context.poll_one();
    emit(cancellation_type::terminal);
    if (came.empty()) next(g);
    BOOST_TEST((came == std::vector{3}));
    BOOST_TEST(calls == 1);
}

BOOST_FIXTURE_TEST_CASE(a_next_in_a_coroutine_that_was_cancelled_before_does_not_wait, generating) {
    auto g = cc::generate<int>(popping());
    auto late = [](numbers_generator& from, asio::cancellation_signal& s) -> asio::awaitable<cc::error> {
        co_await asio::this_coro::throw_if_cancelled(false);
        s.emit(cancellation_type::terminal);
        auto r = co_await from.try_next();
        co_return r.has_error() ? r.error() : cc::error();
    };
    asio::co_spawn(context, late(g, signal),
                   asio::bind_cancellation_slot(
                       signal.slot(), [this](std::exception_ptr, const cc::error& e) { errors.push_back(e); }));
    poll();
    BOOST_TEST_REQUIRE(errors.size() == 1u);
    BOOST_TEST((errors[0] == errc::cancelled));
    push(3);
    BOOST_TEST(value(g) == 3);
}

BOOST_FIXTURE_TEST_CASE(a_second_next_at_the_same_time_is_refused_and_the_first_goes_on, generating) {
    auto g = cc::generate<int>(popping());
    next(g);
    next(g);
    BOOST_TEST_REQUIRE(errors.size() == 1u);
    BOOST_TEST((errors[0] == errc::invalid_argument));
    push(3);
    BOOST_TEST((came == std::vector{3}));
    BOOST_TEST(calls == 1);
}

BOOST_FIXTURE_TEST_CASE(destroying_a_generator_cancels_its_function_and_the_next_that_waits, generating) {
    {
        auto g = cc::generate<int>(popping());
        next(g);
        BOOST_TEST(running == 1);
    }
    run_out(context);
    BOOST_TEST(running == 0);
    BOOST_TEST_REQUIRE(errors.size() == 1u);
    BOOST_TEST((errors[0] == errc::cancelled));
}

BOOST_FIXTURE_TEST_CASE(destroying_a_generator_cancels_a_function_for_which_nobody_waits, generating) {
    {
        auto g = cc::generate<int>(popping());
        cancellable_next(g);
        emit(cancellation_type::terminal);
        BOOST_TEST(running == 1);
    }
    run_out(context);
    BOOST_TEST(running == 0);
}

BOOST_FIXTURE_TEST_CASE(destroying_a_generator_does_not_wait_for_a_function_that_will_not_end, generating) {
    const auto held = std::make_shared<int>();
    {
        auto stubborn = [this, held, wait = popping()]() -> asio::awaitable<std::optional<int>> {
            co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
            std::optional<int> out = co_await wait();
            co_return out;
        };
        auto g = cc::generate<int>(std::move(stubborn));
        next(g);
    }
    poll();
    BOOST_TEST((errors.size() == 1u && errors[0] == errc::cancelled));
    BOOST_TEST(running == 1);
    BOOST_TEST(held.use_count() == 2);  // what runs has its function
    push(3);
    run_out(context);
    BOOST_TEST(running == 0);
    BOOST_TEST(held.use_count() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_generator_that_another_takes_the_place_of_is_destroyed, generating) {
    auto g = cc::generate<int>(popping());
    next(g);
    g = cc::generate<int>(counting(1));
    poll();
    BOOST_TEST(running == 0);
    BOOST_TEST((errors.size() == 1u && errors[0] == errc::cancelled));
    BOOST_TEST(value(g) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_function_may_destroy_its_generator, generating) {
    std::optional<numbers_generator> g;
    auto suicidal = [&]() -> asio::awaitable<std::optional<int>> {
        g.reset();
        co_return 1;
    };
    g.emplace(cc::generate<int>(suicidal));
    next(*g);
    BOOST_TEST(!g);
    BOOST_TEST((errors.size() == 1u && errors[0] == errc::cancelled));
}

BOOST_FIXTURE_TEST_CASE(the_context_may_go_while_the_function_waits, generating) {
    const auto held = std::make_shared<int>();
    auto own = std::make_unique<asio::io_context>();
    auto waiting = [executor = own->get_executor(), held]() -> asio::awaitable<std::optional<int>> {
        asio::steady_timer never(executor, asio::steady_timer::time_point::max());
        co_await never.async_wait(asio::use_awaitable);
        co_return 1;
    };
    auto consumer = [](auto function) -> asio::awaitable<void> {
        auto g = cc::generate<int>(std::move(function));
        co_await g.next();
    };
    asio::co_spawn(*own, consumer(waiting), asio::detached);
    own->poll();
    own.reset();
    BOOST_TEST(held.use_count() == 2);  // ours, and that in `waiting`
}

// Every moment is one in which the context may be destroyed.
BOOST_FIXTURE_TEST_CASE(the_context_may_go_at_any_time, generating) {
    const auto held = std::make_shared<int>();
    for (int steps = 0; steps < 60; ++steps) {
        std::optional<asio::io_context> own(std::in_place);
        auto hopping = [held]() -> asio::awaitable<std::optional<int>> {
            const asio::any_io_executor executor = co_await asio::this_coro::executor;
            co_await asio::post(executor, asio::use_awaitable);
            co_return 1;
        };
        auto g = cc::generate<int>(hopping);
        auto endless = [](numbers_generator& from) -> asio::awaitable<void> {
            for (;;) co_await from.next();
        };
        asio::co_spawn(*own, endless(g), asio::detached);
        for (int i = 0; i < steps; ++i) own->poll_one();
        if (steps % 2 == 0) own.reset();  // or after the generator
    }
    BOOST_TEST(held.use_count() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_generator_outlives_a_context_and_goes_on_in_another, generating) {
    int begun = 0;
    auto waiting = [&]() -> asio::awaitable<std::optional<int>> {
        const bool forever = begun++ == 0;
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(
            executor, forever ? asio::steady_timer::time_point::max() : asio::steady_timer::time_point::min());
        co_await timer.async_wait(asio::use_awaitable);
        co_return 6;
    };
    auto g = cc::generate<int>(waiting);
    std::optional<asio::io_context> first(std::in_place);
    asio::co_spawn(*first, g.try_next(), asio::detached);
    first->poll();
    BOOST_TEST(begun == 1);
    first.reset();
    BOOST_TEST((error_of_next(g) == errc::client_closed));
    BOOST_TEST(value(g) == 6);
    BOOST_TEST(begun == 2);
}

BOOST_FIXTURE_TEST_CASE(functions_and_values_may_be_of_types_that_can_only_be_moved, generating) {
    auto boxes = [left = std::make_unique<int>(2)]() -> asio::awaitable<std::optional<std::unique_ptr<int>>> {
        if (*left == 0) co_return std::nullopt;
        co_return std::make_unique<int>((*left)--);
    };
    auto g = cc::generate<std::unique_ptr<int>>(std::move(boxes));
    auto sum = [](cc::async_generator<std::unique_ptr<int>> from) -> asio::awaitable<int> {
        int out = 0;
        while (auto box = co_await from.next()) out = 10 * out + **box;
        co_return out;
    };
    BOOST_TEST(run(context, sum(std::move(g))) == 21);
}

BOOST_FIXTURE_TEST_CASE(the_function_runs_on_a_strand_of_the_executor_of_next, generating) {
    bool on_strand = false;
    bool in_context = false;
    auto looking = [&]() -> asio::awaitable<std::optional<int>> {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        const auto* strand = executor.target<asio::strand<asio::any_io_executor>>();
        on_strand = strand != nullptr && strand->running_in_this_thread();
        in_context = context.get_executor().running_in_this_thread();
        co_return 1;
    };
    auto g = cc::generate<int>(looking);
    value(g);
    BOOST_TEST(on_strand);
    BOOST_TEST(in_context);
}

BOOST_FIXTURE_TEST_CASE(the_position_of_such_a_generator_is_empty, generating) {
    auto g = cc::generate<int>(counting(2));
    value(g);
    BOOST_TEST((g.position().text() == cc::cursor().text()));
}

BOOST_FIXTURE_TEST_CASE(a_batch_takes_its_items_from_such_a_generator, generating) {
    auto twice = [](int n) -> asio::awaitable<int> { co_return 2 * n; };
    auto b = cc::for_each_bounded(cc::generate<int>(counting(100)), cc::in_flight(7), twice);
    auto sum = [](cc::batch<int>& from) -> asio::awaitable<int> {
        int out = 0;
        while (auto o = co_await from.next()) out += *o->result;
        co_return out;
    };
    BOOST_TEST(run(context, sum(b)) == 100 * 101);
}

BOOST_FIXTURE_TEST_CASE(a_batch_that_is_stopped_cancels_the_function_that_it_waits_for, generating) {
    auto twice = [](int n) -> asio::awaitable<int> { co_return 2 * n; };
    auto b = cc::for_each_bounded(cc::generate<int>(popping()), cc::in_flight(4), twice);
    push(1);
    asio::co_spawn(context, b.try_next(), [&](std::exception_ptr, auto r) { came.push_back(*(*r)->result); });
    poll();
    BOOST_TEST((came == std::vector{2}));
    BOOST_TEST(running == 1);
    run(context, b.stop());
    BOOST_TEST(running == 0);
}

BOOST_FIXTURE_TEST_CASE(an_error_of_the_function_is_one_of_the_batch_which_then_goes_on, generating) {
    auto twice = [](int n) -> asio::awaitable<int> { co_return 2 * n; };
    auto b = cc::for_each_bounded(cc::generate<int>(popping()), cc::in_flight(1), twice);
    values.try_send(asio::error::connection_reset, std::nullopt);
    push(4);
    push(std::nullopt);
    const auto first = run(context, b.try_next());
    BOOST_TEST_REQUIRE(first.has_error());
    BOOST_TEST((first.error().code == asio::error::connection_reset));
    const auto second = run(context, b.try_next());
    BOOST_TEST_REQUIRE((second.has_value() && second->has_value()));
    BOOST_TEST(*(*second)->result == 8);
}

BOOST_AUTO_TEST_SUITE_END()

// With several threads, for the thread sanitizer.
BOOST_AUTO_TEST_SUITE(generators_on_threads)

using namespace test;
namespace cc = cubicasa;
using cc::errc;

namespace {

using shared_queue = asio::experimental::concurrent_channel<void(boost::system::error_code, std::optional<int>)>;

}  // namespace

BOOST_AUTO_TEST_CASE(values_of_another_thread_come_in_order_and_the_function_never_runs_twice_at_once) {
    asio::thread_pool threads(3);
    shared_queue values(threads, 1);
    std::atomic<int> running{0};
    std::atomic<bool> alone{true};
    auto popping = [&]() -> asio::awaitable<std::optional<int>> {
        if (++running != 1) alone = false;
        std::optional<int> out = co_await values.async_receive(asio::use_awaitable);
        --running;
        co_return out;
    };
    auto consumer = [](auto function) -> asio::awaitable<std::vector<int>> {
        auto g = cc::generate<int>(function);
        std::vector<int> out;
        while (auto n = co_await g.next()) out.push_back(*n);
        co_return out;
    };
    auto producer = [](shared_queue& to) -> asio::awaitable<void> {
        for (int i = 0; i < 500; ++i) {
            const std::optional<int> n(i);
            co_await to.async_send(boost::system::error_code(), n, asio::use_awaitable);
        }
        const std::optional<int> none;
        co_await to.async_send(boost::system::error_code(), none, asio::use_awaitable);
    };
    auto got = asio::co_spawn(threads, consumer(popping), asio::use_future);
    auto sent = asio::co_spawn(threads, producer(values), asio::use_future);
    BOOST_TEST_REQUIRE((got.wait_for(patience) == std::future_status::ready));
    sent.get();
    const std::vector<int> numbers = got.get();
    BOOST_TEST_REQUIRE(numbers.size() == 500u);
    for (int i = 0; i < 500; ++i) BOOST_TEST(numbers[static_cast<std::size_t>(i)] == i);
    BOOST_TEST(alone);
}

BOOST_AUTO_TEST_CASE(destroying_a_generator_on_another_thread_at_any_moment_ends_its_next) {
    asio::thread_pool threads(3);
    for (int i = 0; i < 200; ++i) {
        const int quick = i % 3;
        const auto begun = std::make_shared<std::atomic<int>>(0);
        auto stopping = [begun, quick]() -> asio::awaitable<std::optional<int>> {
            if (begun->fetch_add(1) < quick) co_return 1;
            const asio::any_io_executor executor = co_await asio::this_coro::executor;
            asio::steady_timer never(executor, asio::steady_timer::time_point::max());
            co_await never.async_wait(asio::use_awaitable);
            co_return 2;
        };
        std::optional<cc::async_generator<int>> g(cc::generate<int>(stopping));
        for (int n = 0; n < quick; ++n) {
            BOOST_TEST(asio::co_spawn(threads, g->next(), asio::use_future).get().value() == 1);
        }
        auto last = asio::co_spawn(threads, g->try_next(), asio::use_future);
        while (i % 2 == 0 && *begun <= quick) std::this_thread::yield();
        g.reset();
        BOOST_TEST_REQUIRE((last.wait_for(patience) == std::future_status::ready));
        const auto r = last.get();
        BOOST_TEST((r.has_error() && r.error() == errc::cancelled));
    }
    threads.join();
}

BOOST_AUTO_TEST_CASE(a_batch_on_several_threads_takes_each_value_once) {
    asio::thread_pool threads(3);
    auto counting = [n = 0]() mutable -> asio::awaitable<std::optional<int>> {
        if (n == 300) co_return std::nullopt;
        co_return ++n;
    };
    auto twice = [](int n) -> asio::awaitable<int> { co_return 2 * n; };
    auto sum = [](cc::batch<int> from) -> asio::awaitable<int> {
        int out = 0;
        while (auto o = co_await from.next()) out += *o->result;
        co_return out;
    };
    auto b = cc::for_each_bounded(cc::generate<int>(std::move(counting)), cc::in_flight(16), twice);
    auto total = asio::co_spawn(threads, sum(std::move(b)), asio::use_future);
    BOOST_TEST_REQUIRE((total.wait_for(patience) == std::future_status::ready));
    BOOST_TEST(total.get() == 300 * 301);
}

BOOST_AUTO_TEST_SUITE_END()
