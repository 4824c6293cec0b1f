// For each operation of the API, whatever socket operation of its call goes wrong: the call ends, its error says no
// less than the server's log, nothing stays in use, and the next call goes well.
#include "support/every_request.hpp"
#include "support/io_fault.hpp"

#include <boost/asio/post.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>

using namespace test;
using kind = io_fault::kind;

namespace {

// More than any call needs; the end of what would otherwise be an endless sweep.
constexpr std::size_t too_many = 100;

struct trial : ending {
    std::size_t operations = 0;
    bool happened = false;
};

// The call, cancelled from within the given operation if `type` says so.
trial attempt(sandbox& server, const any_request& request, std::size_t at, kind what,
              const cc::call_options& options = {}, asio::cancellation_type type = asio::cancellation_type::none) {
    trial t;
    asio::io_context context;
    auto config = server.config();
    config.retry.max_attempts = 1;
    const cc::client api(context.get_executor(), config);
    const auto requests_before = server.stats().requests;
    {
        cc::detail::call_handle handle;
        io_fault fault(at, what, [&] {
            if (type != asio::cancellation_type::none) asio::post(context, [&] { handle.cancel(type); });
        });
        bool called = false;
        handle = request.start(api, options, [&](ending e) {
            called = true;
            static_cast<ending&>(t) = std::move(e);
        });
        run_out(context);
        BOOST_TEST_REQUIRE(called);
        t.operations = fault.operations();
        t.happened = fault.happened();
    }
    const auto stats = api.stats();
    BOOST_TEST(stats.leased + stats.waiting + stats.connecting + stats.held == 0u);
    const ending next = one_request().call(context, api);
    BOOST_TEST(!next.failed, next.error);
    // The server had to answer the next call, so it has come to know of this one.
    const auto seen = server.stats().requests - requests_before - 1;
    BOOST_TEST(seen <= 1u);
    if (t.error && seen > 0) BOOST_TEST((t.error.delivery != cc::delivery::never_sent), t.error);
    return t;
}

// Tries n from 1 until it returns false, and says how many it tried.
std::size_t sweep(const std::function<bool(std::size_t)>& trial_of) {
    std::size_t n = 1;
    bool goes_on = true;
    for (; goes_on && n < too_many; ++n) {
        BOOST_TEST_CONTEXT("socket operation " << n) goes_on = trial_of(n);
    }
    // A socket, a connect, a handshake and an exchange are more than this.
    BOOST_TEST((n > 6 && n < too_many), "ended after " << n);
    return n;
}

// The same for each operation.
void sweep_all(const std::function<bool(const any_request&, std::size_t)>& trial_of) {
    for (const any_request& request : every_request()) {
        BOOST_TEST_CONTEXT(request.name) sweep([&](std::size_t n) { return trial_of(request, n); });
    }
}

void sweep_failures(kind what) {
    sandbox server;
    sweep_all([&](const any_request& request, std::size_t n) {
        const trial t = attempt(server, request, n, what);
        if (t.happened) BOOST_TEST(t.failed);
        if (t.happened && t.error) BOOST_TEST((t.error == cc::condition::network), t.error);
        return t.happened;
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(every_io_operation)

BOOST_AUTO_TEST_CASE(may_fail) { sweep_failures(kind::error); }

BOOST_AUTO_TEST_CASE(may_find_the_end) { sweep_failures(kind::end); }

// The worst that a network can do to the pieces of a message changes nothing.
BOOST_AUTO_TEST_CASE(may_move_a_single_byte) {
    sandbox server;
    sandbox slow;
    for (const any_request& request : every_request()) {
        BOOST_TEST_CONTEXT(request.name) {
            const trial whole = attempt(server, request, too_many, kind::none);
            const trial pieces = attempt(slow, request, 1, kind::trickle);
            BOOST_TEST(pieces.operations > 10 * whole.operations);
            BOOST_TEST(pieces.failed == whole.failed);
            BOOST_TEST(pieces.error.code == whole.error.code);
            BOOST_TEST(pieces.error.http_status == whole.error.http_status);
        }
    }
}

BOOST_AUTO_TEST_CASE(may_be_cancelled) {
    sandbox server;
    for (const any_request& request : every_request()) {
        BOOST_TEST_CONTEXT(request.name) {
            std::size_t cancelled = 0;
            const std::size_t tried = sweep([&](std::size_t n) {
                const trial t = attempt(server, request, n, kind::none, {}, asio::cancellation_type::terminal);
                // The cancel may come when the answer is there already.
                if (t.error && t.error.http_status == 0) BOOST_TEST((t.error == cc::errc::cancelled), t.error);
                if (t.error == cc::errc::cancelled) ++cancelled;
                return t.happened;
            });
            BOOST_TEST((2 * cancelled > tried), cancelled << " of " << tried);
        }
    }
}

// A call that promises to have no effect if it is cancelled keeps the promise.
BOOST_AUTO_TEST_CASE(may_be_cancelled_without_an_effect) {
    sandbox server;
    for (const any_request& request : every_request()) {
        BOOST_TEST_CONTEXT(request.name) {
            std::size_t cancelled = 0;
            sweep([&](std::size_t n) {
                const trial t = attempt(server, request, n, kind::none, {}, asio::cancellation_type::total);
                if (t.error == cc::errc::cancelled) {
                    ++cancelled;
                    BOOST_TEST((t.error.delivery == cc::delivery::never_sent), t.error);
                }
                return t.happened;
            });
            BOOST_TEST(cancelled > 3u);
        }
    }
}

// The deadline is hit in every phase: with nothing to be sent or received from some moment on, it is all that ends the
// call. A few moments for each operation, all of them for one.
BOOST_AUTO_TEST_CASE(may_be_the_last_before_the_deadline) {
    sandbox server;
    const auto silent_from = [&](const any_request& request, std::size_t n) {
        cc::call_options options;
        options.total = std::chrono::milliseconds(100);
        trial t = attempt(server, request, n, kind::silence, options);
        // On a slow machine the deadline may come before that moment.
        while (!t.happened && t.failed && t.error == cc::errc::deadline_exceeded) {
            *options.total *= 2;
            t = attempt(server, request, n, kind::silence, options);
        }
        if (!t.happened) return false;
        BOOST_TEST(t.failed);
        if (t.error) BOOST_TEST((t.error == cc::errc::deadline_exceeded), t.error);
        return true;
    };
    sweep([&](std::size_t n) { return silent_from(one_request(), n); });
    for (const any_request& request : every_request()) {
        BOOST_TEST_CONTEXT(request.name) {
            for (const std::size_t n : {4, 7}) BOOST_TEST_CONTEXT("socket operation " << n) silent_from(request, n);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
