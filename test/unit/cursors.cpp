// The text of a cursor, there and back.
#include <cubicasa/cursor.hpp>
#include <cubicasa/paginate.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(cursors)

using cubicasa::cursor;
using cubicasa::errc;

namespace {

cursor some() {
    cursor c;
    c.offset = 41;
    c.consumed = 7;
    c.query = 0xfeedbeef12345678u;
    c.last_id = "312babc6-e742-4d54-ac49-e0f7b16ec15a";
    return c;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_cursor_survives_the_way_through_its_text) {
    BOOST_TEST((*cursor::parse(some().text()) == some()));
    BOOST_TEST((*cursor::parse(cursor().text()) == cursor()));
}

BOOST_AUTO_TEST_CASE(an_id_with_any_byte_survives) {
    cursor c = some();
    c.last_id.clear();
    for (int i = 0; i < 256; ++i) c.last_id.push_back(static_cast<char>(i));
    BOOST_TEST((*cursor::parse(c.text()) == c));
}

BOOST_AUTO_TEST_CASE(the_text_is_one_line_of_printable_ascii) {
    cursor c = some();
    c.last_id = "a\nb\xff";
    for (const char ch : c.text()) BOOST_TEST((ch > 0x20 && ch < 0x7f));
}

BOOST_AUTO_TEST_CASE(what_is_no_cursor_is_refused) {
    for (const std::string_view text :
         {"", "cc1", "cc1.", "cc2.0.0.0.", "cc1.0.0.0", "cc1.-1.0.0.", "cc1.0.-1.0.", "cc1.x.0.0.", "cc1.0.0.zz.",
          "cc1.0.0.0.6", "cc1.0.0.0.6G", "cc1.0.0.0.AB", "cc1. 0.0.0.", "cc1.99999999999999999999.0.0."}) {
        const auto parsed = cursor::parse(text);
        BOOST_TEST_REQUIRE(parsed.has_error(), text);
        BOOST_TEST((parsed.error() == errc::invalid_cursor));
    }
}

BOOST_AUTO_TEST_CASE(a_text_without_bound_is_refused) {
    BOOST_TEST(cursor::parse("cc1.0.0.0." + std::string(100'000, '6')).has_error());
}

BOOST_AUTO_TEST_CASE(fingerprints_tell_queries_apart) {
    using cubicasa::detail::fingerprint;
    BOOST_TEST(fingerprint("/orders", "status=Ready") != fingerprint("/orders", "status=Draft"));
    BOOST_TEST(fingerprint("/orders", "") != fingerprint("/users", ""));
    BOOST_TEST(fingerprint("/orders", "a=1") == fingerprint("/orders", "a=1"));
}

BOOST_AUTO_TEST_SUITE_END()
