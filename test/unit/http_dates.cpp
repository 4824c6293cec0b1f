// Retry-After in all its forms.
#include "http_date.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(http_dates)

using namespace cubicasa::detail;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

const sys_seconds now{seconds(784'111'777)};  // Sun, 06 Nov 1994 08:49:37 GMT

std::optional<long> wish(std::string_view text, std::optional<std::string_view> date = std::nullopt) {
    const auto s = parse_retry_after(text, date, now);
    if (!s) return std::nullopt;
    return static_cast<long>(s->count());
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_three_forms_are_understood) {
    for (const char* text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
        const auto t = parse_http_date(text);
        BOOST_TEST_REQUIRE(t.has_value(), text);
        BOOST_TEST((*t == now), text);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_nothing) {
    for (const char* text : {"", "tomorrow", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT and more",
                             "1994-11-06T08:49:37Z"}) {
        BOOST_TEST(!parse_http_date(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(a_number_is_a_number_of_seconds) {
    BOOST_TEST((wish("0") == 0));
    BOOST_TEST((wish("120") == 120));
    BOOST_TEST((*wish("99999999999999999999999999") > 100'000'000L));
}

BOOST_AUTO_TEST_CASE(a_date_is_compared_with_the_clock_of_the_server) {
    BOOST_TEST((wish("Sun, 06 Nov 1994 08:50:37 GMT") == 60));
    // A server whose clock is an hour ahead.
    BOOST_TEST((wish("Sun, 06 Nov 1994 09:50:37 GMT", "Sun, 06 Nov 1994 09:49:37 GMT") == 60));
    BOOST_TEST((wish("Sun, 06 Nov 1994 08:50:37 GMT", "no date") == 60));
}

BOOST_AUTO_TEST_CASE(a_date_in_the_past_asks_for_nothing) { BOOST_TEST((wish("Sat, 05 Nov 1994 08:49:37 GMT") == 0)); }

BOOST_AUTO_TEST_CASE(garbage_is_ignored) {
    for (const char* text : {"", " ", "-1", "+5", "1.5", "soon", "0x10", "12 s"}) BOOST_TEST(!wish(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
