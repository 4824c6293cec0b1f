// A server that says why it does not want a request, and closes.
#include "support/io_fault.hpp"
#include "support/tls_caller.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <string_view>

#include <poll.h>

using namespace test;

BOOST_AUTO_TEST_SUITE(last_words)

BOOST_AUTO_TEST_CASE(are_read_when_the_request_cannot_be_sent_any_more) {
    const server_identity identity = new_identity();
    // Nothing comes behind the handshake but the answer.
    SSL_CTX_set_max_proto_version(identity.context.get(), TLS1_2_VERSION);
    const tls_server server([&](int) { return identity.context.get(); },
                            [](SSL* c) {
                                if (!read_request(c)) return;
                                send_order(c);
                                if (!read_request(c)) return;
                                constexpr std::string_view answer =
                                    "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n{}";
                                SSL_write(c, answer.data(), static_cast<int>(answer.size()));
                                read_request(c);
                            });
    tls_caller caller(server, identity.ca_pem);
    BOOST_TEST_REQUIRE(caller.get().has_value());
    // The kept connection is looked at, and then the request is sent in pieces.
    constexpr std::size_t third_piece = 4;
    std::function<void()> until_answered;
    const io_fault fault(third_piece, io_fault::kind::error, [&] { until_answered(); });
    until_answered = [&] {
        pollfd answer{fault.socket(), POLLIN, 0};
        poll(&answer, 1, -1);
    };
    const auto r =
        call(caller.context, caller.api, cc::raw_request("POST", "/x", {}, std::string(64 * 1024 * 1024, ' ')));
    BOOST_TEST(fault.happened());
    BOOST_TEST_REQUIRE(r.has_value(), r.error());
    BOOST_TEST(r->status == 413);
}

BOOST_AUTO_TEST_SUITE_END()
