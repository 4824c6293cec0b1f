// Heads that are read without Beast's parser are read as it reads them, and all others are left to it.
#include "support/compared_head.hpp"

#include "spoiled.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <string_view>

namespace detail = cubicasa::detail;

namespace {

const std::string ordinary =
    "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 22 Nov 2026 09:00:00 GMT\r\nContent-Type: "
    "application/json\r\n"
    "Content-Length: 1234\r\nConnection: keep-alive\r\nX-Empty-Not: a:b, \"c\"\r\n\r\n";

// Fails the test if Beast reads it in another way.
bool plain(const std::string& data) {
    const test::compared_head out = test::compare_heads(data);
    BOOST_TEST(out.difference.empty(), out.difference << ": " << data);
    return out.plain;
}

std::string with(std::string_view lines) { return "HTTP/1.1 200 OK\r\n" + std::string(lines) + "\r\n"; }

}  // namespace

BOOST_AUTO_TEST_SUITE(plain_head)

BOOST_AUTO_TEST_CASE(an_ordinary_head_is_plain) { BOOST_TEST(plain(ordinary)); }

BOOST_AUTO_TEST_CASE(the_body_is_not_looked_at) {
    cubicasa::raw_response message;
    const auto head = detail::read_plain_head(ordinary + "\r\nHTTP/1.1 500", cubicasa::limit_options(), message);
    BOOST_TEST(head.size == ordinary.size());
    BOOST_TEST(head.length == 1234u);
    BOOST_TEST(message.status == 200);
    BOOST_TEST(message.body.empty());
}

BOOST_AUTO_TEST_CASE(a_head_that_is_not_whole_is_not) {
    for (std::size_t n = 0; n < ordinary.size(); ++n) BOOST_TEST(!plain(ordinary.substr(0, n)), n);
}

BOOST_AUTO_TEST_CASE(names_are_compared_without_case) {
    BOOST_TEST(plain(with("cOnTeNt-LENGTH: 5\r\nCONNECTION: Keep-Alive\r\n")));
    BOOST_TEST(!plain(with("Content-Length: 5\r\nTRANSFER-encoding: chunked\r\n")));
}

BOOST_AUTO_TEST_CASE(a_status_without_a_body_or_before_the_answer_is_not) {
    for (const char* const status : {"100", "101", "199", "204", "304", "099", "600", "20", "2000", "2x0"}) {
        BOOST_TEST(!plain("HTTP/1.1 " + std::string(status) + " OK\r\nContent-Length: 5\r\n\r\n"), status);
    }
    for (const char* const status : {"200", "201", "299", "301", "400", "429", "500", "599"}) {
        BOOST_TEST(plain("HTTP/1.1 " + std::string(status) + " \r\nContent-Length: 5\r\n\r\n"), status);
    }
}

BOOST_AUTO_TEST_CASE(a_length_that_could_be_read_in_two_ways_is_not) {
    for (const char* const lines : {
             "",
             "Content-Length: 5\r\nContent-Length: 5\r\n",
             "Content-Length: 5\r\nContent-Length: 6\r\n",
             "Content-Length: 5, 5\r\n",
             "Content-Length: +5\r\n",
             "Content-Length: -5\r\n",
             "Content-Length: 0x5\r\n",
             "Content-Length: 5 \r\n",
             "Content-Length:  5\r\n",
             "Content-Length:5\r\n",
             "Content-Length : 5\r\n",
             "Content-Length: \r\n",
             "Content-Length: 18446744073709551616\r\n",
             "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
         }) {
        BOOST_TEST(!plain(with(lines)), lines);
    }
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_not_simply_kept_is_not) {
    for (const char* const line : {"Connection: close", "Connection: keep-alive, close", "Connection: upgrade",
                                   "Upgrade: h2c", "Proxy-Connection: close"}) {
        BOOST_TEST(!plain(with("Content-Length: 5\r\n" + std::string(line) + "\r\n")), line);
    }
    BOOST_TEST(!plain("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_line_that_looks_odd_is_not) {
    for (const char* const line : {"Folded: a\r\n b: c\r\n", " Leading: a\r\n", "No colon\r\n", ": no name\r\n",
                                   "A: b\nC: d\r\n", "A: b\rC: d\r\n", "A: b\r\r\n", "A: \x01\r\n", "A: \x7f\r\n",
                                   "A: \xc3\xa4\r\n", "A\x80: b\r\n", "A_B: c\r\n", "A: b\t\r\n"}) {
        BOOST_TEST(!plain(with("Content-Length: 5\r\n" + std::string(line))), line);
        BOOST_TEST(!plain(with(std::string(line) + "Content-Length: 5\r\n")), line);
    }
    using std::string_literals::operator""s;
    BOOST_TEST(!plain(with("Content-Length: 5\r\nA: b\0c\r\n"s)));
}

BOOST_AUTO_TEST_CASE(what_is_over_a_limit_is_not) {
    const std::string data = with("Content-Length: 500\r\n");
    cubicasa::limit_options limits;
    cubicasa::raw_response message;
    limits.header = data.size();
    limits.body = 500;
    BOOST_TEST(detail::read_plain_head(data, limits, message).size == data.size());
    limits.body = 499;
    BOOST_TEST(detail::read_plain_head(data, limits, message).size == 0u);
    limits.body = 500;
    limits.header = data.size() - 1;
    BOOST_TEST(detail::read_plain_head(data, limits, message).size == 0u);
}

BOOST_AUTO_TEST_CASE(spoiled_heads_are_read_as_beast_reads_them_or_not_at_all) {
    std::mt19937 random(20261122);
    static constexpr std::string_view marks = "\r\n: ,-\t;=0123456789kKcC\0";
    int taken = 0;
    for (int i = 0; i < 100'000; ++i) {
        const std::string data = cubicasa::test::spoiled(ordinary, random, 30, [&](std::string& text, std::size_t at) {
            text.insert(at, 1, marks[random() % marks.size()]);
        });
        taken += plain(data) ? 1 : 0;
    }
    // Neither all of them nor none, or nothing was compared.
    BOOST_TEST(taken > 5'000);
    BOOST_TEST(taken < 95'000);
}

BOOST_AUTO_TEST_SUITE_END()
