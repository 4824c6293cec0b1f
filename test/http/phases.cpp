// Every phase of a call can be cancelled, in every way that Asio has, and tells what the server may have done.
#include "support/client_fixture.hpp"
#include "support/unresponsive.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

using namespace test;
using namespace std::chrono_literals;
using outcome = cc::result<cc::raw_response>;

namespace {

// A client whose call gets as far as a phase and no farther.
struct stage : client_fixture {
    stage() {
        config.timeouts.total = 24h;
        config.timeouts.resolve = config.timeouts.connect = config.timeouts.handshake = 24h;
        config.timeouts.pool_wait = config.timeouts.write = config.timeouts.first_byte = config.timeouts.read_idle =
            24h;
        config.observer = [this](const cc::event& e) { pausing |= e.kind == cc::event_kind::retry_planned; };
    }

    // What takes the place that the call needs first.
    void occupy(const cc::raw_request& other) {
        api().start(other, cc::call_options(), [](const outcome&) {});
    }

    // Lets the context do all that it can do without the peer.
    void come_to_rest() {
        context.restart();
        while (context.run_one_for(20ms) > 0) {
        }
    }

    cc::raw_request request{"GET", "/orders/" + known_id};
    std::function<bool()> reached = [] { return true; };
    bool pausing = false;
    std::shared_ptr<void> peer;
};

struct phase {
    const char* name;
    bool sent;  // whether something has left by then
    void (*prepare)(stage&);
};

std::ostream& operator<<(std::ostream& out, const phase& p) { return out << p.name; }

const std::vector<phase> phases{
    {"waiting for the rate", false,
     [](stage& s) {
         s.config.rate.per_second = 0.0001;
         s.occupy(s.request);
         s.reached = [&s] { return s.api().stats().held == 1; };
     }},
    {"waiting for the end of a silence", false,
     [](stage& s) {
         s.server.inject(fault::status(429, "{}", {{"Retry-After", "50"}}).times(1));
         s.occupy(s.request);
         s.come_to_rest();
         s.reached = [&s] { return s.api().stats().held == 1; };
     }},
    {"waiting in line for a connection", false,
     [](stage& s) {
         s.config.pool.max_connections = 1;
         s.server.inject(fault::never_answer());
         s.occupy(s.request);
         s.reached = [&s] { return s.api().stats().waiting == 1; };
     }},
    {"looking the name up", false,
     [](stage& s) {
         const auto names = std::make_shared<hanging_names>();
         s.peer = names;
         s.config.base_url = "https://slow.example/";
         s.reached = [&s] { return s.api().stats().connecting == 1; };
     }},
    {"connecting", false,
     [](stage& s) {
         const auto server = std::make_shared<full_server>();
         s.peer = server;
         s.config.base_url = server->url();
         s.reached = [&s] { return s.api().stats().connecting == 1; };
     }},
    {"the handshake", false,
     [](stage& s) {
         s.server.inject(fault::hang_handshake());
         s.reached = [&s] { return s.server.stats().connections == 1; };
     }},
    {"sending", true,
     [](stage& s) {
         const auto server = std::make_shared<deaf_server>();
         s.peer = server;
         s.config.base_url = server->url();
         s.request = cc::raw_request("POST", "/x", {}, std::string(32 * 1024 * 1024, 'x'));
         s.reached = [&s] { return s.api().stats().leased == 1; };
     }},
    {"waiting for the answer", true,
     [](stage& s) {
         s.server.inject(fault::never_answer());
         s.reached = [&s] { return s.server.stats().requests == 1; };
     }},
    {"reading the answer", true,
     [](stage& s) {
         s.server.inject(fault::drip(400, std::chrono::minutes(5)));
         s.reached = [&s] { return s.server.stats().requests == 1; };
     }},
    {"a pause before a repetition", true,
     [](stage& s) {
         s.config.retry.max_attempts = 2;
         s.config.retry.base = s.config.retry.max_pause = 10h;
         s.server.inject(fault::close_before_answer().times(1));
         s.reached = [&s] { return s.pausing; };
     }},
};

// A call that is made in some way, and a way to cancel it.
struct way {
    const char* name;
    // Begins the call, and returns how it is cancelled.
    std::function<void()> (*begin)(stage&, std::function<void(outcome)>);
    bool total = false;
};

template <asio::cancellation_type Type>
std::function<void()> by_slot(stage& s, std::function<void(outcome)> done) {
    const auto signal = std::make_shared<asio::cancellation_signal>();
    s.api().async_call(s.request, asio::bind_cancellation_slot(signal->slot(), cc::as_result(std::move(done))));
    return [signal] { signal->emit(Type); };
}

asio::awaitable<void> await_call(cc::client api, cc::raw_request request, std::function<void(outcome)> done) {
    const auto token = cc::as_result(asio::use_awaitable);
    co_await asio::this_coro::throw_if_cancelled(false);
    outcome r = co_await api.async_call(request, token);
    done(std::move(r));
}

std::function<void()> by_the_slot_of_a_coroutine(stage& s, std::function<void(outcome)> done) {
    const auto signal = std::make_shared<asio::cancellation_signal>();
    asio::co_spawn(s.context, await_call(s.api(), s.request, std::move(done)),
                   asio::bind_cancellation_slot(signal->slot(), [](std::exception_ptr) {}));
    return [signal] { signal->emit(asio::cancellation_type::terminal); };
}

asio::awaitable<void> race(cc::client api, cc::raw_request request, std::shared_ptr<asio::steady_timer> timer,
                           std::function<void(outcome)> done) {
    using namespace asio::experimental::awaitable_operators;
    boost::system::error_code ec;
    auto call = await_call(api, request, std::move(done));
    auto wait = timer->async_wait(asio::redirect_error(asio::use_awaitable, ec));
    co_await (std::move(call) || std::move(wait));
}

std::function<void()> by_losing_a_race(stage& s, std::function<void(outcome)> done) {
    const auto timer = std::make_shared<asio::steady_timer>(s.context, 24h);
    asio::co_spawn(s.context, race(s.api(), s.request, timer, std::move(done)), [](std::exception_ptr) {});
    return [timer] { timer->cancel(); };
}

std::function<void()> from_another_thread(stage& s, std::function<void(outcome)> done) {
    const auto handle = s.api().start(s.request, cc::call_options(), std::move(done));
    return [handle] { std::thread([handle] { handle.cancel(); }).join(); };
}

const std::vector<way> ways{{"terminal", &by_slot<asio::cancellation_type::terminal>},
                            {"partial", &by_slot<asio::cancellation_type::partial>},
                            {"total", &by_slot<asio::cancellation_type::total>, true},
                            {"the slot of a coroutine", &by_the_slot_of_a_coroutine},
                            {"losing a race", &by_losing_a_race},
                            {"another thread", &from_another_thread}};

}  // namespace

