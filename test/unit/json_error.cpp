// Bodies of error answers, friendly and hostile, and foreign text made printable.
#include "json_support.hpp"

BOOST_AUTO_TEST_SUITE(json_error)

using namespace cubicasa;
using namespace cubicasa::test;

namespace {

error read(std::string_view body) {
    error e(errc::bad_request);
    detail::parse_error_body(body, e);
    return e;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_captured_validation_error_names_every_field) {
    const auto e = read(data_file("observed.error.validation.json"));
    BOOST_REQUIRE(e.fields.size() == 5U);
    BOOST_TEST(e.fields[0].place == "body_params");
    BOOST_TEST(e.fields[0].path == "street");
    BOOST_TEST(e.fields[0].text == "field required");
    BOOST_TEST(e.fields[3].path == "info");
    BOOST_TEST(e.fields[3].text == "str type expected");
    BOOST_TEST(e.fields[4].path == "source");
    BOOST_TEST(e.server_message.empty());
}

BOOST_AUTO_TEST_CASE(all_four_places_are_read_and_paths_joined) {
    const auto e = read(
        R"({"validation_error":{"path_params":[{"loc":["id"],"msg":"p"}],"query_params":[{"loc":["limit"],"msg":"q"}],
        "form_params":[{"loc":"f","msg":"f"}],"body_params":[{"loc":["add_ons",2,"x",-1,18446744073709551615],"msg":"b","type":"t"}]},"message":"wrong"})");
    BOOST_REQUIRE(e.fields.size() == 4U);
    BOOST_TEST(e.fields[0].path == "add_ons.2.x.-1.18446744073709551615");
    BOOST_TEST(e.fields[1].place == "query_params");
    BOOST_TEST(e.fields[2].place == "path_params");
    BOOST_TEST(e.fields[3].place == "form_params");
    BOOST_TEST(e.fields[3].path == "f");
    BOOST_TEST(e.server_message == "wrong");
}

BOOST_AUTO_TEST_CASE(message_then_detail_then_error_is_the_servers_message) {
    BOOST_TEST(read(R"({"error":"e","detail":"d","message":"m"})").server_message == "m");
    BOOST_TEST(read(R"({"error":"e","detail":"d","message":{"a":1}})").server_message == "d");
    BOOST_TEST(read(R"({"error":"e","message":""})").server_message == "e");
    BOOST_TEST(read(R"("plain text")").server_message == "plain text");
}

BOOST_AUTO_TEST_CASE(a_body_of_no_known_shape_is_the_message_as_it_is) {
    for (const char* body : {"Bad Gateway", "{\"code\":7}", "[1,2]", "<html>", "{\"message\":", "null",
                             "{\"validation_error\":{\"body_params\":7}}", "{\"validation_error\":[]}",
                             "{\"validation_error\":{\"body_params\":[7,{},{\"loc\":null,\"msg\":[]}]}}"}) {
        const auto e = read(body);
        BOOST_TEST(e.server_message == body);
        BOOST_TEST(e.fields.empty());
    }
    BOOST_TEST(read("").server_message.empty());
}

BOOST_AUTO_TEST_CASE(texts_are_cut_between_characters) {
    const auto e = read("x" + std::string(500, 'y') + [] {
        std::string s;
        for (int i = 0; i < 1000; ++i) s += "\u20ac";
        return s;
    }());
    BOOST_TEST(e.server_message.size() <= 1024U);
    BOOST_TEST(e.server_message.size() > 1020U);
    BOOST_TEST(detail::is_utf8(e.server_message));
    std::string many = R"({"validation_error":{"body_params":[)";
    for (int i = 0; i < 500; ++i) {
        many += R"({"loc":[")" + std::string(1000, 'p') + R"("],"msg":")" + std::string(3000, 'm') + "\"}" +
                (i < 499 ? "," : "");
        if (i == 200) {
            const auto f = read(many.substr(0, many.size() - 1) + "]}}").fields;
            BOOST_TEST(f.size() == 100U);
            BOOST_TEST(f[0].path.size() == 256U);
            BOOST_TEST(f[0].text.size() == 1024U);
        }
    }
    BOOST_TEST(read(many + "]}}").server_message.size() == 1024U);  // too large to be read
}

BOOST_AUTO_TEST_CASE(control_characters_are_removed_everywhere) {
    const auto e = read(
        R"({"validation_error":{"body_params":[{"loc":["a\u001b[2J"],"msg":"b\r\nc\u0000d\u009b\u202e"}]},"message":"\u0007m\u007f"})");
    BOOST_TEST(e.fields.at(0).path == "a[2J");
    BOOST_TEST(e.fields.at(0).text == "b cd");
    BOOST_TEST(e.server_message == "m");
    BOOST_TEST(read("plain\x1b[31m \xff\xfe end").server_message == "plain[31m ?? end");
}

BOOST_AUTO_TEST_CASE(hostile_bodies_are_harmless) {
    BOOST_TEST(read(std::string(1'000'000, '[')).server_message == std::string(1024, '['));
    BOOST_TEST(read(std::string(20'000'000, '\x01')).server_message.empty());
    std::string deep = R"({"message":"m","x":)" + std::string(100, '[') + std::string(100, ']') + "}";
    BOOST_TEST(read(deep).server_message == deep);
    std::string parts = R"({"validation_error":{"body_params":[{"msg":"m","loc":[)";
    for (int i = 0; i < 100000; ++i) parts += "1,";
    BOOST_TEST(read(parts + "1]}]}}").fields.at(0).path.size() == 256U);
}

BOOST_AUTO_TEST_CASE(what_an_earlier_answer_said_is_forgotten) {
    error e(errc::bad_request);
    detail::parse_error_body(data_file("observed.error.validation.json"), e);
    detail::parse_error_body(R"({"message":"m"})", e);
    BOOST_TEST(e.fields.empty());
    BOOST_TEST(e.server_message == "m");
}

BOOST_AUTO_TEST_CASE(queries_of_links_are_left_out) {
    const auto shown = [](std::string_view text) { return detail::printable(text, 100); };
    BOOST_TEST(shown("no https://a.example/1.pdf?sig=abc here?") == "no https://a.example/1.pdf?... here?");
    BOOST_TEST(shown(R"({"url":"/1.pdf?a&b=%20c","x":1})") == R"({"url":"/1.pdf?...","x":1})");
    BOOST_TEST(shown("a?b=c?d=e") == "a?...");
    BOOST_TEST(shown("is it? yes=no") == "is it? yes=no");
    BOOST_TEST(detail::printable("a?b=c", 3) == "a?.");
    BOOST_TEST(detail::printable("a?b=c", 2) == "a?");
}

BOOST_AUTO_TEST_CASE(printable_text_is_left_alone) {
    BOOST_TEST(detail::printable("m\u00b2 \u20ac \U0001F600", 100) == "m\u00b2 \u20ac \U0001F600");
    BOOST_TEST(detail::printable("\U0001F600\U0001F600", 7) == "\U0001F600");
    BOOST_TEST(detail::printable("abc", 0) == "");
}

BOOST_AUTO_TEST_SUITE_END()
