// Hostile answers for every type of answer: what breaks JSON, what breaks types, what breaks readers. The fuzz targets
// in fuzz/ go further, with clang.
#include "json_support.hpp"
#include "spoiled.hpp"

#include <cubicasa/cubicasa.hpp>

#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(json_hostile)

using namespace cubicasa;
using namespace cubicasa::test;

namespace {

// "" for an answer that was read, else the sentence of the error. An error without a reason ends the test.
template <endpoint E>
std::string outcome(const std::string& body) {
    raw_response answer;
    answer.status = 200;
    answer.body = body;
    const auto r = detail::decode_answer<E>(answer);
    if (r) return {};
    const bool ours = r.error().code.category() == error_category() && r.error().delivery == delivery::answered;
    BOOST_REQUIRE_MESSAGE(ours, r.error().describe());
    BOOST_REQUIRE_MESSAGE(detail::is_utf8(r.error().describe()), "not UTF-8");
    // The place of what is wrong: a JSON pointer, a byte, or the reason why there is none.
    const bool placed = !r.error().message.empty() || r.error() == errc::empty_body;
    BOOST_REQUIRE_MESSAGE(placed, r.error().describe() << " of " << body);
    return r.error().describe();
}

using reader = std::string (*)(const std::string&);
const reader readers[] = {
    &outcome<get_company>,
    &outcome<update_webhooks>,
    &outcome<list_offices>,
    &outcome<create_office>,
    &outcome<list_users>,
    &outcome<create_user>,
    &outcome<get_user>,
    &outcome<update_user>,
    &outcome<change_password>,
    &outcome<delete_user>,
    &outcome<list_orders>,
    &outcome<get_order>,
    &outcome<get_combined_pdf>,
    &outcome<create_change_request>,
    &outcome<list_change_requests>,
    [](const std::string& body) {
        const auto e = parse_order_event(body);
        return e ? std::string() : e.error().describe();
    },
};

// Texts that were trouble for somebody's parser.
const std::string troublesome[] = {
    "null",
    "[",
    "{",
    "]",
    "}",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\xC0\xAF\"",
    "\xFF",
    "1e999",
    "-1e999",
    "1e-999",
    "-0",
    "-",
    "0x1",
    "01",
    "NaN",
    "Infinity",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    std::string(400, '9'),
    "0." + std::string(400, '0') + "1",
    "true",
    "{\"id\":{\"id\":{\"id\":[]}}}",
    "\"id\":null,",
    "\"id\":\"\",",
    "/* */",
    "//",
    std::string(1, '\0'),
    std::string(100, '['),
    std::string(5000, '['),
    std::string(5000, '{'),
    std::string(70000, 'x'),
};

}  // namespace

BOOST_AUTO_TEST_CASE(what_breaks_off_anywhere_is_an_error) {
    for (const std::string& whole : examples()) {
        for (std::size_t size = 1; size + 3 < whole.size(); size += 1 + whole.size() / 100) {
            for (const reader read : readers) BOOST_REQUIRE(!read(whole.substr(0, size)).empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(trouble_in_place_of_the_whole_answer_is_survived) {
    for (const std::string& text : troublesome) {
        for (const reader read : readers) read(text);
    }
    const std::string deep = outcome<get_order>(R"({"id":"1","x":)" + std::string(5000, '['));
    BOOST_TEST(deep.find(" at byte 7") != std::string::npos, deep);
}

BOOST_AUTO_TEST_CASE(trouble_in_any_place_is_survived) {
    std::mt19937 random(1);  // the same in each run
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const auto trouble = [&](std::string& text, std::size_t at) {
        text.insert(at, troublesome[below(std::size(troublesome))]);
    };
    const auto seeds = examples();
    std::size_t read_well = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = spoiled(seeds[below(seeds.size())], random, 60, trouble);
        for (std::size_t k = 0; k < 3; ++k) read_well += readers[below(std::size(readers))](text).empty();
    }
    BOOST_TEST(read_well > 100u);
}

BOOST_AUTO_TEST_SUITE_END()