BOOST_AUTO_TEST_SUITE(each_phase)

BOOST_DATA_TEST_CASE(can_be_cancelled, boost::unit_test::data::make(phases), p) {
    for (const way& w : ways) {
        BOOST_TEST_CONTEXT(p << ", cancelled by " << w.name) {
            stage s;
            p.prepare(s);
            std::optional<outcome> result;
            const auto cancel = w.begin(s, [&](outcome r) { result.emplace(std::move(r)); });
            do {
                s.come_to_rest();
                BOOST_TEST_REQUIRE(!result.has_value());
            } while (!s.reached());
            asio::post(s.context, cancel);
            s.come_to_rest();
            if (w.total && p.sent) {
                // That would not be without an effect.
                BOOST_TEST(!result.has_value());
            } else {
                BOOST_TEST_REQUIRE(result.has_value());
                BOOST_TEST((result->error() == cc::errc::cancelled), result->error());
                BOOST_TEST((result->error().delivery == cc::delivery::never_sent) == !p.sent);
            }
            s.api().close();
            s.context.restart();
            run_out(s.context);
            BOOST_TEST(result.has_value());
            BOOST_TEST(s.api().stats().leased + s.api().stats().waiting + s.api().stats().connecting == 0u);
        }
    }
}

BOOST_DATA_TEST_CASE(is_ended_by_close, boost::unit_test::data::make(phases), p) {
    stage s;
    p.prepare(s);
    std::optional<outcome> result;
    s.api().start(s.request, cc::call_options(), [&](outcome r) { result.emplace(std::move(r)); });
    do {
        s.come_to_rest();
    } while (!s.reached());
    s.api().close();
    s.context.restart();
    run_out(s.context);
    BOOST_TEST_REQUIRE(result.has_value());
    BOOST_TEST((result->error() == cc::errc::client_closed), result->error());
    BOOST_TEST((result->error().delivery == cc::delivery::never_sent) == !p.sent);
}

BOOST_AUTO_TEST_SUITE_END()
