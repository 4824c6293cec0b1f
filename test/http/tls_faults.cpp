// Servers that do with TLS what they should not, or what they rarely do.
#include "support/tls_caller.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/err.h>

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <string>

using namespace test;
using cc::condition;
using cc::delivery;
using cc::errc;

namespace {

struct tls_faults_fixture {
    server_identity identity = new_identity();
    std::function<SSL_CTX*(int)> same = [this](int) { return identity.context.get(); };
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tls_faults, tls_faults_fixture)

BOOST_AUTO_TEST_CASE(a_server_of_tls_1_0_or_1_1_only_is_refused_and_nothing_is_sent) {
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        SSL_CTX* const context = identity.context.get();
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
        const tls_server server(same, &answer_with_orders);
        const auto r = tls_caller(server, identity.ca_pem).get();
        BOOST_TEST_REQUIRE(r.has_error());
        BOOST_TEST((r.error() == errc::tls_failure), r.error());
        BOOST_TEST((r.error().delivery == delivery::never_sent));
        BOOST_TEST(server.served() == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_certificate_that_changes_between_connections_is_verified_anew) {
    const server_identity other = new_identity();
    const auto changing = [&](int number) { return number == 1 ? identity.context.get() : other.context.get(); };
    const tls_server server(changing, [](SSL* c) {
        if (read_request(c)) send_order(c);  // and ends the connection
    });
    tls_caller c(server, identity.ca_pem);
    BOOST_TEST(c.get().has_value());
    const auto r = c.get();
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::certificate_untrusted), r.error());
    BOOST_TEST((r.error().delivery == delivery::never_sent));
    BOOST_TEST(server.served() == 1);
}

BOOST_AUTO_TEST_CASE(a_server_that_forgets_sessions_is_called_all_the_same) {
    // New keys for tickets with every connection.
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        SSL_CTX* const context = identity.context.get();
        SSL_CTX_set_max_proto_version(context, version);
        const auto forgetful = [&](int number) {
            std::array<unsigned char, 80> keys;
            keys.fill(static_cast<unsigned char>(number));
            SSL_CTX_set_tlsext_ticket_keys(context, keys.data(), keys.size());
            SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
            return context;
        };
        const tls_server server(forgetful, [](SSL* c) {
            if (read_request(c)) send_order(c);
        });
        tls_caller c(server, identity.ca_pem);
        for (int i = 0; i < 3; ++i) BOOST_TEST(c.get().has_value());
        BOOST_TEST(server.served() == 3);
        BOOST_TEST(server.resumed() == 0);
    }
}

BOOST_AUTO_TEST_CASE(renegotiation_is_refused_and_nothing_hangs) {
    SSL_CTX_set_max_proto_version(identity.context.get(), TLS1_2_VERSION);
    std::promise<int> why;  // the server hears of it after the client has gone on
    const tls_server server(same, [&](SSL* c) {
        if (!read_request(c)) return;
        SSL_renegotiate(c);
        SSL_do_handshake(c);  // asks for it
        std::array<char, 16> answer;
        const int n = SSL_read(c, answer.data(), static_cast<int>(answer.size()));
        why.set_value(n <= 0 ? ERR_GET_REASON(ERR_peek_error()) : 0);
    });
    const auto r = tls_caller(server, identity.ca_pem).get();
    auto reason = why.get_future();
    BOOST_TEST_REQUIRE((reason.wait_for(patience) == std::future_status::ready));
    BOOST_TEST(reason.get() == SSL_R_NO_RENEGOTIATION);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == condition::network), r.error());
    BOOST_TEST((r.error().delivery == delivery::maybe_processed));
}

BOOST_AUTO_TEST_CASE(a_change_of_keys_in_mid_connection_is_followed) {
    const tls_server server(same, [](SSL* c) {
        while (read_request(c)) {
            SSL_key_update(c, SSL_KEY_UPDATE_REQUESTED);
            send_order(c);
        }
    });
    tls_caller c(server, identity.ca_pem);
    for (int i = 0; i < 5; ++i) BOOST_TEST(c.get().has_value());
    BOOST_TEST(server.served() == 1);
}

BOOST_AUTO_TEST_CASE(an_answer_in_records_of_one_byte_is_read_whole) {
    const tls_server server(same, [](SSL* c) {
        while (read_request(c)) {
            const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}";
            for (const char& byte : answer) SSL_write(c, &byte, 1);
        }
    });
    tls_caller c(server, identity.ca_pem);
    for (int i = 0; i < 3; ++i) BOOST_TEST(c.get().has_value());
    BOOST_TEST(c.api.stats().opened == 1u);
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_a_certificate_of_ours_is_a_network_error) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        SSL_CTX* const context = identity.context.get();
        SSL_CTX_set_max_proto_version(context, version);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        const tls_server server(same, &answer_with_orders);
        const auto r = tls_caller(server, identity.ca_pem).get();
        BOOST_TEST_REQUIRE(r.has_error());
        BOOST_TEST((r.error() == condition::network), r.error());
        BOOST_TEST(server.served() == 0);
    }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_tls_in_mid_answer_are_a_network_error) {
    const tls_server server(same, [](SSL* c) {
        if (!read_request(c)) return;
        const std::string half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"id\"";
        SSL_write(c, half.data(), static_cast<int>(half.size()));
        BIO_write(SSL_get_wbio(c), "this is no record of TLS", 24);
    });
    const auto r = tls_caller(server, identity.ca_pem).get();
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == condition::network), r.error());
    BOOST_TEST((r.error().delivery == delivery::maybe_processed));
}

BOOST_AUTO_TEST_SUITE_END()
