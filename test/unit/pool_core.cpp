// The pool's decisions, step by step, with numbers for connections and waiters, and time as a parameter.
#include <cubicasa/detail/pool_core.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>

BOOST_AUTO_TEST_SUITE(pool_core)

using namespace std::chrono_literals;

namespace {

using core = cubicasa::detail::pool_core<int, int>;
using outcome = core::outcome;

const core::time_point t0{};
const core::time_point forever = t0 + 1000h;

cubicasa::detail::pool_limits limits(std::size_t connections, std::size_t connecting, std::size_t waiting = 100) {
    cubicasa::detail::pool_limits l;
    l.connections = connections;
    l.connecting = connecting;
    l.waiting = waiting;
    l.idle = 10s;
    return l;
}

// A core, and the actions of its last step.
struct fixture {
    explicit fixture(cubicasa::detail::pool_limits l) : pool(l) {}

    outcome acquire(int waiter, core::time_point now = t0, bool first = false) {
        act = {};
        return pool.acquire(waiter, now, first, ticket, act);
    }
    void connected(int c, core::time_point until = forever, core::time_point now = t0) {
        act = {};
        pool.connected(c, until, now, act);
    }
    void connect_failed() {
        act = {};
        pool.connect_failed(act);
    }
    void release(int c, bool reusable = true, core::time_point until = forever, core::time_point now = t0) {
        act = {};
        pool.release(c, reusable, until, now, act);
    }
    // Makes a connection and leaves it idle.
    void idle(int c, core::time_point until = forever, core::time_point now = t0) {
        acquire(-1, now);
        connected(c, until, now);
        release(c, true, until, now);
    }
    std::pair<int, int> granted() const { return act.grant.value_or(std::pair(0, 0)); }

