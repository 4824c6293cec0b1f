// How many items of a batch are begun, and how it ends, from facts alone.
#include <cubicasa/detail/batch_core.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(batch_kernel)

using cubicasa::detail::batch_core;
using step = batch_core::step;

namespace {

// Begins items while they are wanted; how many.
int fill(batch_core& core) {
    int begun = 0;
    for (bool more = core.begin_pulling(); more; more = core.keep_pulling()) {
        core.began_item();
        ++begun;
    }
    return begun;
}

}  // namespace

BOOST_AUTO_TEST_CASE(items_are_begun_until_so_many_are_in_flight) {
    batch_core core(3, false);
    BOOST_TEST(fill(core) == 3);
    BOOST_TEST(fill(core) == 0);
}

BOOST_AUTO_TEST_CASE(an_item_that_has_ended_keeps_its_place_until_its_outcome_is_handed_out) {
    batch_core core(3, false);
    fill(core);
    core.item_ended(false);
    BOOST_TEST(fill(core) == 0);
    core.handed_out();
    BOOST_TEST(fill(core) == 1);
}

BOOST_AUTO_TEST_CASE(none_in_flight_is_taken_as_one) {
    batch_core core(0, false);
    BOOST_TEST(fill(core) == 1);
}

BOOST_AUTO_TEST_CASE(only_one_pulls_at_a_time) {
    batch_core core(3, false);
    BOOST_TEST(core.begin_pulling());
    BOOST_TEST(!core.begin_pulling());
    BOOST_TEST(!core.idle());
}

BOOST_AUTO_TEST_CASE(the_batch_ends_with_its_source_and_its_last_outcome) {
    batch_core core(3, false);
    core.begin_pulling();
    core.began_item();
    core.source_ended();
    BOOST_TEST(!core.keep_pulling());
    BOOST_TEST((core.next(false) == step::wait));
    core.item_ended(false);
    BOOST_TEST((core.next(true) == step::hand_out));
    core.handed_out();
    BOOST_TEST((core.next(false) == step::end));
    BOOST_TEST(!core.begin_pulling());
}

BOOST_AUTO_TEST_CASE(an_error_of_the_source_waits_for_the_outcomes_and_then_the_source_is_tried_again) {
    batch_core core(3, false);
    core.begin_pulling();
    core.began_item();
    BOOST_TEST(!core.source_failed());
    BOOST_TEST(!core.keep_pulling());
    BOOST_TEST((core.next(false) == step::wait));
    core.item_ended(false);
    core.handed_out();
    BOOST_TEST((core.next(false) == step::fail));
    core.told_failure();
    BOOST_TEST((core.next(false) == step::wait));
    BOOST_TEST(core.begin_pulling());
}

BOOST_AUTO_TEST_CASE(with_stop_the_first_failure_ends_it) {
    batch_core core(3, true);
    fill(core);
    BOOST_TEST(!core.item_ended(false));
    BOOST_TEST(core.item_ended(true));
    BOOST_TEST(core.stop());
    BOOST_TEST(!core.item_ended(true));
    BOOST_TEST(core.idle());
    for (int i = 0; i < 3; ++i) core.handed_out();
    BOOST_TEST(!core.begin_pulling());
    BOOST_TEST((core.next(false) == step::end));
}

BOOST_AUTO_TEST_CASE(with_stop_an_error_of_the_source_is_told_and_ends_it) {
    batch_core core(3, true);
    core.begin_pulling();
    BOOST_TEST(core.source_failed());
    BOOST_TEST(core.stop());
    BOOST_TEST(!core.keep_pulling());
    BOOST_TEST((core.next(false) == step::fail));
    core.told_failure();
    BOOST_TEST((core.next(false) == step::end));
}

BOOST_AUTO_TEST_CASE(a_batch_that_is_stopped_ends_when_nobody_pulls_any_more) {
    batch_core core(3, false);
    core.begin_pulling();
    BOOST_TEST(core.stop());
    BOOST_TEST(!core.stop());
    BOOST_TEST((core.next(false) == step::wait));
    BOOST_TEST(!core.keep_pulling());
    BOOST_TEST((core.next(false) == step::end));
}

BOOST_AUTO_TEST_SUITE_END()
