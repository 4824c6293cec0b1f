// wire_request: nothing that a caller passes can change the structure of what is sent. Also header_block and is_utf8.
#include <cubicasa/detail/json.hpp>
#include <cubicasa/endpoint.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(wire_request_)

using namespace cubicasa;

namespace {

wire_request request() { return {"sample", "GET", "/orders/{id}", effect::read, evidence::documented}; }

}  // namespace

BOOST_AUTO_TEST_CASE(arguments_are_encoded_into_the_path) {
    auto w = request();
    w.argument("id", "a/b?c#d%20 \u00e9+~-._");
    BOOST_TEST(w.target(w.path) == "/orders/a%2Fb%3Fc%23d%2520%20%C3%A9%2B~-._");
    BOOST_TEST(!w.problem);
}

BOOST_AUTO_TEST_CASE(an_argument_with_braces_is_not_taken_for_a_placeholder) {
    auto w = request();
    w.argument("id", "{id}");
    BOOST_TEST(w.target("/a/{id}/b/{id}") == "/a/%7Bid%7D/b/%7Bid%7D");
}

BOOST_DATA_TEST_CASE(an_argument_that_would_climb_the_path_is_refused,
                     boost::unit_test::data::make({"", ".", "..", "../x", "x/..", "a/./b", "a\\..\\b", "/.."}), value) {
    auto w = request();
    w.argument("id", value);
    BOOST_TEST((w.problem == errc::invalid_argument));
    BOOST_TEST(w.problem.message.starts_with("id: "));
    BOOST_TEST(w.problem.operation == "sample");
    BOOST_TEST((w.problem.delivery == delivery::never_sent));
}

BOOST_DATA_TEST_CASE(dots_that_do_not_climb_are_fine, boost::unit_test::data::make({"...", "a..b", ".a", "b.", "a/b"}),
                     value) {
    auto w = request();
    w.argument("id", value);
    BOOST_TEST(!w.problem);
}

BOOST_AUTO_TEST_CASE(queries_are_encoded_and_may_repeat) {
    auto w = request();
    w.query("status", "Pending");
    w.query("status", "R&D=1");
    w.query("user_email", "a+b@c.d");
    w.query("limit", std::int64_t{-5});
    BOOST_TEST(w.target("/orders") == "/orders?status=Pending&status=R%26D%3D1&user_email=a%2Bb%40c.d&limit=-5");
    BOOST_TEST(w.target("/orders?x=1") ==
               "/orders?x=1&status=Pending&status=R%26D%3D1&user_email=a%2Bb%40c.d&limit=-5");
}

BOOST_AUTO_TEST_CASE(line_ends_and_zero_bytes_cannot_reach_the_wire) {
    auto w = request();
    w.argument("id", std::string_view("x\r\nHost: y\0z", 12));
    w.query("a", "\r\n");
    BOOST_TEST(w.target(w.path) == "/orders/x%0D%0AHost%3A%20y%00z?a=%0D%0A");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_refused_by_name) {
    auto w = request();
    w.query("office", "\xff");
    BOOST_TEST(w.problem.message == "office: is not valid UTF-8");
    auto v = request();
    v.argument("id", "\xc3(");
    BOOST_TEST(v.problem.message == "id: is not valid UTF-8");
}

BOOST_AUTO_TEST_CASE(the_first_complaint_is_kept) {
    auto w = request();
    w.require("street", "somewhere");
    BOOST_TEST(!w.problem);
    w.require("city", "");
    w.refuse("country", "is odd");
    BOOST_TEST(w.problem.message == "city: is required");
}

BOOST_DATA_TEST_CASE(a_path_that_cannot_be_sent_is_refused,
                     boost::unit_test::data::make({"", "orders", "//evil.example/x", "https://evil.example/", "/a b",
                                                   "/a\r\nx: y", "/a#b", "/a/{id", "/a/{}", "/a/{other}", "/\xc3\xa9",
                                                   "/a\x7f"}),
                     path) {
    auto w = request();
    w.argument("id", "1");
    w.target(path);
    BOOST_TEST((w.problem == errc::invalid_argument));
    BOOST_TEST(w.problem.message.starts_with("path: "));
}

BOOST_AUTO_TEST_CASE(a_placeholder_that_nothing_fills_is_named) {
    auto w = request();
    w.target(w.path);
    BOOST_TEST(w.problem.message == "path: nothing fills {id}");
}

BOOST_AUTO_TEST_CASE(a_replaced_path_need_not_use_every_argument) {
    auto w = request();
    w.argument("id", "1");
    BOOST_TEST(w.target("/elsewhere") == "/elsewhere");
    BOOST_TEST(!w.problem);
}

BOOST_AUTO_TEST_CASE(a_json_body_sets_its_type) {
    auto w = request();
    BOOST_TEST(w.content_type == "");
    w.json_body("{}");
    BOOST_TEST(w.body == "{}");
    BOOST_TEST(w.content_type == "application/json");
}

BOOST_AUTO_TEST_CASE(raw_bodies_are_checked) {
    auto w = request();
    detail::set_raw_body(w, "body", raw_json("{\"a\": 1}"));
    BOOST_TEST(w.body == "{\"a\": 1}");
    detail::set_raw_body(w, "body", raw_json());
    BOOST_TEST(w.problem.message == "body: is required");
    auto v = request();
    detail::set_raw_body(v, "body", raw_json("{"));
    BOOST_TEST(v.problem.message == "body: is not valid JSON");
    BOOST_TEST(v.body == "");
}

BOOST_AUTO_TEST_CASE(effect_and_evidence_have_names) {
    BOOST_TEST(to_string(effect::read) == "read");
    BOOST_TEST(to_string(effect::replace) == "replace");
    BOOST_TEST(to_string(effect::create) == "create");
    BOOST_TEST(to_string(evidence::documented) == "documented");
    BOOST_TEST(to_string(evidence::observed) == "observed");
    BOOST_TEST(to_string(evidence::inferred) == "inferred");
}

BOOST_AUTO_TEST_CASE(a_header_is_found_by_its_name_without_case) {
    header_block h;
    h.append("Content-Type", "application/json");
    h.append("X-Empty", "");
    h.append("content-type", "second");
    BOOST_TEST(h.find("CONTENT-TYPE").value() == "application/json");
    BOOST_TEST(h.find("x-empty").value() == "");
    BOOST_TEST(!h.find("Content"));
    BOOST_TEST(!h.find(""));
    BOOST_TEST(h.text() == "Content-Type: application/json\nX-Empty: \ncontent-type: second\n");
    h.clear();
    BOOST_TEST(!h.find("X-Empty"));
}

BOOST_AUTO_TEST_CASE(a_header_value_cannot_pass_for_another_header) {
    header_block h;
    h.append("A", "1\r\nB: 2");
    BOOST_TEST(!h.find("B"));
    BOOST_TEST(h.find("a").value() == "1  B: 2");
}

BOOST_AUTO_TEST_CASE(utf8_is_told_from_what_is_not) {
    for (const char* good : {"", "abc", "\u00e9", "\u20ac", "\ud7ff", "\ue000", "\U0001F600", "\U0010FFFF", "\x7f"}) {
        BOOST_TEST(detail::is_utf8(good));
    }
    for (const char* bad :
         {"\x80", "\xc3", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82", "\xf0\x8f\xbf\xbf",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe2\x28\xa1", "\xf0\x9f\x98"}) {
        BOOST_TEST(!detail::is_utf8(bad));
    }
}

BOOST_AUTO_TEST_SUITE_END()
