// When a failed attempt is repeated, after which pause, and what the server may have done.
#include <cubicasa/detail/retry_core.hpp>

#include <boost/test/unit_test.hpp>

#include <vector>

namespace cubicasa::detail {
std::ostream& boost_test_print_type(std::ostream& out, retry_step s) { return out << static_cast<int>(s); }
}  // namespace cubicasa::detail

BOOST_AUTO_TEST_SUITE(retry_core_table)

using namespace cubicasa;
using namespace cubicasa::detail;
using std::chrono::milliseconds;

namespace {

attempt_facts facts(bool was_idle, std::size_t written, std::size_t received) {
    attempt_facts f;
    f.was_idle = was_idle;
    f.bytes_written = written;
    f.bytes_received = received;
    return f;
}

attempt_facts answered(int status, std::optional<milliseconds> retry_after = std::nullopt) {
    attempt_facts f = facts(false, 100, 100);
    f.status = status;
    f.retry_after = retry_after;
    return f;
}

constexpr bool harmless = true;
constexpr bool buys = false;

retry_step first(const attempt_facts& f, bool is_harmless) { return retry_core(retry_limits(), is_harmless).after(f); }

}  // namespace

BOOST_AUTO_TEST_CASE(of_what_was_not_written_everything_is_repeated) {
    for (const bool kind : {harmless, buys}) {
        BOOST_TEST(first(facts(false, 0, 0), kind) == retry_step::back_off);  // DNS, connect, TLS
        BOOST_TEST(first(facts(true, 0, 0), kind) == retry_step::at_once);    // stale at checkout
    }
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_died_before_the_answer_is_replaced_at_once_if_that_is_harmless) {
    BOOST_TEST(first(facts(true, 100, 0), harmless) == retry_step::at_once);
    BOOST_TEST(first(facts(true, 1, 0), buys) == retry_step::fail);
}

BOOST_AUTO_TEST_CASE(that_happens_once_and_does_not_count) {
    retry_core r({3}, harmless);
    BOOST_TEST(r.after(facts(true, 100, 0)) == retry_step::at_once);
    BOOST_TEST(r.after(facts(true, 100, 0)) == retry_step::back_off);
    BOOST_TEST(r.after(facts(true, 100, 0)) == retry_step::back_off);
    BOOST_TEST(r.after(facts(true, 100, 0)) == retry_step::fail);
}

BOOST_AUTO_TEST_CASE(a_fresh_connection_that_dies_before_the_answer_or_in_it_is_a_reason_for_a_pause) {
    for (const std::size_t received : {0, 1}) {
        BOOST_TEST(first(facts(false, 100, received), harmless) == retry_step::back_off);
        BOOST_TEST(first(facts(false, 100, received), buys) == retry_step::fail);
    }
    BOOST_TEST(first(facts(true, 100, 1), harmless) == retry_step::back_off);
    BOOST_TEST(first(facts(true, 100, 1), buys) == retry_step::fail);
}

BOOST_AUTO_TEST_CASE(a_429_holds_all_kinds_back) {
    for (const bool kind : {harmless, buys}) {
        BOOST_TEST(first(answered(429), kind) == retry_step::gate);
        BOOST_TEST(first(answered(429, milliseconds(1)), kind) == retry_step::gate);
    }
}

BOOST_AUTO_TEST_CASE(a_503_that_names_a_time_holds_back_what_is_harmless) {
    BOOST_TEST(first(answered(503, milliseconds(1)), harmless) == retry_step::gate);
    BOOST_TEST(first(answered(503), harmless) == retry_step::back_off);
    BOOST_TEST(first(answered(503, milliseconds(1)), buys) == retry_step::fail);
    BOOST_TEST(first(answered(503), buys) == retry_step::fail);
}

BOOST_AUTO_TEST_CASE(failures_of_the_server_are_repeated_if_that_is_harmless) {
    for (const int status : {408, 500, 502, 504}) {
        BOOST_TEST(first(answered(status), harmless) == retry_step::back_off);
        BOOST_TEST(first(answered(status), buys) == retry_step::fail);
    }
}

