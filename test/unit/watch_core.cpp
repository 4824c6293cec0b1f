// What is a change of an order, and when it is looked at.
#include <cubicasa/detail/watch_core.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

namespace cubicasa {
inline std::ostream& boost_test_print_type(std::ostream& out, change_kind k) { return out << to_string(k); }
}  // namespace cubicasa

BOOST_AUTO_TEST_SUITE(watch_cores)

using cubicasa::change_kind;
using cubicasa::order;
using cubicasa::order_event;
using cubicasa::order_status;
using cubicasa::detail::watch_core;
using namespace std::chrono_literals;

namespace {

const watch_core::time_point now{std::chrono::sys_days{std::chrono::year(2026) / 5 / 4}};

order order_in(const order_status& status, const std::string& file = {}) {
    order out;
    out.id = "a";
    out.info.status = status;
    if (!file.empty()) {
        cubicasa::delivery_assets all;
        all.home_report.pdf_urls = {file};
        out.delivery_assets = all;
    }
    return out;
}

order_event event_of(const order_status& before, const order_status& after) {
    order_event out;
    out.id = "a";
    out.previous_status = before;
    out.current_status = after;
    return out;
}

struct watch_core_fixture {
    // What a look tells, or nothing.
    std::optional<change_kind> look(const order& o, const order_event* why = nullptr) {
        const auto change = core.looked(o, why, now);
        if (!change) return std::nullopt;
        return change->kind;
    }
    // The order is known from the list alone.
    void baseline(const order_status& status) {
        core.begin_sweep(true);
        BOOST_TEST(!core.listed(order_in(status), now, false));
    }

    watch_core core{1h, 24h, 0h};
};

const std::string file_1 = "https://files.example/1.pdf";
const std::string file_2 = "https://files.example/2.pdf";

}  // namespace

BOOST_AUTO_TEST_CASE(an_old_order_has_one_moment_in_each_cycle) {
    watch_core core(1h, 24h, 24h * 30);
    order old = order_in(order_status::ready, file_1);
    old.info.first_delivered_at = std::chrono::floor<std::chrono::microseconds>(now - 24h * 100);
    core.begin_sweep(true);
    BOOST_TEST(!core.listed(old, now, false));
    std::vector<int> looks;
    for (int hour = 1; hour <= 24 * 60; ++hour) {
        core.begin_sweep(true);
        if (!core.listed(old, now + 1h * hour, false)) continue;
        looks.push_back(hour);
        BOOST_TEST(!core.looked(old, nullptr, now + 1h * hour));
    }
    BOOST_TEST_REQUIRE(looks.size() == 2u);
    BOOST_TEST(looks[1] - looks[0] == 24 * 30);
}

BOOST_AUTO_TEST_CASE(a_restart_does_not_change_the_moment_of_an_old_order) {
    const auto moment_after = [](std::chrono::hours restarted) {
        watch_core core(1h, 24h, 24h * 30);
        cubicasa::detail::known_order k;
        k.id = "a";
        k.status = "Ready";
        k.files = "0";
        k.delivered = true;
        core.restore(k, now + restarted);
        for (int hour = 0;; ++hour) {
            core.begin_sweep(true);
            if (core.listed(order_in(order_status::ready), now + 1h * hour, true)) return hour;
        }
    };
    BOOST_TEST(moment_after(0h) == moment_after(1h));
}

BOOST_AUTO_TEST_CASE(a_change_of_an_old_order_whose_event_was_lost_is_told_in_its_turn) {
    watch_core core(1h, 24h, 24h * 30);
    core.looked(order_in(order_status::ready, file_1), nullptr, now - 24h * 100);
    core.looked(order_in(order_status::ready, file_1), nullptr, now - 1h);  // no young one any more
    int told = 0;
    for (int hour = 0; hour < 24 * 30; ++hour) {
        core.begin_sweep(true);
        const auto then = now + 1h * hour;
        if (!core.listed(order_in(order_status::ready), then, true)) continue;
        told += core.looked(order_in(order_status::ready, file_2), nullptr, then).has_value();
    }
    BOOST_TEST(told == 1);
}

