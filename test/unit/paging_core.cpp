// Where a walk goes next, from the facts of a page.
#include <cubicasa/detail/paging_core.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(paging_kernel)

using cubicasa::errc;
using namespace cubicasa::detail;
using step = paging_decision::step;

namespace {

page_facts facts(std::optional<bool> has_more, std::optional<std::int64_t> next, std::size_t items = 20) {
    page_facts f;
    f.has_more = has_more;
    f.next_offset = next;
    f.items = items;
    return f;
}

}  // namespace

BOOST_AUTO_TEST_CASE(next_offset_goes_back_as_it_came_even_when_it_looks_off_by_one) {
    paging_core core(0);
    const auto d = core.page(facts(true, 21));
    BOOST_TEST((d.what == step::next));
    BOOST_TEST(d.offset == 21);
    BOOST_TEST(core.offset() == 21);
}

BOOST_AUTO_TEST_CASE(the_walk_ends_when_there_is_no_more_whatever_next_offset_says) {
    BOOST_TEST((paging_core(0).page(facts(false, 21)).what == step::end));
    BOOST_TEST((paging_core(0).page(facts(false, std::nullopt)).what == step::end));
}

BOOST_AUTO_TEST_CASE(an_empty_page_in_the_middle_does_not_end_the_walk) {
    paging_core core(0);
    BOOST_TEST((core.page(facts(true, 20, 0)).what == step::next));
    BOOST_TEST((core.page(facts(true, 40, 5)).what == step::next));
}

BOOST_AUTO_TEST_CASE(an_offset_that_does_not_grow_is_stalled) {
    for (const std::int64_t next : {20, 19, 0, -5}) {
        const auto d = paging_core(20).page(facts(true, next));
        BOOST_TEST((d.what == step::fail));
        BOOST_TEST((d.why == errc::paging_stalled));
    }
}

BOOST_AUTO_TEST_CASE(more_without_an_offset_is_broken) {
    const auto d = paging_core(0).page(facts(true, std::nullopt));
    BOOST_TEST((d.what == step::fail));
    BOOST_TEST((d.why == errc::paging_broken));
}

BOOST_AUTO_TEST_CASE(a_page_that_does_not_say_whether_there_is_more_is_followed_while_it_brings_something) {
    BOOST_TEST((paging_core(0).page(facts(std::nullopt, 20)).what == step::next));
    BOOST_TEST((paging_core(0).page(facts(std::nullopt, 20, 0)).what == step::end));
    BOOST_TEST((paging_core(0).page(facts(std::nullopt, 0)).what == step::end));
    BOOST_TEST((paging_core(0).page(facts(std::nullopt, std::nullopt)).what == step::end));
}

BOOST_AUTO_TEST_CASE(empty_pages_without_end_are_stalled) {
    paging_core core(0);
    int pages = 0;
    while (core.page(facts(true, core.offset() + 20, 0)).what == step::next) ++pages;
    BOOST_TEST(pages == paging_core::most_empty_pages);
}

BOOST_AUTO_TEST_CASE(an_overlap_asks_for_the_last_records_again) {
    paging_core core(0, 3);
    BOOST_TEST(core.page(facts(true, 21)).offset == 18);
}

BOOST_AUTO_TEST_CASE(an_overlap_larger_than_a_page_still_advances) {
    paging_core core(0, 1000);
    BOOST_TEST(core.page(facts(true, 21)).offset == 1);
    BOOST_TEST(core.page(facts(true, 22)).offset == 2);
}

BOOST_AUTO_TEST_CASE(an_id_is_new_once) {
    recent_ids ids(10);
    BOOST_TEST(ids.insert("a"));
    BOOST_TEST(!ids.insert("a"));
    BOOST_TEST(ids.insert("b"));
}

BOOST_AUTO_TEST_CASE(only_the_latest_ids_are_remembered) {
    recent_ids ids(2);
    ids.insert("a");
    ids.insert("b");
    ids.insert("c");
    BOOST_TEST(!ids.insert("b"));
    BOOST_TEST(ids.insert("a"));
}

BOOST_AUTO_TEST_CASE(a_memory_of_nothing_finds_everything_new) {
    recent_ids ids(0);
    BOOST_TEST(ids.insert("a"));
    BOOST_TEST(ids.insert("a"));
}

BOOST_AUTO_TEST_SUITE_END()
