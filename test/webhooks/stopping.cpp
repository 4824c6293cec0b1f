// A stop under load: what was answered with 200 is handled.
#include "listener_fixture.hpp"

#include "../support/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace test;

BOOST_AUTO_TEST_SUITE(stopping)

// The order of the README: close the receiver, let the loop come to its end, stop the listener.
BOOST_FIXTURE_TEST_CASE(a_stop_under_load_loses_no_event_that_was_accepted, listener_fixture) {
    const unsigned short port = listen().port();
    std::set<std::string> handled;
    std::atomic<int> count{0};
    auto handle_all = [&]() -> asio::awaitable<void> {
        auto events = hooks.events();
        while (auto event = co_await events.next()) {
            handled.insert(event->id);
            ++count;
        }
    };
    auto handling = asio::co_spawn(context, handle_all(), asio::use_future);

    std::mutex mutex;
    std::set<std::string> accepted;
    std::vector<std::thread> senders;
    for (int n = 0; n < 4; ++n) {
        senders.emplace_back([&, n] {
            try {
                for (int i = 0;; ++i) {
                    sender connection(port);
                    for (int k = 0; k < 10; ++k) {
                        const std::string id = std::to_string(n) + '-' + std::to_string(i) + '-' + std::to_string(k);
                        const int status = connection.post(event_body(id));
                        if (status == 0 || status == 503) break;
                        const std::lock_guard lock(mutex);
                        if (status == 200) accepted.insert(id);
                    }
                }
            } catch (const boost::system::system_error&) {
                // Nobody listens any more.
            }
        });
    }
    while (count < 200) std::this_thread::yield();
    hooks.close();
    handling.get();
    // The senders go on, and are refused.
    while (hooks.stats().closed == 0) std::this_thread::yield();
    const bool in_time = asio::co_spawn(context, server->stop(patience), asio::use_future).get();
    for (std::thread& s : senders) s.join();

    BOOST_TEST(in_time);
    BOOST_TEST(server->connections() == 0u);
    BOOST_TEST(accepted.size() >= 200u);
    const bool all = std::includes(handled.begin(), handled.end(), accepted.begin(), accepted.end());
    BOOST_TEST(all, "an event was accepted and never handled");
}

BOOST_AUTO_TEST_SUITE_END()