BOOST_AUTO_TEST_CASE(an_endless_time_for_looks_has_no_end) {
    watch_core core(1h, std::chrono::milliseconds::max(), 0h);
    core.begin_sweep(true);
    core.listed(order_in(order_status::ready), now - 24h * 10'000, false);
    core.looked(order_in(order_status::ready, file_1), nullptr, now - 24h * 9'999);
    core.begin_sweep(true);
    BOOST_TEST(core.listed(order_in(order_status::ready), now, false));
}

BOOST_AUTO_TEST_CASE(an_endless_time_between_looks_is_never) {
    watch_core core(std::chrono::milliseconds::max(), std::chrono::milliseconds::max(), 0h);
    core.looked(order_in(order_status::ready, file_1), nullptr, now);
    core.begin_sweep(true);
    BOOST_TEST(!core.listed(order_in(order_status::ready), now + 24h * 9'999, false));
}

BOOST_FIXTURE_TEST_CASE(a_new_order_appears_and_is_delivered_once, watch_core_fixture) {
    BOOST_TEST((look(order_in(order_status::pending)) == change_kind::appeared));
    BOOST_TEST(!look(order_in(order_status::pending)));
    BOOST_TEST((look(order_in(order_status::ready, file_1)) == change_kind::first_delivery));
    BOOST_TEST(!look(order_in(order_status::ready, file_1)));
}

BOOST_FIXTURE_TEST_CASE(a_fix_is_told_as_one_although_the_order_was_not_seen_in_fixing, watch_core_fixture) {
    look(order_in(order_status::ready, file_1));
    const auto e = event_of(order_status::fixing, order_status::ready);
    BOOST_TEST((look(order_in(order_status::ready, file_2), &e) == change_kind::fix));
}

BOOST_FIXTURE_TEST_CASE(a_fix_follows_fixing, watch_core_fixture) {
    look(order_in(order_status::ready, file_1));
    BOOST_TEST((look(order_in(order_status::fixing, file_1)) == change_kind::moved));
    BOOST_TEST((look(order_in(order_status::ready, file_2)) == change_kind::fix));
}

BOOST_FIXTURE_TEST_CASE(other_files_in_the_same_status_are_an_edit, watch_core_fixture) {
    look(order_in(order_status::ready, file_1));
    BOOST_TEST((look(order_in(order_status::ready, file_2)) == change_kind::edit));
}

BOOST_FIXTURE_TEST_CASE(links_that_are_signed_anew_are_no_change, watch_core_fixture) {
    look(order_in(order_status::ready, file_1 + "?signature=1"));
    BOOST_TEST(!look(order_in(order_status::ready, file_1 + "?signature=2")));
}

BOOST_FIXTURE_TEST_CASE(an_event_that_comes_twice_or_late_is_no_change, watch_core_fixture) {
    const auto first = event_of(order_status::pending, order_status::ready);
    BOOST_TEST((look(order_in(order_status::ready, file_1), &first) == change_kind::first_delivery));
    BOOST_TEST(!look(order_in(order_status::ready, file_1), &first));
    const auto late = event_of(order_status::draft, order_status::pending);
    BOOST_TEST(!look(order_in(order_status::ready, file_1), &late));
}

BOOST_FIXTURE_TEST_CASE(what_was_there_at_the_beginning_is_no_change, watch_core_fixture) {
    baseline(order_status::ready);
    BOOST_TEST(!look(order_in(order_status::ready, file_1)));
    BOOST_TEST((look(order_in(order_status::ready, file_2)) == change_kind::edit));
}

BOOST_FIXTURE_TEST_CASE(an_event_about_what_the_first_list_had_is_told_rather_twice_than_never, watch_core_fixture) {
    baseline(order_status::ready);
    const auto e = event_of(order_status::ready, order_status::ready);
    BOOST_TEST((look(order_in(order_status::ready, file_1), &e) == change_kind::edit));
    BOOST_TEST(!look(order_in(order_status::ready, file_1), &e));
}

BOOST_FIXTURE_TEST_CASE(the_previous_status_is_the_one_that_was_told_last, watch_core_fixture) {
    look(order_in(order_status::draft));
    const auto change = core.looked(order_in(order_status::ready, file_1), nullptr, now);
    BOOST_TEST_REQUIRE(change.has_value());
    BOOST_TEST((change->previous_status == order_status::draft));
    BOOST_TEST(change->order.id == "a");
}

BOOST_FIXTURE_TEST_CASE(another_status_in_the_list_asks_for_a_look, watch_core_fixture) {
    look(order_in(order_status::pending));
    BOOST_TEST(!core.listed(order_in(order_status::pending), now, true));
    BOOST_TEST(core.listed(order_in(order_status::fixing), now, true));
}

BOOST_FIXTURE_TEST_CASE(an_order_that_has_left_the_list_of_open_ones_is_looked_at, watch_core_fixture) {
    look(order_in(order_status::pending));
    core.begin_sweep(false);
    BOOST_TEST((core.end_sweep(now) == std::vector<std::string>{"a"}));
    look(order_in(order_status::ready, file_1));
    core.begin_sweep(false);
    BOOST_TEST(core.end_sweep(now).empty());
}

BOOST_FIXTURE_TEST_CASE(delivered_orders_are_looked_at_again_for_a_while, watch_core_fixture) {
    look(order_in(order_status::ready, file_1));
    core.begin_sweep(false);
    BOOST_TEST(core.end_sweep(now + 59min).empty());
    BOOST_TEST(core.end_sweep(now + 61min).size() == 1u);
    core.looked(order_in(order_status::ready, file_1), nullptr, now + 25h);
    BOOST_TEST(core.end_sweep(now + 1000h).empty());
}

BOOST_FIXTURE_TEST_CASE(an_order_that_does_not_exist_any_more_is_gone_once, watch_core_fixture) {
    look(order_in(order_status::draft));
    const auto change = core.not_found("a");
    BOOST_TEST_REQUIRE(change.has_value());
    BOOST_TEST(change->kind == change_kind::gone);
    BOOST_TEST(change->order.id == "a");
    BOOST_TEST(!core.not_found("a"));
    BOOST_TEST(!core.not_found("never heard of"));
}

BOOST_FIXTURE_TEST_CASE(a_checkpoint_knows_what_was_told, watch_core_fixture) {
    look(order_in(order_status::ready, file_1));
    watch_core next{1h, 24h, 0h};
    for (auto& k : core.take_dirty()) next.restore(std::move(k), now);
    BOOST_TEST(!next.looked(order_in(order_status::ready, file_1), nullptr, now));
    const auto change = next.looked(order_in(order_status::ready, file_2), nullptr, now);
    BOOST_TEST_REQUIRE(change.has_value());
    BOOST_TEST(change->kind == change_kind::edit);
    BOOST_TEST(core.take_dirty().empty());
}

BOOST_FIXTURE_TEST_CASE(a_checkpoint_forgets_orders_that_are_gone, watch_core_fixture) {
    look(order_in(order_status::draft));
    core.take_dirty();
    core.not_found("a");
    const auto dirty = core.take_dirty();
    BOOST_TEST_REQUIRE(dirty.size() == 1u);
    BOOST_TEST(dirty[0].status.empty());
    watch_core next{1h, 24h, 0h};
    next.restore(dirty[0], now);
    BOOST_TEST(!next.knows("a"));
}

BOOST_AUTO_TEST_SUITE_END()
