// When the next attempt may begin: the rate, and the gate with its probe.
#include <cubicasa/detail/admission_core.hpp>

#include <boost/test/unit_test.hpp>

namespace cubicasa::detail {
std::ostream& boost_test_print_type(std::ostream& out, admission_core::kind k) { return out << static_cast<int>(k); }
}  // namespace cubicasa::detail

BOOST_AUTO_TEST_SUITE(admission)

using cubicasa::detail::admission_core;
using kind = admission_core::kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const admission_core::time_point start{seconds(1000)};

}  // namespace

BOOST_AUTO_TEST_CASE(without_limits_everybody_goes) {
    admission_core a(0, 1, start);
    BOOST_TEST(a.wide_open());
    for (int i = 0; i < 1000; ++i) BOOST_TEST(a.ask(start).what == kind::go);
}

BOOST_AUTO_TEST_CASE(a_burst_goes_at_once_and_the_rest_at_the_rate) {
    admission_core a(10, 3, start);
    BOOST_TEST(!a.wide_open());
    for (int i = 0; i < 3; ++i) BOOST_TEST(a.ask(start).what == kind::go);
    const auto wait = a.ask(start);
    BOOST_TEST(wait.what == kind::wait_until);
    BOOST_TEST((wait.until == start + milliseconds(100)));
    BOOST_TEST(a.ask(start + milliseconds(50)).what == kind::wait_until);
    BOOST_TEST(a.ask(start + milliseconds(100)).what == kind::go);
    BOOST_TEST(a.ask(start + milliseconds(100)).what == kind::wait_until);
}

BOOST_AUTO_TEST_CASE(the_rate_is_kept_over_a_long_time) {
    admission_core a(7, 1, start);
    auto now = start;
    int gone = 0;
    while (now < start + seconds(100)) {
        const auto answer = a.ask(now);
        if (answer.what == kind::go) {
            ++gone;
        } else {
            BOOST_REQUIRE((answer.until > now));
            now = answer.until;
        }
    }
    BOOST_TEST(gone >= 700);
    BOOST_TEST(gone <= 702);
}

BOOST_AUTO_TEST_CASE(a_pause_does_not_earn_more_than_the_burst) {
    admission_core a(10, 2, start);
    const auto later = start + seconds(1000);
    BOOST_TEST(a.ask(later).what == kind::go);
    BOOST_TEST(a.ask(later).what == kind::go);
    BOOST_TEST(a.ask(later).what == kind::wait_until);
}

BOOST_AUTO_TEST_CASE(limits_that_make_no_sense_are_taken_for_the_nearest_that_do) {
    admission_core a(-5, -5, start);
    BOOST_TEST(a.wide_open());
    admission_core b(1, 0, start);
    BOOST_TEST(b.ask(start).what == kind::go);
}

BOOST_AUTO_TEST_CASE(nobody_goes_while_the_server_wants_silence) {
    admission_core a(0, 1, start);
    a.close_until(start + seconds(5));
    BOOST_TEST(!a.wide_open());
    const auto wait = a.ask(start + seconds(4));
    BOOST_TEST(wait.what == kind::wait_until);
    BOOST_TEST((wait.until == start + seconds(5)));
}

BOOST_AUTO_TEST_CASE(after_the_silence_one_goes_and_the_others_wait_for_it) {
    admission_core a(0, 1, start);
    a.close_until(start + seconds(5));
    BOOST_TEST(a.ask(start + seconds(5)).what == kind::probe);
    BOOST_TEST(a.ask(start + seconds(9)).what == kind::wait_for_others);
    a.probe_answered(true);
    BOOST_TEST(a.ask(start + seconds(9)).what == kind::go);
    BOOST_TEST(a.wide_open());
}

BOOST_AUTO_TEST_CASE(a_probe_that_is_refused_begins_another_silence) {
    admission_core a(0, 1, start);
    a.close_until(start + seconds(5));
    BOOST_TEST(a.ask(start + seconds(5)).what == kind::probe);
    a.close_until(start + seconds(8));
    a.probe_answered(false);
    BOOST_TEST(a.ask(start + seconds(6)).what == kind::wait_until);
    BOOST_TEST(a.ask(start + seconds(8)).what == kind::probe);
}

BOOST_AUTO_TEST_CASE(a_probe_that_ends_without_an_answer_is_followed_by_another) {
    admission_core a(0, 1, start);
    a.close_until(start + seconds(5));
    BOOST_TEST(a.ask(start + seconds(5)).what == kind::probe);
    a.probe_lost();
    BOOST_TEST(a.ask(start + seconds(5)).what == kind::probe);
}

BOOST_AUTO_TEST_CASE(a_silence_that_was_asked_for_while_a_probe_was_out_outlasts_it) {
    admission_core a(0, 1, start);
    a.close_until(start + seconds(1));
    BOOST_TEST(a.ask(start + seconds(1)).what == kind::probe);
    a.close_until(start + seconds(20));
    a.probe_answered(true);
    BOOST_TEST(!a.wide_open());
    BOOST_TEST(a.ask(start + seconds(2)).what == kind::wait_until);
    BOOST_TEST(a.ask(start + seconds(20)).what == kind::probe);
    a.probe_answered(true);
    BOOST_TEST(a.wide_open());
}

BOOST_AUTO_TEST_CASE(a_rate_of_almost_nothing_lets_one_wait_and_not_spin) {
    admission_core a(1e-300, 1, start);
    BOOST_TEST(a.ask(start).what == kind::go);
    const auto wait = a.ask(start);
    BOOST_TEST(wait.what == kind::wait_until);
    BOOST_TEST((wait.until > start + std::chrono::hours(24)));
}

BOOST_AUTO_TEST_CASE(a_shorter_wish_does_not_shorten_the_silence) {
    admission_core a(0, 1, start);
    a.close_until(start + seconds(5));
    a.close_until(start + seconds(1));
    BOOST_TEST((a.ask(start + seconds(2)).until == start + seconds(5)));
}

BOOST_AUTO_TEST_CASE(a_probe_takes_its_turn_at_the_rate_as_well) {
    admission_core a(1, 1, start);
    BOOST_TEST(a.ask(start).what == kind::go);
    a.close_until(start + milliseconds(10));
    BOOST_TEST(a.ask(start + milliseconds(10)).what == kind::wait_until);
    BOOST_TEST(a.ask(start + seconds(1)).what == kind::probe);
}

BOOST_AUTO_TEST_SUITE_END()
