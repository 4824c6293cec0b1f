// Which events are taken in, which are repeats, and what is remembered.
#include <cubicasa/detail/webhook_core.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

BOOST_TEST_DONT_PRINT_LOG_VALUE(cubicasa::detail::webhook_core::verdict)

BOOST_AUTO_TEST_SUITE(webhook_cores)

using cubicasa::order_event;
using cubicasa::order_status;
using cubicasa::detail::webhook_core;
using verdict = webhook_core::verdict;
using namespace std::chrono_literals;

namespace {

const webhook_core::time_point start{};

order_event event_of(const std::string& id, const order_status& now = order_status::ready) {
    order_event out;
    out.id = id;
    out.current_status = now;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_equal_event_is_a_repeat_for_ever_if_the_window_has_no_end) {
    webhook_core core(10, std::chrono::milliseconds::max());
    core.offer(start, event_of("a"));
    core.take();
    BOOST_TEST(core.offer(start + 24h, event_of("a")) == verdict::repeated);
}

BOOST_AUTO_TEST_CASE(events_are_taken_in_the_order_they_came) {
    webhook_core core(10, 1min);
    core.offer(start, event_of("a"));
    core.offer(start, event_of("b"));
    BOOST_TEST(core.take()->id == "a");
    BOOST_TEST(core.take()->id == "b");
    BOOST_TEST(!core.take());
}

BOOST_AUTO_TEST_CASE(an_equal_event_is_a_repeat_within_the_window) {
    webhook_core core(10, 1min);
    BOOST_TEST(core.offer(start, event_of("a")) == verdict::accepted);
    core.take();
    BOOST_TEST(core.offer(start + 59s, event_of("a")) == verdict::repeated);
    BOOST_TEST(core.offer(start + 60s, event_of("a")) == verdict::accepted);
    BOOST_TEST(core.waiting() == 1u);
}

BOOST_AUTO_TEST_CASE(a_repeat_does_not_make_the_window_longer) {
    webhook_core core(10, 1min);
    core.offer(start, event_of("a"));
    core.take();
    core.offer(start + 50s, event_of("a"));
    BOOST_TEST(core.offer(start + 70s, event_of("a")) == verdict::accepted);
}

BOOST_AUTO_TEST_CASE(an_equal_event_is_a_repeat_as_long_as_nobody_has_taken_the_first) {
    webhook_core core(10, 0ms);
    core.offer(start, event_of("a"));
    BOOST_TEST(core.offer(start + 1h, event_of("a")) == verdict::repeated);
    core.take();
    BOOST_TEST(core.offer(start + 1h, event_of("a")) == verdict::accepted);
}

BOOST_AUTO_TEST_CASE(every_member_tells_events_apart) {
    webhook_core core(10, 1min);
    order_event e = event_of("a");
    BOOST_TEST(core.offer(start, e) == verdict::accepted);
    e.current_status = order_status::fixing;
    BOOST_TEST(core.offer(start, e) == verdict::accepted);
    e.previous_status = order_status::ready;
    BOOST_TEST(core.offer(start, e) == verdict::accepted);
    e.model_id = "m";
    BOOST_TEST(core.offer(start, e) == verdict::accepted);
    e.product_type = cubicasa::product_type::tour;
    BOOST_TEST(core.offer(start, e) == verdict::accepted);
    e.delivery_type = cubicasa::delivery_type::new_delivery;
    BOOST_TEST(core.offer(start, e) == verdict::accepted);
    BOOST_TEST(core.offer(start, e) == verdict::repeated);
}

BOOST_AUTO_TEST_CASE(text_cannot_move_from_one_member_to_another) {
    webhook_core core(10, 1min);
    order_event a = event_of("a");
    a.model_id = "1:b";
    order_event b = event_of("a");
    b.product_type = cubicasa::product_type("1:b");
    BOOST_TEST(core.offer(start, a) == verdict::accepted);
    BOOST_TEST(core.offer(start, b) == verdict::accepted);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_and_not_taken_for_a_repeat_later) {
    webhook_core core(2, 1min);
    core.offer(start, event_of("a"));
    core.offer(start, event_of("b"));
    BOOST_TEST(core.offer(start, event_of("c")) == verdict::full);
    core.take();
    BOOST_TEST(core.offer(start, event_of("c")) == verdict::accepted);
}

BOOST_AUTO_TEST_CASE(after_close_nothing_is_accepted_and_what_waits_can_be_taken) {
    webhook_core core(10, 1min);
    core.offer(start, event_of("a"));
    core.close();
    BOOST_TEST(core.offer(start, event_of("b")) == verdict::closed);
    BOOST_TEST(core.take()->id == "a");
    BOOST_TEST(!core.take());
}

BOOST_AUTO_TEST_CASE(so_many_different_events_in_a_window_do_not_fill_the_memory) {
    webhook_core core(10, 1h);
    for (int i = 0; i < 20'000; ++i) {
        BOOST_TEST_REQUIRE((core.offer(start, event_of(std::to_string(i))) == verdict::accepted));
        core.take();
    }
    // The latest are known, the first ones no more.
    BOOST_TEST(core.offer(start, event_of("19999")) == verdict::repeated);
    BOOST_TEST(core.offer(start, event_of("0")) == verdict::accepted);
}

BOOST_AUTO_TEST_SUITE_END()
