// For each operation of the API, whatever socket operation of its call goes wrong: the call ends, its error says no
// less than the server's log, nothing stays in use, and the next call goes well.
#include "support/every_request.hpp"
#include "support/io_fault.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <type_traits>

using namespace test;
using kind = io_fault::kind;

namespace {

// More than any call needs; the end of what would otherwise be an endless sweep.
constexpr std::size_t too_many = 100;

struct trial {
    bool failed = false;
    cc::error error;
    std::size_t operations = 0;
    bool happened = false;
};

template <class E>
void note(trial& t, const cc::result<typename E::response>& r) {
    t.failed = r.has_error();
    if (r) {
        if constexpr (std::is_same_v<E, cc::ping>) t.failed = r->verdict == cc::ping_verdict::unreachable;
    } else {
        t.error = r.error();
    }
}

// The call, cancelled from within the given operation if `type` says so.
template <class E>
trial attempt(sandbox& server, const E& request, std::size_t at, kind what, cc::call_options options = {},
              asio::cancellation_type type = asio::cancellation_type::none) {
    trial t;
    asio::io_context context;
    auto config = server.config();
    config.retry.max_attempts = 1;
    const cc::client api(context.get_executor(), config);
    const auto requests_before = server.stats().requests;
    asio::cancellation_signal stop;
    {
        io_fault fault(at, what, [&] {
            if (type != asio::cancellation_type::none) asio::post(context, [&] { stop.emit(type); });
        });
        bool called = false;
        api.async_call(request, options,
                       asio::bind_cancellation_slot(stop.slot(), cc::as_result([&](cc::result<typename E::response> r) {
                                                        called = true;
                                                        note<E>(t, r);
                                                    })));
        run_out(context);
        BOOST_TEST_REQUIRE(called);
        t.operations = fault.operations();
        t.happened = fault.happened();
    }
    const auto stats = api.stats();
    BOOST_TEST(stats.leased + stats.waiting + stats.connecting + stats.held == 0u);
    const auto next = run(context, [](cc::client a) -> asio::awaitable<cc::result<cc::order>> {
        const auto token = cc::as_result(asio::use_awaitable);
        co_return co_await a.async_call(cc::get_order(known_id), token);
    }(api));
    BOOST_TEST(next.has_value(), (next ? "" : next.error().describe()));
    // The server had to answer the next call, so it has come to know of this one.
    const auto seen = server.stats().requests - requests_before - 1;
    BOOST_TEST(seen <= 1u);
    if (t.error && seen > 0) BOOST_TEST((t.error.delivery != cc::delivery::never_sent), t.error);
    return t;
}

// f(request, n) for each operation, and n from 1 until it returns false.
template <class F>
void sweep(F f) {
    for_each_request([&](const auto& request) {
        BOOST_TEST_CONTEXT(std::remove_cvref_t<decltype(request)>::name) {
            std::size_t n = 1;
            bool goes_on = true;
            for (; goes_on && n < too_many; ++n) {
                BOOST_TEST_CONTEXT("socket operation " << n) goes_on = f(request, n);
            }
            // A socket, a connect, a handshake and an exchange are more than this.
            BOOST_TEST((n > 6 && n < too_many), "ended after " << n);
        }
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(every_io_operation)

BOOST_AUTO_TEST_CASE(may_fail) {
    sandbox server;
    sweep([&](const auto& request, std::size_t n) {
        const trial t = attempt(server, request, n, kind::error);
        if (t.happened) BOOST_TEST(t.failed);
        if (t.happened && t.error) BOOST_TEST((t.error == cc::condition::network), t.error);
        return t.happened;
    });
}

BOOST_AUTO_TEST_CASE(may_find_the_end) {
    sandbox server;
    sweep([&](const auto& request, std::size_t n) {
        const trial t = attempt(server, request, n, kind::end);
        if (t.happened) BOOST_TEST(t.failed);
        if (t.happened && t.error) BOOST_TEST((t.error == cc::condition::network), t.error);
        return t.happened;
    });
}

// The worst that a network can do to the pieces of a message changes nothing.
BOOST_AUTO_TEST_CASE(may_move_a_single_byte) {
    sandbox server;
    sandbox slow;
    for_each_request([&](const auto& request) {
        BOOST_TEST_CONTEXT(std::remove_cvref_t<decltype(request)>::name) {
            const trial whole = attempt(server, request, too_many, kind::none);
            const trial pieces = attempt(slow, request, 1, kind::trickle);
            BOOST_TEST(pieces.operations > 10 * whole.operations);
            BOOST_TEST(pieces.failed == whole.failed);
            BOOST_TEST(pieces.error.code == whole.error.code);
            BOOST_TEST(pieces.error.http_status == whole.error.http_status);
        }
    });
}

BOOST_AUTO_TEST_CASE(may_be_cancelled) {
    sandbox server;
    sweep([&](const auto& request, std::size_t n) {
        const trial t = attempt(server, request, n, kind::none, cc::call_options(), asio::cancellation_type::terminal);
        // The cancel may come when the answer is there already.
        if (t.failed && t.error && t.error.http_status == 0) BOOST_TEST((t.error == cc::errc::cancelled), t.error);
        return t.happened;
    });
}

// A call that promises to have no effect if it is cancelled keeps the promise.
BOOST_AUTO_TEST_CASE(may_be_cancelled_without_an_effect) {
    sandbox server;
    sweep([&](const auto& request, std::size_t n) {
        const trial t = attempt(server, request, n, kind::none, cc::call_options(), asio::cancellation_type::total);
        if (t.error && t.error == cc::errc::cancelled) {
            BOOST_TEST((t.error.delivery == cc::delivery::never_sent), t.error);
        }
        return t.happened;
    });
}

BOOST_AUTO_TEST_CASE(may_never_end) {
    sandbox server;
    cc::call_options options;
    options.total = std::chrono::milliseconds(300);
    for (std::size_t n = 1; n < too_many; ++n) {
        BOOST_TEST_CONTEXT("socket operation " << n) {
            const trial t = attempt(server, cc::get_order(known_id), n, kind::silence, options);
            if (!t.happened) break;
            BOOST_TEST_REQUIRE(t.failed);
            BOOST_TEST((t.error == cc::condition::timeout), t.error);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