BOOST_AUTO_TEST_CASE(all_other_answers_are_final) {
    for (const int status : {200, 201, 204, 301, 302, 400, 401, 403, 404, 405, 409, 410, 415, 422, 501, 505}) {
        BOOST_TEST(first(answered(status), harmless) == retry_step::done);
        BOOST_TEST(first(answered(status), buys) == retry_step::done);
    }
}

BOOST_AUTO_TEST_CASE(what_would_come_again_is_not_repeated) {
    attempt_facts f = facts(false, 0, 0);
    f.hopeless = true;
    BOOST_TEST(first(f, harmless) == retry_step::fail);
}

BOOST_AUTO_TEST_CASE(there_are_no_more_attempts_than_allowed) {
    for (const int most : {-1, 0, 1, 2, 5}) {
        retry_core r({most}, harmless);
        int attempts = 1;
        while (r.after(answered(500)) != retry_step::fail) ++attempts;
        BOOST_TEST(attempts == std::max(most, 1));
    }
}

BOOST_AUTO_TEST_CASE(the_bound_of_a_pause_doubles_up_to_the_cap) {
    retry_core r({100, milliseconds(200), milliseconds(1000)}, harmless);
    std::vector<long> longest;
    for (int i = 0; i < 5; ++i) {
        r.after(answered(500));
        long most = 0;
        for (std::uint32_t random = 0; random < 3000; ++random) {
            most = std::max(most, static_cast<long>(r.pause(answered(500), random).count()));
        }
        longest.push_back(most);
        BOOST_TEST(r.pause(answered(500), 0).count() == 0);  // full jitter: from nothing
    }
    BOOST_TEST(longest == (std::vector<long>{200, 400, 800, 1000, 1000}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_the_server_asks_for_wins_if_it_is_longer) {
    retry_core r({100, milliseconds(200), milliseconds(1000)}, harmless);
    const auto f = answered(429, milliseconds(150));
    r.after(f);
    BOOST_TEST(r.pause(f, 10).count() == 150);
    BOOST_TEST(r.pause(f, 180).count() == 180);
}

BOOST_AUTO_TEST_CASE(a_pause_of_nothing_is_possible) {
    retry_core r({100, milliseconds(0), milliseconds(0)}, harmless);
    r.after(answered(500));
    BOOST_TEST(r.pause(answered(500), 12345).count() == 0);
}

BOOST_AUTO_TEST_CASE(what_the_server_may_have_done) {
    BOOST_TEST((delivery_after(facts(false, 0, 0)) == delivery::never_sent));
    BOOST_TEST((delivery_after(facts(false, 1, 0)) == delivery::maybe_processed));
    for (const int status : {408, 500, 502, 503, 504}) {
        BOOST_TEST((delivery_of(status, effect::create) == delivery::maybe_processed));
        BOOST_TEST((delivery_of(status, effect::replace) == delivery::maybe_processed));
        BOOST_TEST((delivery_of(status, effect::read) == delivery::answered));
    }
    for (const int status : {200, 400, 404, 429}) {
        BOOST_TEST((delivery_of(status, effect::create) == delivery::answered));
    }
}

BOOST_AUTO_TEST_CASE(a_budget_is_used_up_and_comes_back_with_success) {
    retry_budget b(2, 0.5);
    BOOST_TEST((b.take() && b.take() && !b.take()));
    b.success();
    BOOST_TEST(!b.take());
    b.success();
    BOOST_TEST(b.take());
    for (int i = 0; i < 100; ++i) b.success();
    BOOST_TEST(b.left() == 2.0);
}

BOOST_AUTO_TEST_CASE(a_budget_of_nothing_allows_nothing) {
    retry_budget b(0, 0.5);
    b.success();
    BOOST_TEST(!b.take());
}

BOOST_AUTO_TEST_SUITE_END()
