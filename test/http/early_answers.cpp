// Servers that answer before they have read the request: too large, not wanted.
#include "support/tls_caller.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <future>
#include <string>
#include <string_view>

using namespace test;

namespace {

constexpr std::string_view too_large =
    "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}";

void send(SSL* connection, std::string_view text) { SSL_write(connection, text.data(), static_cast<int>(text.size())); }

// More than the buffers of the system hold.
cc::raw_request large_request() { return cc::raw_request("POST", "/x", {}, std::string(64 * 1024 * 1024, ' ')); }

struct early_answers_fixture {
    // Calls a server that does this after it has read the head of the large request, and then reads no more until the
    // call has ended.
    template <class E>
    cc::result<typename E::response> call_while(const E& request, const std::function<void(SSL*)>& serve) {
        std::promise<void> ended;
        const tls_server server([this](int) { return identity.context.get(); },
                                [&](SSL* c) {
                                    if (read_request(c)) serve(c);
                                    ended.get_future().wait();
                                });
        tls_caller caller(server, identity.ca_pem);
        auto r = call(caller.context, caller.api, request);
        ended.set_value();
        kept = caller.api.stats().idle;
        return r;
    }

    server_identity identity = new_identity();
    std::size_t kept = 0;  // connections
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(early_answers, early_answers_fixture)

BOOST_AUTO_TEST_CASE(are_taken_although_the_server_reads_no_more) {
    const auto r = call_while(large_request(), [](SSL* c) { send(c, too_large); });
    BOOST_TEST_REQUIRE(r.has_value(), r.error());
    BOOST_TEST(r->status == 413);
    BOOST_TEST(kept == 0u);
}

BOOST_AUTO_TEST_CASE(may_come_in_pieces) {
    const auto r = call_while(large_request(), [](SSL* c) {
        for (const char& byte : too_large) send(c, std::string_view(&byte, 1));
    });
    BOOST_TEST_REQUIRE(r.has_value(), r.error());
    BOOST_TEST(r->status == 413);
    BOOST_TEST(r->body == "{}");
}

BOOST_AUTO_TEST_CASE(may_be_interim_and_then_the_request_is_written_on) {
    std::size_t read = 0;
    const auto r = call_while(large_request(), [&](SSL* c) {
        send(c, "HTTP/1.1 102 Processing\r\n\r\n");
        std::string some(1024 * 1024, 0);
        while (read < 64 * 1024 * 1024 - 8192) {
            const int n = SSL_read(c, some.data(), static_cast<int>(some.size()));
            if (n <= 0) return;
            read += static_cast<std::size_t>(n);
        }
        send_order(c);
    });
    BOOST_TEST_REQUIRE(r.has_value(), r.error());
    BOOST_TEST(r->status == 200);
    BOOST_TEST(kept == 1u);
}

BOOST_AUTO_TEST_CASE(that_are_cut_off_are_network_errors) {
    const auto r = call_while(large_request(), [](SSL* c) {
        send(c, too_large.substr(0, 30));
        SSL_shutdown(c);
    });
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == cc::condition::network), r.error());
    BOOST_TEST((r.error().delivery == cc::delivery::maybe_processed), r.error());
}

BOOST_AUTO_TEST_SUITE_END()