    core pool;
    core::actions act;
    core::ticket ticket;
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_first_call_waits_for_a_connect_that_is_begun_for_it) {
    fixture f(limits(4, 2));
    BOOST_TEST((f.acquire(1) == outcome::queued));
    BOOST_TEST(f.act.connect == 1u);
    f.connected(100);
    BOOST_TEST(f.granted().first == 1);
    BOOST_TEST(f.granted().second == 100);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_granted_at_once_and_nothing_is_connected) {
    fixture f(limits(4, 2));
    f.idle(100);
    BOOST_TEST((f.acquire(1) == outcome::granted));
    BOOST_TEST(f.granted().second == 100);
    BOOST_TEST(f.act.connect == 0u);
}

BOOST_AUTO_TEST_CASE(a_call_that_does_not_wait_takes_the_freshest_idle_connection_or_none) {
    fixture f(limits(4, 2));
    BOOST_TEST(!f.pool.take(t0, f.act));
    f.acquire(1);
    f.acquire(2);
    f.connected(100);
    f.connected(101);
    f.release(100, true, t0 + 1s);
    f.release(101);
    BOOST_TEST((f.pool.take(t0, f.act) == 101));
    BOOST_TEST(f.pool.count().leased == 1u);
    f.act = {};
    BOOST_TEST(!f.pool.take(t0 + 2s, f.act));  // too old
    BOOST_TEST(f.act.close == std::vector<int>{100}, boost::test_tools::per_element());
    BOOST_TEST(f.pool.count().leased == 1u);
    BOOST_TEST(f.pool.count().idle == 0u);
}

BOOST_AUTO_TEST_CASE(the_connection_that_is_wanted_next_but_one_is_the_second_freshest) {
    fixture f(limits(4, 2));
    BOOST_TEST((f.pool.second_freshest() == nullptr));
    f.acquire(1);
    f.acquire(2);
    f.connected(100);
    f.connected(101);
    f.release(100);
    BOOST_TEST((f.pool.second_freshest() == nullptr));
    f.release(101);
    BOOST_TEST_REQUIRE((f.pool.second_freshest() != nullptr));
    BOOST_TEST(*f.pool.second_freshest() == 100);
}

BOOST_AUTO_TEST_CASE(the_freshest_idle_connection_is_taken_first) {
    fixture f(limits(4, 4));
    f.acquire(1);
    f.acquire(2);
    f.connected(100);
    f.connected(200);
    f.release(200);
    f.release(100);
    f.acquire(3);
    BOOST_TEST(f.granted().second == 100);
}

BOOST_AUTO_TEST_CASE(a_released_connection_goes_straight_to_the_first_in_line) {
    fixture f(limits(1, 1));
    f.acquire(1);
    f.connected(100);
    f.acquire(2);
    f.acquire(3);
    f.release(100);
    BOOST_TEST(f.granted().first == 2);
    BOOST_TEST(f.pool.count().idle == 0u);
    f.release(100);
    BOOST_TEST(f.granted().first == 3);
}

BOOST_AUTO_TEST_CASE(open_and_connecting_together_never_exceed_the_cap) {
    fixture f(limits(3, 10));
    std::size_t begun = 0;
    for (int i = 0; i < 10; ++i) {
        f.acquire(i);
        begun += f.act.connect;
    }
    BOOST_TEST(begun == 3u);
    f.connected(100);
    BOOST_TEST(f.act.connect == 0u);
    f.connect_failed();
    BOOST_TEST(f.act.connect == 1u);
    BOOST_TEST(f.pool.count().connecting == 2u);
}

BOOST_AUTO_TEST_CASE(no_more_connects_are_under_way_than_allowed) {
    fixture f(limits(10, 2));
    std::size_t begun = 0;
    for (int i = 0; i < 5; ++i) {
        f.acquire(i);
        begun += f.act.connect;
    }
    BOOST_TEST(begun == 2u);
}

BOOST_AUTO_TEST_CASE(a_connect_that_has_succeeded_makes_room_for_another_one) {
    fixture f(limits(8, 2));
    for (int waiter = 1; waiter <= 5; ++waiter) f.acquire(waiter);
    f.connected(101);
    BOOST_TEST((f.granted() == std::pair(1, 101)));
    BOOST_TEST(f.act.connect == 1u);
    f.connected(102);
    BOOST_TEST(f.act.connect == 1u);
    f.connected(103);
    BOOST_TEST(f.act.connect == 1u);
    f.connected(104);  // the one under way is for the last in line
    BOOST_TEST(f.act.connect == 0u);
}

BOOST_AUTO_TEST_CASE(no_more_connects_are_under_way_than_calls_wait) {
    fixture f(limits(10, 10));
    f.acquire(1);
    const auto gone = f.ticket;
    f.pool.abandon(gone);
    f.acquire(2);
    BOOST_TEST(f.act.connect == 0u);
    BOOST_TEST(f.pool.count().connecting == 1u);
}

BOOST_AUTO_TEST_CASE(a_failed_connect_answers_only_the_first_in_line_and_begins_the_next) {
    fixture f(limits(1, 1));
    f.acquire(1);
    f.acquire(2);
    f.connect_failed();
    BOOST_TEST(f.act.fail.value_or(0) == 1);
    BOOST_TEST(f.act.connect == 1u);
    f.connected(100);
    BOOST_TEST(f.granted().first == 2);
}

BOOST_AUTO_TEST_CASE(a_connect_that_was_given_up_answers_nobody) {
    fixture f(limits(1, 1));
    f.acquire(1);
    f.act = {};
    f.pool.connect_abandoned(f.act);
    BOOST_TEST(!f.act.fail);
    BOOST_TEST(f.act.connect == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_nobody_waits_for_any_more_becomes_idle) {
    fixture f(limits(4, 4));
    f.acquire(1);
    f.pool.abandon(f.ticket);
    f.connected(100);
    BOOST_TEST(!f.act.grant);
    BOOST_TEST(f.pool.count().idle == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_not_reusable_is_closed_and_replaced_for_those_who_wait) {
    fixture f(limits(1, 1));
    f.acquire(1);
    f.connected(100);
    f.acquire(2);
    f.release(100, false);
    BOOST_TEST(!f.act.grant);
    BOOST_TEST(f.act.close.size() == 1u);
    BOOST_TEST(f.act.connect == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_past_its_life_is_closed_when_it_comes_back) {
    fixture f(limits(1, 1));
    f.acquire(1);
    f.connected(100, t0 + 5s);
    f.release(100, true, t0 + 5s, t0 + 5s);
    BOOST_TEST(f.act.close.size() == 1u);
    BOOST_TEST(f.pool.count().idle == 0u);
}

BOOST_AUTO_TEST_CASE(connections_idle_for_too_long_are_dropped_when_the_next_call_comes) {
    fixture f(limits(4, 4));
    f.idle(100);
    BOOST_TEST((f.acquire(1, t0 + 11s) == outcome::queued));
    BOOST_TEST(f.act.close.size() == 1u);
    BOOST_TEST(f.act.connect == 1u);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_dropped_at_the_end_of_its_life_even_if_it_was_used_just_before) {
    fixture f(limits(4, 4));
    f.idle(100, t0 + 3s);
    BOOST_TEST((f.acquire(1, t0 + 4s) == outcome::queued));
    BOOST_TEST(f.act.close.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_call_beyond_the_longest_line_is_refused) {
    fixture f(limits(1, 1, 2));
    f.acquire(0);  // gets the connection that is made for it
    f.acquire(1);
    f.acquire(2);
    BOOST_TEST((f.acquire(3) == outcome::full));
    f.connected(100);
    BOOST_TEST((f.acquire(3) == outcome::full));
    f.release(100);
    BOOST_TEST((f.acquire(3) == outcome::queued));
}

BOOST_AUTO_TEST_CASE(without_a_line_there_are_as_many_calls_as_connections) {
    fixture f(limits(2, 1, 0));
    BOOST_TEST((f.acquire(1) == outcome::queued));
    BOOST_TEST((f.acquire(2) == outcome::queued));
    BOOST_TEST((f.acquire(3) == outcome::full));
    f.connected(100);
    f.connected(200);
    BOOST_TEST((f.acquire(3) == outcome::full));
    f.release(100);
    BOOST_TEST((f.acquire(3) == outcome::granted));
}

BOOST_AUTO_TEST_CASE(a_call_whose_connection_was_stale_keeps_its_turn) {
    fixture f(limits(1, 1));
    f.idle(100);
    f.acquire(1);  // granted, and found stale
    f.acquire(2);
    f.release(100, false);
    f.acquire(1, t0, true);
    f.connected(200);
    BOOST_TEST(f.granted().first == 1);
}

BOOST_AUTO_TEST_CASE(clearing_gives_up_idle_connections) {
    fixture f(limits(2, 1));
    f.idle(100);
    const auto [connections, waiters] = f.pool.clear();
    BOOST_TEST(connections == std::vector<int>{100});
    BOOST_TEST(waiters.empty());
    BOOST_TEST(f.pool.count().idle == 0u);
}

BOOST_AUTO_TEST_CASE(clearing_gives_up_who_waits_in_their_order) {
    fixture f(limits(2, 1));
    f.acquire(1);
    f.acquire(2);
    const auto [connections, waiters] = f.pool.clear();
    BOOST_TEST(connections.empty());
    BOOST_TEST((waiters == std::vector<int>{1, 2}));
    BOOST_TEST(f.pool.count().waiting == 0u);
}

BOOST_AUTO_TEST_CASE(it_is_quiet_only_without_leases_and_waiters) {
    fixture f(limits(1, 1));
    BOOST_TEST(f.pool.quiet());
    f.acquire(1);
    BOOST_TEST(!f.pool.quiet());
    f.connected(100);
    BOOST_TEST(!f.pool.quiet());
    f.release(100);
    BOOST_TEST(f.pool.quiet());
}

BOOST_AUTO_TEST_CASE(the_peak_counts_open_connections) {
    fixture f(limits(8, 8));
    for (int i = 1; i <= 3; ++i) f.acquire(i);
    for (int i = 1; i <= 3; ++i) f.connected(i * 100);
    for (int i = 1; i <= 3; ++i) f.release(i * 100, false);
    BOOST_TEST(f.pool.count().peak == 3u);
}

// Any order of events keeps the sums right: nobody waits while a connection lies idle, and no cap is passed.
// Two calls cancel, at any moment before, between and after the releases that would serve them. A call that was given
// a connection when it was gone already gives it back, as the pool's leases do.
BOOST_AUTO_TEST_CASE(whoever_cancels_at_whatever_moment_the_others_are_served_in_their_order) {
    enum event { cancel_1, cancel_2, release, connect };
    for (std::size_t connections : {1U, 2U}) {
        std::vector<event> order{cancel_1, cancel_2, release};
        if (connections == 2) order.push_back(connect);
        do {
            fixture f(limits(connections, 1));
            std::map<int, core::ticket> line;
            std::set<int> gone;
            std::vector<int> served;
            // Follows what the last step gave away, to the end.
            const auto follow = [&] {
                while (f.act.grant) {
                    const auto [waiter, connection] = *f.act.grant;
                    line.erase(waiter);
                    if (!gone.contains(waiter)) served.push_back(waiter);
                    f.release(connection);
                }
            };
            const auto cancel = [&](int waiter) {
                gone.insert(waiter);
                if (!line.contains(waiter)) return;
                f.pool.abandon(line.at(waiter));
                line.erase(waiter);
            };
            f.acquire(0);
            f.connected(100);
            for (int waiter : {1, 2, 3, 4}) {
                f.acquire(waiter);
                line[waiter] = f.ticket;
            }
            for (const event e : order) {
                if (e == cancel_1) cancel(1);
                if (e == cancel_2) cancel(2);
                if (e == release) f.release(100);
                if (e == connect) f.connected(200);
                follow();
            }
            std::vector<int> unharmed = served;
            std::erase_if(unharmed, [](int w) { return w < 3; });
            BOOST_TEST(unharmed == (std::vector<int>{3, 4}), boost::test_tools::per_element());
            BOOST_TEST(std::is_sorted(served.begin(), served.end()));
            BOOST_TEST(line.empty());
            BOOST_TEST(f.pool.count().waiting == 0U);
            BOOST_TEST(f.pool.count().leased == 0U);
            BOOST_TEST(f.pool.count().idle == connections);
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

BOOST_AUTO_TEST_CASE(ten_thousand_random_steps_lose_no_connection_and_no_waiter) {
    fixture f(limits(5, 3, 20));
    std::deque<int> leased;
    std::set<int> in_line;
    std::size_t connecting = 0;
    int next = 0;
    std::uint32_t seed = 12345;
    const auto random = [&](std::uint32_t n) { return (seed = seed * 1664525u + 1013904223u) / 65536u % n; };
    const auto apply = [&] {
        connecting += f.act.connect;
        if (f.act.grant) {
            in_line.erase(f.act.grant->first);
            leased.push_back(f.act.grant->second);
        }
        if (f.act.fail) in_line.erase(*f.act.fail);
    };
    for (int step = 0; step < 10'000; ++step) {
        const auto what = random(4);
        if (what == 0) {
            const int who = ++next;
            const auto how = f.acquire(who);
            if (how == outcome::queued) in_line.insert(who);
        } else if (what == 1 && connecting > 0) {
            --connecting;
            f.connected(++next);
        } else if (what == 2 && connecting > 0 && random(4) == 0) {
            --connecting;
            f.connect_failed();
        } else if (what == 3 && !leased.empty()) {
            const int c = leased.front();
            leased.pop_front();
            f.release(c, random(5) != 0);
        } else {
            continue;
        }
        apply();
        const auto n = f.pool.count();
        BOOST_REQUIRE_EQUAL(n.leased, leased.size());
        BOOST_REQUIRE_EQUAL(n.waiting, in_line.size());
        BOOST_REQUIRE_EQUAL(n.connecting, connecting);
        BOOST_REQUIRE_LE(n.leased + n.idle + n.connecting, 5u);
        BOOST_REQUIRE(n.waiting == 0 || n.idle == 0);
        BOOST_REQUIRE(n.waiting == 0 || n.leased + n.connecting > 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
