// When a failed attempt is repeated, and what the server may have done.
#include <cubicasa/detail/retry_core.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace cubicasa;
using namespace cubicasa::detail;

attempt_facts facts(bool reused, std::size_t written, std::size_t received) {
    attempt_facts f;
    f.reused = reused;
    f.bytes_written = written;
    f.bytes_received = received;
    return f;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry_core)

BOOST_AUTO_TEST_CASE(a_reused_connection_that_died_before_the_answer_is_replaced_at_once_for_harmless_requests) {
    BOOST_TEST((decide_retry(facts(true, 100, 0), effect::read) == retry_decision::at_once));
    BOOST_TEST((decide_retry(facts(true, 100, 0), effect::replace) == retry_decision::at_once));
}

BOOST_AUTO_TEST_CASE(what_may_buy_twice_is_not_repeated_once_a_byte_was_written) {
    BOOST_TEST((decide_retry(facts(true, 1, 0), effect::create) == retry_decision::fail));
}

BOOST_AUTO_TEST_CASE(what_may_buy_twice_is_repeated_when_nothing_was_written) {
    BOOST_TEST((decide_retry(facts(true, 0, 0), effect::create) == retry_decision::at_once));
}

BOOST_AUTO_TEST_CASE(a_fresh_connection_that_dies_is_no_reason_to_repeat_at_once) {
    for (const auto e : {effect::read, effect::replace, effect::create}) {
        BOOST_TEST((decide_retry(facts(false, 100, 0), e) == retry_decision::fail));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_has_begun_is_not_asked_for_again_at_once) {
    for (const auto e : {effect::read, effect::replace, effect::create}) {
        BOOST_TEST((decide_retry(facts(true, 100, 1), e) == retry_decision::fail));
    }
}

BOOST_AUTO_TEST_CASE(a_request_of_which_nothing_was_written_was_never_sent) {
    BOOST_TEST((delivery_after(facts(false, 0, 0)) == delivery::never_sent));
    BOOST_TEST((delivery_after(facts(false, 1, 0)) == delivery::maybe_processed));
}

BOOST_AUTO_TEST_SUITE_END()
