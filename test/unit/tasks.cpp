// The library's own coroutines: their order, their stack, their failures and their end.
#include "net/task.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>

namespace asio = boost::asio;
using cubicasa::detail::await_operation;
using cubicasa::detail::start_task;
using cubicasa::detail::task;

namespace {

struct running {
    asio::io_context context;
    const asio::any_io_executor executor{context.get_executor()};
    int ends = 0;
    std::string failure;

    void start(task<void> work) {
        start_task(executor, std::move(work), [this](const std::exception_ptr& e) {
            ++ends;
            try {
                if (e) std::rethrow_exception(e);
            } catch (const std::exception& x) {
                failure = x.what();
            }
        });
    }
};

task<int> ready(int value) { co_return value; }

task<void> sum(int count, long& out) {
    for (int i = 0; i < count; ++i) {
        const int value = co_await ready(i);
        out += value;
    }
}

task<int> thrower() {
    throw std::runtime_error("thrown");
    co_return 0;
}

task<void> catcher(std::string& what) {
    try {
        const int value = co_await thrower();
        what = std::to_string(value);
    } catch (const std::exception& e) {
        what = e.what();
    }
}

task<void> passes_on() {
    const int value = co_await thrower();
    static_cast<void>(value);
}

// One turn of the context, with results.
task<void> turn(asio::io_context& context, int& number, std::string& text) {
    auto post = [&](auto handler) {
        asio::post(context, [h = std::move(handler)]() mutable { h(3, std::string("text")); });
    };
    auto [n, t] = co_await await_operation<int, std::string>(post);
    number = n;
    text = t;
}

task<void> hold(std::shared_ptr<int> held, asio::io_context& context) {
    int number = 0;
    std::string text;
    for (;;) {
        co_await turn(context, number, text);
        if (held.use_count() == 0) break;
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tasks)

BOOST_FIXTURE_TEST_CASE(a_million_steps_that_need_no_wait_need_no_stack, running) {
    long total = 0;
    start(sum(1'000'000, total));
    context.run();
    BOOST_TEST(total == 499'999'500'000);
    BOOST_TEST(ends == 1);
}

BOOST_FIXTURE_TEST_CASE(an_exception_comes_to_who_awaits, running) {
    std::string what;
    start(catcher(what));
    context.run();
    BOOST_TEST(what == "thrown");
    BOOST_TEST(failure.empty());
}

BOOST_FIXTURE_TEST_CASE(the_outermost_exception_comes_with_the_end, running) {
    start(passes_on());
    context.run();
    BOOST_TEST(failure == "thrown");
    BOOST_TEST(ends == 1);
}

BOOST_FIXTURE_TEST_CASE(results_of_an_operation_come_to_the_task, running) {
    int number = 0;
    std::string text;
    start(turn(context, number, text));
    context.run();
    BOOST_TEST(number == 3);
    BOOST_TEST(text == "text");
}

BOOST_FIXTURE_TEST_CASE(the_end_is_never_told_within_the_begin, running) {
    long total = 0;
    asio::post(context, [&] {
        start(sum(1, total));
        BOOST_TEST(ends == 0);
    });
    context.run();
    BOOST_TEST(ends == 1);
}

BOOST_FIXTURE_TEST_CASE(a_task_keeps_its_context_running_until_it_ends, running) {
    // Its operation runs on another context, so that there is nothing else to wait for on its own.
    asio::io_context other;
    int number = 0;
    std::string text;
    start(turn(other, number, text));
    BOOST_TEST(context.poll() > 0u);
    BOOST_TEST(!context.stopped());
    other.run();
    BOOST_TEST(ends == 1);
    context.run();
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(all_coroutines_go_with_the_context) {
    const auto held = std::make_shared<int>();
    for (int steps = 0; steps < 4; ++steps) {
        auto r = std::make_unique<running>();
        r->start(hold(held, r->context));
        for (int i = 0; i < steps; ++i) r->context.poll_one();
        BOOST_TEST(held.use_count() == 2);
        r.reset();
        BOOST_TEST(held.use_count() == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_task_that_was_never_begun_is_destroyed_with_what_it_holds) {
    const auto held = std::make_shared<int>();
    asio::io_context context;
    {
        const task<void> never = hold(held, context);
        BOOST_TEST(held.use_count() == 2);
    }
    BOOST_TEST(held.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
