// The sandbox's scripted faults: each does what it says.
#include "../support/plain_client.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <chrono>

using cubicasa::testing::fault;
using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using test::plain_client;
using test::reply;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

const std::string order = "/orders/312babc6-e742-4d54-ac49-e0f7b16ec15a";
const std::string target = "/api/integrate/v3" + order;

// A sandbox in which this goes wrong, and a client connected to it.
class scene {
public:
    explicit scene(fault f) : client(server) {
        server.inject(std::move(f));
        BOOST_REQUIRE(!client.connect());
    }

    reply get() { return client.call("GET", order); }

    // The bytes that come back, and how they end.
    std::string bytes() {
        BOOST_REQUIRE(!client.send("GET", target));
        std::string out;
        end = client.read_to_end(out);
        return out;
    }

    std::string right_body() const { return server.order_json(order.substr(8)); }

    sandbox server;
    plain_client client;
    error_code end;
};

bool in_order(error_code ec) { return ec == asio::error::eof; }
bool without_notice(error_code ec) { return ec == asio::ssl::error::stream_truncated; }

std::string body_of(const std::string& bytes) { return bytes.substr(bytes.find("\r\n\r\n") + 4); }

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_faults)

BOOST_AUTO_TEST_CASE(reset_after_resets_after_that_many_bytes) {
    scene s(fault::reset_after(100));
    BOOST_TEST(s.bytes().size() == 100U);
    BOOST_TEST(s.end == error_code(asio::error::connection_reset));
}

BOOST_AUTO_TEST_CASE(close_before_answer_ends_in_order_without_a_byte) {
    scene s(fault::close_before_answer());
    BOOST_TEST(s.bytes() == "");
    BOOST_TEST(in_order(s.end));
}

BOOST_AUTO_TEST_CASE(truncate_after_counts_bytes_of_the_body) {
    scene s(fault::truncate_after(10));
    BOOST_TEST(body_of(s.bytes()) == s.right_body().substr(0, 10));
    BOOST_TEST(in_order(s.end));
}

BOOST_AUTO_TEST_CASE(status_answers_with_its_own_body_and_headers) {
    scene s(fault::status(503, R"({"message":"later"})", {{"Retry-After", "7"}, {"content-type", "text/x"}}));
    const reply r = s.get();
    BOOST_TEST(r.status == 503);
    BOOST_TEST(r.body == R"({"message":"later"})");
    BOOST_TEST(r.header("Retry-After") == "7");
    BOOST_TEST(r.header("Content-Type") == "text/x");
    BOOST_TEST(r.keep_alive);
}

BOOST_AUTO_TEST_CASE(a_fault_with_its_own_answer_keeps_the_operation_from_happening) {
    scene s(fault::status(500));
    const std::string before = s.right_body();
    s.client.call("POST", order + "/post-purchase", R"({"package_type": "plus_3d", "add_ons": []})");
    BOOST_TEST(s.right_body() == before);
}

BOOST_AUTO_TEST_CASE(with_any_other_fault_the_server_has_acted) {
    scene s(fault::close_before_answer());
    const std::string before = s.right_body();
    s.client.call("POST", order + "/post-purchase", R"({"package_type": "plus_3d", "add_ons": []})");
    BOOST_TEST(s.right_body() != before);
}

