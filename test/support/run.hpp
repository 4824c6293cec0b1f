// Runs coroutines to their end in tests.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace test {

namespace asio = boost::asio;

// What hangs is a failure, not a test that never ends. Far longer than anything takes, also under valgrind.
constexpr auto patience = std::chrono::seconds(50);

// Runs a context until it has no more work; fails if that does not happen.
inline void run_out(asio::io_context& context) {
    context.run_for(patience);
    BOOST_TEST_REQUIRE(context.stopped(), "the context still has work");
}

// The value of a coroutine that is run on `context`, after the context has run out of work.
template <class T>
T run(asio::io_context& context, asio::awaitable<T> work) {
    std::exception_ptr failure;
    std::optional<T> value;
    asio::co_spawn(context, std::move(work), [&](std::exception_ptr e, T v) {
        failure = e;
        if (!e) value.emplace(std::move(v));
    });
    context.restart();
    run_out(context);
    if (failure) std::rethrow_exception(failure);
    BOOST_TEST_REQUIRE(value.has_value());
    return std::move(*value);
}

inline void run(asio::io_context& context, asio::awaitable<void> work) {
    std::exception_ptr failure;
    bool done = false;
    asio::co_spawn(context, std::move(work), [&](std::exception_ptr e) {
        failure = e;
        done = true;
    });
    context.restart();
    run_out(context);
    if (failure) std::rethrow_exception(failure);
    BOOST_TEST_REQUIRE(done);
}

}  // namespace test
