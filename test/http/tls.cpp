// Whom the client trusts, what it says when it does not, and sessions that are resumed.
#include "support/client_fixture.hpp"
#include "support/tls_caller.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include <sys/ioctl.h>

using namespace test;
using cc::condition;
using cc::delivery;
using cc::errc;
using cc::testing::certificate_kind;

namespace {

sandbox_options with_certificate(certificate_kind kind) {
    sandbox_options o;
    o.certificate = kind;
    return o;
}

// Nothing of the request may have reached a server that was not verified.
cc::error refusal_by(certificate_kind kind) {
    client_fixture f(with_certificate(kind));
    const auto e = f.get_error();
    BOOST_TEST((e.delivery == delivery::never_sent));
    BOOST_TEST((e == condition::network));
    BOOST_TEST(f.server.stats().requests == 0u);
    return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused_by_name) {
    BOOST_TEST((refusal_by(certificate_kind::expired) == errc::certificate_expired));
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_refused_by_name) {
    BOOST_TEST((refusal_by(certificate_kind::wrong_name) == errc::certificate_name_mismatch));
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_authority_is_refused_by_name) {
    BOOST_TEST((refusal_by(certificate_kind::untrusted) == errc::certificate_untrusted));
}

BOOST_AUTO_TEST_CASE(a_self_signed_certificate_is_refused_by_name) {
    BOOST_TEST((refusal_by(certificate_kind::self_signed) == errc::certificate_untrusted));
}

BOOST_AUTO_TEST_CASE(the_systems_authorities_do_not_trust_the_sandbox) {
    client_fixture f;
    f.config.tls.ca_pem.clear();
    BOOST_TEST((f.get_error() == errc::certificate_untrusted));
}

BOOST_AUTO_TEST_CASE(an_authority_is_read_from_a_file) {
    client_fixture f;
    f.config.tls.ca_pem.clear();
    f.config.tls.ca_file = f.server.ca_file();
    BOOST_TEST(f.get().has_value());
}

BOOST_AUTO_TEST_CASE(an_address_is_verified_like_a_name) {
    client_fixture f;
    f.config.base_url.replace(f.config.base_url.find("localhost"), 9, "127.0.0.1");
    BOOST_TEST(f.get().has_value());
    client_fixture wrong(with_certificate(certificate_kind::wrong_name));
    wrong.config.base_url.replace(wrong.config.base_url.find("localhost"), 9, "127.0.0.1");
    BOOST_TEST((wrong.get_error() == errc::certificate_name_mismatch));
}

BOOST_AUTO_TEST_CASE(tls_1_2_and_1_3_are_spoken) {
    for (const int version : {12, 13}) {
        sandbox_options o;
        o.tls_min = o.tls_max = version;
        client_fixture f(o);
        BOOST_TEST(f.get().has_value());
        BOOST_TEST(f.server.stats().tls_version == (version == 12 ? "TLSv1.2" : "TLSv1.3"));
    }
}

BOOST_AUTO_TEST_CASE(tls_1_2_only_can_be_asked_for) {
    client_fixture f;
    f.config.tls.tls12_only = true;
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().tls_version == "TLSv1.2");
}

BOOST_AUTO_TEST_CASE(sessions_are_resumed_after_the_first_connection) {
    for (const int version : {12, 13}) {
        sandbox_options o;
        o.tls_min = o.tls_max = version;
        o.requests_per_connection = 1;
        client_fixture f(o);
        for (int i = 0; i < 20; ++i) BOOST_TEST(f.get().has_value());
        const auto seen = f.server.stats();
        BOOST_TEST(seen.handshakes_full == 1u, "TLS 1." << version - 10);
        BOOST_TEST(seen.handshakes_resumed == 19u, "TLS 1." << version - 10);
        BOOST_TEST(f.api().stats().resumed == 19u);
    }
}

BOOST_AUTO_TEST_CASE(the_first_request_comes_with_the_end_of_the_handshake) {
    const server_identity identity = new_identity();
    std::atomic<int> unread = 0;
    const tls_server server([&](int) { return identity.context.get(); },
                            [&](SSL* c) {
                                int bytes = 0;
                                ::ioctl(SSL_get_fd(c), FIONREAD, &bytes);
                                unread = bytes;
                                answer_with_orders(c);
                            });
    BOOST_TEST(tls_caller(server, identity.ca_pem).get().has_value());
    BOOST_TEST(unread > 0);
}

BOOST_AUTO_TEST_CASE(a_handshake_ends_for_a_server_also_when_its_call_has_gone) {
    client_fixture f;
    f.server.inject(fault::never_answer().times(1));
    const auto run_until = [&](const auto& reached) {
        const auto latest = std::chrono::steady_clock::now() + patience;
        while (!reached() && std::chrono::steady_clock::now() < latest) {
            f.context.restart();
            f.context.run_for(std::chrono::milliseconds(1));
        }
        BOOST_TEST_REQUIRE(reached());
    };
    const auto begin = [&](asio::cancellation_signal& signal) {
        f.api().async_call(cc::get_order(known_id),
                           asio::bind_cancellation_slot(signal.slot(), cc::as_result([](auto) {})));
    };
    asio::cancellation_signal first;
    begin(first);
    run_until([&] { return f.server.stats().requests == 1; });
    // Its connection is wanted by nobody any more. The other call keeps the pool from giving it up.
    asio::cancellation_signal second;
    begin(second);
    while (f.api().stats().connecting == 0) f.context.poll_one();
    second.emit(asio::cancellation_type::terminal);
    run_until([&] {
        const auto seen = f.server.stats();
        return seen.handshakes_full + seen.handshakes_resumed == 2;
    });
    first.emit(asio::cancellation_type::terminal);
    run_out(f.context);
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().connections == 2u);
}

BOOST_AUTO_TEST_CASE(aes_128_is_asked_for_first_and_other_ciphers_are_spoken) {
    for (const char* const spoken :
         {"TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}) {
        const server_identity identity = new_identity();
        SSL_CTX_set_ciphersuites(identity.context.get(), spoken);
        std::string agreed;
        {
            const tls_server server([&](int) { return identity.context.get(); },
                                    [&](SSL* c) {
                                        agreed = SSL_get_cipher_name(c);
                                        answer_with_orders(c);
                                    });
            BOOST_TEST(tls_caller(server, identity.ca_pem).get().has_value());
        }
        const std::string_view all = spoken;
        BOOST_TEST(agreed == all.substr(all.find(':') + 1));
    }
}

BOOST_AUTO_TEST_CASE(a_handshake_that_the_server_refuses_is_a_clear_error) {
    client_fixture f;
    f.server.inject(fault::refuse_handshake());
    const auto e = f.get_error();
    BOOST_TEST((e == condition::network), e.describe());
    BOOST_TEST((e.delivery == delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_ends_is_a_timeout) {
    client_fixture f;
    f.server.inject(fault::hang_handshake());
    f.config.timeouts.handshake = std::chrono::milliseconds(50);
    const auto e = f.get_error();
    BOOST_TEST((e == errc::handshake_timeout));
    BOOST_TEST((e.delivery == delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(the_error_of_a_handshake_shows_no_key) {
    client_fixture f(with_certificate(certificate_kind::untrusted));
    f.config.api_key = "key-that-stays-here";
    BOOST_TEST(f.get_error().describe().find("key-that-stays-here") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
