// The parser beside Boost.JSON's: both must take the same texts, and see the same in them, whatever the text.
#include "json_parser.hpp"

#include "json_support.hpp"
#include "spoiled.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

BOOST_AUTO_TEST_SUITE(json_parser)

using namespace cubicasa;
using namespace cubicasa::test;

namespace {

// What was read, an event after the other. Numbers are as in the text.
std::string quoted(std::string_view kind, std::string_view s) {
    std::string out(kind);
    detail::append_json_string(out, s);
    return out;
}

struct our_events {
    std::string seen;
    bool knows_keys = false;  // predicts each key that is not escaped

    bool add(std::string_view event) { return seen.append(event), true; }
    bool begin_object() { return add("{"); }
    bool end_object() { return add("}"); }
    bool begin_array() { return add("["); }
    bool end_array() { return add("]"); }
    const char* predicted_key(const char* at, const char* end) {
        const std::string_view rest(at, static_cast<std::size_t>(end - at));
        const std::size_t size = rest.find('"');
        const auto plain = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
        if (!knows_keys || size == std::string_view::npos || !std::all_of(at, at + size, plain)) return nullptr;
        key(rest.substr(0, size));
        return at + size + 1;
    }
    void key(std::string_view s) { add(quoted("k", s)); }
    bool text(std::string_view s) { return add(quoted("t", s)); }
    bool number(const detail::json_number& n) {
        const std::string text(n.text);
        const double expected = std::strtod(text.c_str(), nullptr);
        BOOST_REQUIRE_MESSAGE(n.value() == expected, text);
        std::int64_t i = 0;
        if (n.integer(i)) BOOST_REQUIRE_MESSAGE(std::to_string(i) == (text == "-0" ? "0" : text), text);
        return add("n" + text + ";");
    }
    bool boolean(bool b) { return add(b ? "true" : "false"); }
    bool null() { return add("null"); }
};

struct their_events {
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = max_object_size;
    static constexpr std::size_t max_key_size = max_object_size;
    static constexpr std::size_t max_string_size = max_object_size;

    std::string seen;
    std::string piece;

    using ec = json::error_code;
    bool add(std::string_view event) { return seen.append(event), true; }
    bool part(json::string_view s) { return piece.append(s.data(), s.size()), true; }
    std::string whole(json::string_view s) { return part(s), std::exchange(piece, {}); }
    bool on_document_begin(ec&) { return true; }
    bool on_document_end(ec&) { return true; }
    bool on_object_begin(ec&) { return add("{"); }
    bool on_object_end(std::size_t, ec&) { return add("}"); }
    bool on_array_begin(ec&) { return add("["); }
    bool on_array_end(std::size_t, ec&) { return add("]"); }
    bool on_key_part(json::string_view s, std::size_t, ec&) { return part(s); }
    bool on_key(json::string_view s, std::size_t, ec&) { return add(quoted("k", whole(s))); }
    bool on_string_part(json::string_view s, std::size_t, ec&) { return part(s); }
    bool on_string(json::string_view s, std::size_t, ec&) { return add(quoted("t", whole(s))); }
    bool on_number_part(json::string_view s, ec&) { return part(s); }
    bool on_int64(std::int64_t, json::string_view s, ec&) { return add("n" + whole(s) + ";"); }
    bool on_uint64(std::uint64_t, json::string_view s, ec&) { return add("n" + whole(s) + ";"); }
    bool on_double(double, json::string_view s, ec&) { return add("n" + whole(s) + ";"); }
    bool on_bool(bool b, ec&) { return add(b ? "true" : "false"); }
    bool on_null(ec&) { return add("null"); }
    bool on_comment_part(json::string_view, ec&) { return true; }
    bool on_comment(json::string_view, ec&) { return true; }
};

// True for JSON. Fails the test when the parsers differ.
bool both_take(std::string_view text) {
    // Of its own size, so that the address sanitizer sees what is read behind it.
    const std::unique_ptr<char[]> copy(new char[text.size()]);
    std::copy(text.begin(), text.end(), copy.get());
    const std::string_view body(copy.get(), text.size());

    json::parse_options options;
    options.max_depth = detail::max_json_depth;
    json::basic_parser<their_events> theirs(options);
    json::error_code ec;
    const std::size_t read = theirs.write_some(false, body.data(), body.size(), ec);
    const bool good = !ec && body.find_first_not_of(" \t\r\n", read) == std::string_view::npos;
    // RFC 8259 knows no largest exponent; a number beyond all others is for the reader to judge.
    if (ec == json::error::exponent_overflow) return false;

    for (const bool knows_keys : {false, true}) {
        our_events ours;
        ours.knows_keys = knows_keys;
        const detail::json_problem problem = detail::json_parser(body, ours).run();
        BOOST_REQUIRE_MESSAGE((problem.what == nullptr) == good, text);
        BOOST_REQUIRE_MESSAGE(problem.at <= body.size(), text);
        if (good) BOOST_REQUIRE_MESSAGE(ours.seen == theirs.handler().seen, text);
    }
    BOOST_REQUIRE(detail::is_json(body) == good);
    return good;
}

// Any JSON, with white space, escapes and characters of every length.
class generator {
public:
    explicit generator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