BOOST_AUTO_TEST_CASE(html_comes_with_status_200) {
    scene s(fault::html());
    const reply r = s.get();
    BOOST_TEST(r.status == 200);
    BOOST_TEST(r.header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(r.body.starts_with("<"));
}

BOOST_AUTO_TEST_CASE(empty_body_is_empty) {
    scene s(fault::empty_body());
    const reply r = s.get();
    BOOST_TEST(r.status == 200);
    BOOST_TEST(r.body == "");
}

BOOST_AUTO_TEST_CASE(broken_json_is_not_json) {
    scene s(fault::broken_json());
    const reply r = s.get();
    BOOST_TEST(r.status == 200);
    BOOST_CHECK_THROW(r.parsed(), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(a_length_that_is_too_long_ends_with_the_connection) {
    scene s(fault::lying_length(5));
    const reply r = s.get();
    BOOST_TEST(r.ec == error_code(http::error::partial_message));
    BOOST_TEST(r.header("Content-Length") == std::to_string(s.right_body().size() + 5));
    BOOST_TEST(r.body == s.right_body());
}

BOOST_AUTO_TEST_CASE(a_length_that_is_too_short_leaves_the_rest_on_the_connection) {
    scene s(fault::lying_length(-5));
    const std::string right = s.right_body();
    const reply r = s.get();
    BOOST_TEST(!r.ec);
    BOOST_TEST(r.body == right.substr(0, right.size() - 5));
    BOOST_TEST(s.client.surplus() == 5U);
}

BOOST_AUTO_TEST_CASE(drip_takes_its_time) {
    scene s(fault::drip(1000, 5ms));
    const auto begin = std::chrono::steady_clock::now();
    const reply r = s.get();
    BOOST_TEST(r.body == s.right_body());
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= r.body.size() / 1000 * 5ms));
}

BOOST_AUTO_TEST_CASE(delay_waits_before_the_answer) {
    scene s(fault::delay(50ms));
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(s.get().status == 200);
    BOOST_TEST((std::chrono::steady_clock::now() - begin >= 50ms));
}

BOOST_AUTO_TEST_CASE(never_answer_stays_silent) {
    scene s(fault::never_answer().after(1));
    BOOST_TEST(s.get().status == 200);
    BOOST_REQUIRE(!s.client.send("GET", target));
    BOOST_TEST(s.client.silent_for(100ms));
    BOOST_TEST(s.server.stats().requests == 2U);
}

BOOST_AUTO_TEST_CASE(chunked_is_the_same_answer) {
    scene s(fault::chunked());
    const reply r = s.get();
    BOOST_TEST(!r.ec);
    BOOST_TEST(r.header("Transfer-Encoding") == "chunked");
    BOOST_TEST(r.header("Content-Length") == "");
    BOOST_TEST(r.body == s.right_body());
    BOOST_TEST(s.get().body == r.body);
}

BOOST_AUTO_TEST_CASE(continue_100_sends_interim_answers_first) {
    scene s(fault::continue_100(3));
    const reply r = s.get();
    BOOST_TEST(r.interim == (std::vector<int>{100, 103, 100}), boost::test_tools::per_element());
    BOOST_TEST(r.status == 200);
    BOOST_TEST(r.body == s.right_body());
}

BOOST_AUTO_TEST_CASE(huge_header_has_that_many_bytes) {
    scene s(fault::huge_header(100'000).also(fault::connection_close()));
    const std::string bytes = s.bytes();
    BOOST_TEST(bytes.find("X-Filler: " + std::string(100'000, 'x') + "\r\n") < bytes.find("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(huge_body_has_that_many_bytes_and_is_json) {
    scene s(fault::huge_body(1'000'000));
    const reply r = s.get();
    BOOST_TEST(r.body.size() == 1'000'000U);
    BOOST_TEST(r.parsed().is_object());
}

BOOST_AUTO_TEST_CASE(garbage_is_not_http) {
    scene s(fault::garbage());
    const reply r = s.get();
    BOOST_TEST(r.ec == error_code(http::error::bad_version));
}

BOOST_AUTO_TEST_CASE(connection_close_is_announced_and_done) {
    scene s(fault::connection_close());
    const std::string bytes = s.bytes();
    BOOST_TEST(bytes.find("\r\nConnection: close\r\n") != std::string::npos);
    BOOST_TEST(body_of(bytes) == s.right_body());
    BOOST_TEST(in_order(s.end));
}

BOOST_AUTO_TEST_CASE(until_eof_has_no_length) {
    scene s(fault::until_eof());
    const reply r = s.get();
    BOOST_TEST(!r.ec);
    BOOST_TEST(r.header("Content-Length") == "");
    BOOST_TEST(r.header("Transfer-Encoding") == "");
    BOOST_TEST(r.body == s.right_body());
}

BOOST_AUTO_TEST_CASE(extra_after_answer_follows_it_at_once) {
    scene s(fault::extra_after_answer("HTTP/1.1 200 OK\r\n\r\n"));
    BOOST_TEST(s.get().body == s.right_body());
    BOOST_TEST(s.client.surplus() == 19U);
}

BOOST_AUTO_TEST_CASE(no_close_notify_ends_tcp_alone) {
    scene s(fault::no_close_notify());
    const std::string bytes = s.bytes();
    BOOST_TEST(body_of(bytes) == s.right_body());
    BOOST_TEST(bytes.find("Connection:") == std::string::npos);
    BOOST_TEST(without_notice(s.end));
}

BOOST_AUTO_TEST_CASE(refuse_handshake_sends_an_alert) {
    sandbox server;
    server.inject(fault::refuse_handshake().times(1));
    plain_client first(server);
    const error_code ec = first.connect();
    BOOST_TEST(ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE);
    plain_client second(server);
    BOOST_TEST(!second.connect());
}

BOOST_AUTO_TEST_CASE(hang_handshake_stays_silent) {
    sandbox server;
    server.inject(fault::hang_handshake().times(1));
    plain_client first(server);
    plain_client second(server);
    BOOST_REQUIRE(!first.connect_tcp());
    BOOST_REQUIRE(!second.connect_tcp());
    const std::string no_tls = "GET / HTTP/1.1\r\n\r\n";
    asio::write(first.socket(), asio::buffer(no_tls));
    asio::write(second.socket(), asio::buffer(no_tls));
    BOOST_TEST(!second.silent_for(10s));
    BOOST_TEST(first.silent_for(50ms));
}

BOOST_AUTO_TEST_CASE(a_fault_concerns_what_it_is_on) {
    scene s(fault::status(500).on("GET", "/orders/"));
    BOOST_TEST(s.client.call("GET", "/orders").status == 200);
    BOOST_TEST(s.client.call("POST", order + "/post-purchase", "{}").status == 400);
    BOOST_TEST(s.get().status == 500);
    s.server.inject(fault::status(501).on("", "/files/"));
    BOOST_REQUIRE(!s.client.send("GET", "/files/a"));
    BOOST_TEST(s.client.receive().status == 501);
}

BOOST_AUTO_TEST_CASE(a_script_is_followed_in_its_order) {
    scene s(fault::status(500).after(1).times(2));
    s.server.inject(fault::status(429).times(1));
    std::vector<int> statuses;
    for (int i = 0; i < 5; ++i) statuses.push_back(s.get().status);
    BOOST_TEST(statuses == (std::vector<int>{429, 500, 500, 200, 200}), boost::test_tools::per_element());
    BOOST_TEST(s.server.stats().faults == 3U);
}

BOOST_AUTO_TEST_CASE(a_fault_with_a_probability_happens_now_and_then_and_the_same_in_each_run) {
    const auto statuses = [] {
        scene s(fault::status(500).with_probability(0.3));
        std::vector<int> out;
        for (int i = 0; i < 100; ++i) out.push_back(s.get().status);
        return out;
    };
    const auto first = statuses();
    const auto failed = std::count(first.begin(), first.end(), 500);
    BOOST_TEST(failed > 10);
    BOOST_TEST(failed < 60);
    BOOST_TEST(statuses() == first, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(faults_can_be_taken_back) {
    scene s(fault::status(500));
    BOOST_TEST(s.get().status == 500);
    s.server.clear_faults();
    BOOST_TEST(s.get().status == 200);
}

BOOST_AUTO_TEST_CASE(two_faults_can_happen_at_once) {
    scene s(fault::status(503, "{}").also(fault::chunked()).also(fault::connection_close()));
    const reply r = s.get();
    BOOST_TEST(r.status == 503);
    BOOST_TEST(r.header("Transfer-Encoding") == "chunked");
    BOOST_TEST(!r.keep_alive);
}

BOOST_AUTO_TEST_SUITE_END()