    std::string value(int depth = 0) {
        switch (below(depth < 6 ? 8 : 6)) {
            case 0:
                return blanks() + "null" + blanks();
            case 1:
                return below(2) == 0 ? "true" : "false";
            case 2:
            case 3:
                return number();
            case 4:
            case 5:
                return text();
            case 6:
                return container('[', ']', [&] { return value(depth + 1); });
            default:
                return container('{', '}', [&] { return text() + blanks() + ":" + blanks() + value(depth + 1); });
        }
    }

    std::string text() {
        std::string out = "\"";
        for (std::size_t n = below(3) == 0 ? below(60) : below(8); n > 0; --n) {
            switch (below(12)) {
                case 0:
                    out += pick({"\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"});
                    break;
                case 1:
                    out += pick(
                        {"\\u0000", "\\u001F", "\\u00e9", "\\u20AC", "\\uffff", "\\uD83D\\uDE00", "\\udbff\\udfff"});
                    break;
                case 2:
                    out +=
                        pick({"\u00e9", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff"});
                    break;
                default:
                    out += static_cast<char>(pick({"aZ", "09", " ~", "{}", "[]", ":,", "/'", "\x7f."})[below(2)]);
            }
        }
        return out + '"';
    }

    std::string number() {
        std::string out = below(3) == 0 ? "-" : "";
        out += below(4) == 0 ? "0" : digits(1 + below(below(4) == 0 ? 25 : 6), '1');
        if (below(2) == 0) out += "." + digits(1 + below(below(4) == 0 ? 25 : 6), '0');
        if (below(4) == 0) out += pick({"e", "E", "e+", "e-", "E-0"}) + digits(1 + below(3), '0');
        return out;
    }

    // Up to three places of it changed.
    std::string spoiled(std::string text) {
        return test::spoiled(std::move(text), random_, 20, [this](std::string& t, std::size_t at) {
            if (below(2) == 0) {
                t[at] = pick({"{}", "[]", ",:", "\"\\", "-.", "eu", "09", " \n", "\x1f\x7f"})[below(2)];
            } else {
                t.insert(at, pick({"\"", "\\", "\\u", "\\ud800", "\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80", "\x80",
                                   "\xE2\x82", "1e5", "-", "null", "[", "{", "}", "]", ",", "\t"}));
            }
        });
    }

private:
    std::string pick(std::initializer_list<const char*> all) { return all.begin()[below(all.size())]; }

    std::string blanks() {
        std::string out;
        while (below(6) == 0) out += pick({" ", "\n", "\r", "\t", "   "});
        return out;
    }

    std::string digits(std::size_t count, char least_first) {
        std::string out;
        for (; count > 0; --count) out += static_cast<char>('0' + below(10));
        out[0] = std::max(out[0], least_first);
        return out;
    }

    template <class F>
    std::string container(char open, char close, F element) {
        std::string out = open + blanks();
        for (std::size_t n = below(5), i = 0; i < n; ++i) out += (i == 0 ? "" : ",") + blanks() + element() + blanks();
        return out + close + blanks();
    }

    std::mt19937_64 random_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(generated_json_is_read_as_by_boost) {
    generator any(1);
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = any.value();
        BOOST_REQUIRE_MESSAGE(both_take(text), text);
    }
}

BOOST_AUTO_TEST_CASE(spoiled_json_is_taken_or_refused_as_by_boost) {
    generator any(2);
    int good = 0;
    for (int i = 0; i < 60'000; ++i) good += both_take(any.spoiled(any.value()));
    BOOST_TEST(good > 2'000);
    BOOST_TEST(good < 58'000);
}

BOOST_AUTO_TEST_CASE(spoiled_examples_are_taken_or_refused_as_by_boost) {
    generator any(3);
    for (const std::string& text : examples()) {
        BOOST_REQUIRE(both_take(text));
        for (int i = 0; i < 200; ++i) both_take(any.spoiled(text));
    }
}

BOOST_AUTO_TEST_CASE(a_text_cut_at_any_byte_is_refused) {
    generator any(4);
    for (int i = 0; i < 1'000; ++i) {
        const std::string text = "[" + any.value() + "]";
        for (std::size_t n = 0; n < text.size(); ++n) BOOST_REQUIRE(!both_take(std::string_view(text).substr(0, n)));
    }
}

// At each distance from the end and from the beginning, since texts are looked at in blocks.
BOOST_AUTO_TEST_CASE(any_byte_in_any_place_of_a_text_is_taken_or_refused_as_by_boost) {
    for (std::size_t size = 1; size < 40; ++size) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, 'x');
                text[at] = static_cast<char>(byte);
                both_take('"' + text + '"');
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(each_pair_of_bytes_beyond_ascii_is_taken_or_refused_as_by_boost) {
    for (int first = 0x7f; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            for (const char* rest : {"", "\x80", "\xbf\xbf"}) {
                both_take(std::string("\"") + static_cast<char>(first) + static_cast<char>(second) + rest + '"');
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(each_pair_of_units_that_are_escaped_is_taken_or_refused_as_by_boost) {
    const char* const units[] = {"0000", "0022", "007F", "0080", "07ff", "0800", "D7FF", "d800", "dBff", "dc00",
                                 "DFFF", "e000", "FFFE", "ffff", "00g0", "12",   "",     "+123", " 123", "0x12"};
    for (const std::string first : units) {
        both_take("\"\\u" + first + "\"");
        for (const std::string second : units) both_take("\"\\u" + first + "\\u" + second + "\"");
    }
    BOOST_TEST(both_take(R"("\ud83d\ude00")"));
    BOOST_TEST(!both_take(R"("\ud83d")"));
    BOOST_TEST(!both_take(R"("\ude00")"));
    BOOST_TEST(!both_take(R"("\ud83d\u0041")"));
    for (int c = 0; c < 256; ++c) both_take(std::string("\"\\") + static_cast<char>(c) + "\"");
}

BOOST_AUTO_TEST_CASE(numbers_are_taken_or_refused_as_by_boost) {
    for (const char* good : {"0",
                             "-0",
                             "0.0",
                             "-0.0",
                             "1e0",
                             "0e5",
                             "1E+1",
                             "1e-1",
                             "9007199254740993",
                             "9223372036854775807",
                             "9223372036854775808",
                             "-9223372036854775808",
                             "-9223372036854775809",
                             "18446744073709551615",
                             "18446744073709551616",
                             "1e22",
                             "1e23",
                             "8.5e-22",
                             "123456789012345678e-30",
                             "2.2250738585072011e-308",
                             "5e-324",
                             "2e-324",
                             "1.7976931348623157e308",
                             "1.7976931348623159e308",
                             "-1e999",
                             "1e-999",
                             "-1e-999",
                             "0e99999",
                             "0.000000000000000000000000000000000000001",
                             "0.1000000000000000055511151231257827",
                             "9007199254740992.5",
                             "4503599627370497.5",
                             "100000000000000000000000.0"}) {
        BOOST_TEST_CONTEXT(good) BOOST_TEST(both_take(good));
    }
    BOOST_TEST(both_take(std::string(400, '9')));
    BOOST_TEST(both_take("0." + std::string(400, '0') + "1"));
    BOOST_TEST(both_take("0." + std::string(400, '0') + "1e405"));
    BOOST_TEST(both_take("1" + std::string(400, '0') + "e-400"));
    for (const char* bad :
         {"-",    "+1",   "00",    "01",    "-01", "1.", ".5",  "1.e5",     "1e",        "1e+",   "1e-",
          "1ee5", "0x10", "1_000", "1.5.5", "--1", "1-", "NaN", "Infinity", "-Infinity", "1e5.5", "1,5"}) {
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!both_take(bad));
        BOOST_TEST_CONTEXT(bad) both_take("[" + std::string(bad) + "]");
    }
}

BOOST_AUTO_TEST_CASE(an_exponent_may_be_of_any_size) {
    BOOST_TEST(detail::is_json("[1e99999999999999999999999,-1e-99999999999999999999999]"));
    const auto value = [](std::string_view text) {
        struct : our_events {
            double read = 0;
            bool number(const detail::json_number& n) { return read = n.value(), true; }
        } events;
        BOOST_REQUIRE(detail::json_parser(text, events).run().what == nullptr);
        return events.read;
    };
    BOOST_TEST(value("1e99999999999999999999999") == std::numeric_limits<double>::infinity());
    BOOST_TEST(value("-1e99999999999999999999999") == -std::numeric_limits<double>::infinity());
    BOOST_TEST(value("1e-99999999999999999999999") == 0);
    BOOST_TEST(value("0e99999999999999999999999") == 0);
}

BOOST_AUTO_TEST_CASE(containers_are_taken_or_refused_as_by_boost) {
    for (const char* good : {"[]", "{}", " [ ] ", "\n{\t}\r", "[[],{}]", R"({"":{},"":[]})", R"({"a":1 , "b" : 2})"}) {
        BOOST_TEST_CONTEXT(good) BOOST_TEST(both_take(good));
    }
    for (const char* bad : {"",
                            " ",
                            "[",
                            "]",
                            "{",
                            "}",
                            "[}",
                            "{]",
                            "[,]",
                            "[1,]",
                            "[,1]",
                            "[1 2]",
                            "{,}",
                            R"({"a"})",
                            R"({"a":})",
                            R"({"a":1,})",
                            R"({"a":1 "b":2})",
                            R"({"a",1})",
                            R"({1:2})",
                            R"({null:2})",
                            R"({"a":1]})",
                            "[1}]",
                            "[]]",
                            "{}}",
                            "[] []",
                            "1 2",
                            ",",
                            "1,",
                            ":",
                            "[:]",
                            "[1:2]",
                            "nul",
                            "nulll",
                            "null1",
                            "tru",
                            "True",
                            "fals",
                            "falsey",
                            "[nul]",
                            "[true false]",
                            "\xEF\xBB\xBF[]",
                            "[]\v",
                            "\f[]",
                            "/**/[]",
                            "[]//",
                            "'a'",
                            "[\"a]",
                            "\"a\"\"b\""}) {
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(!both_take(bad));
    }
    BOOST_TEST(!both_take(std::string_view("[]\0", 3)));
    BOOST_TEST(!both_take(std::string_view("\0", 1)));
}

BOOST_AUTO_TEST_CASE(nesting_ends_where_that_of_boost_ends) {
    for (std::size_t depth = detail::max_json_depth - 2; depth < detail::max_json_depth + 3; ++depth) {
        const bool shallow = depth <= detail::max_json_depth;
        BOOST_TEST(both_take(std::string(depth, '[') + std::string(depth, ']')) == shallow);
        std::string mixed;
        std::string ends;
        for (std::size_t i = 0; i < depth; ++i) {
            mixed += i % 3 == 0 ? "[" : i + 1 == depth ? "{" : R"({"a":)";
            ends.insert(0, i % 3 == 0 ? "]" : "}");
        }
        BOOST_TEST(both_take(mixed + ends) == shallow);
    }
    BOOST_TEST(!both_take(std::string(1'000'000, '[')));
}

BOOST_AUTO_TEST_CASE(a_problem_has_its_place_and_its_reason) {
    const auto problem = [](std::string_view text) {
        our_events events;
        const auto p = detail::json_parser(text, events).run();
        return p.what == nullptr ? "none" : std::string(p.what) + " at " + std::to_string(p.at);
    };
    BOOST_TEST(problem("[1,x]") == "syntax error at 3");
    BOOST_TEST(problem(R"({"a":1,})") == "syntax error at 7");
    BOOST_TEST(problem(R"({"a" 1})") == "syntax error at 5");
    BOOST_TEST(problem("[nulx]") == "syntax error at 4");
    BOOST_TEST(problem("[01]") == "syntax error at 2");
    BOOST_TEST(problem("[1") == "incomplete JSON at 2");
    BOOST_TEST(problem("\"ab") == "incomplete JSON at 3");
    BOOST_TEST(problem("[] ,") == "more text after the end at 3");
    BOOST_TEST(problem("1 2") == "more text after the end at 2");
    BOOST_TEST(problem("\"a\nb\"") == "a control character in a text at 2");
    BOOST_TEST(problem("\"a\xff\"") == "a text that is not UTF-8 at 2");
    BOOST_TEST(problem("\"a\\x\"") == "an unknown escape at 3");
    BOOST_TEST(problem("\"\\ud800\\u0041\"") == "half a pair of surrogates at 3");
    BOOST_TEST(problem(std::string(65, '[')) == "nested too deeply at 64");
}

BOOST_AUTO_TEST_SUITE_END()
