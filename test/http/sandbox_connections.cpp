// The sandbox's TLS and connections: certificates, resumption, keep-alive, and clients that vanish.
#include "../support/plain_client.hpp"

#include <boost/asio/read.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

using cubicasa::testing::certificate_kind;
using cubicasa::testing::fault;
using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using test::plain_client;
using test::reply;
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

sandbox_options with_tls(int least, int most) {
    sandbox_options o;
    o.tls_min = least;
    o.tls_max = most;
    return o;
}

// True if an ordinary client refuses this certificate, for that reason, and sends no request.
bool refused(certificate_kind kind, long reason) {
    sandbox_options options;
    options.certificate = kind;
    const sandbox server(options);
    plain_client client(server);
    const error_code ec = client.connect();
    BOOST_TEST(ERR_GET_REASON(static_cast<unsigned long>(ec.value())) == SSL_R_CERTIFICATE_VERIFY_FAILED);
    BOOST_TEST(client.verify_result() == reason);
    return ec && server.stats().requests == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_connections)

BOOST_AUTO_TEST_CASE(a_verifying_client_trusts_the_good_certificate) {
    const sandbox server;
    plain_client client(server);
    BOOST_TEST(!client.connect());
    BOOST_TEST(client.call("GET", "/orders").status == 200);
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_refused) {
    BOOST_TEST(refused(certificate_kind::expired, X509_V_ERR_CERT_HAS_EXPIRED));
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host_is_refused) {
    BOOST_TEST(refused(certificate_kind::wrong_name, X509_V_ERR_HOSTNAME_MISMATCH));
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_authority_is_refused) {
    BOOST_TEST(refused(certificate_kind::untrusted, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_signed_itself_is_refused) {
    BOOST_TEST(refused(certificate_kind::self_signed, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT));
}

BOOST_AUTO_TEST_CASE(the_versions_of_tls_can_be_limited) {
    for (const int version : {12, 13}) {
        const sandbox server(with_tls(version, version));
        plain_client client(server);
        BOOST_TEST(client.call("GET", "/orders").status == 200);
        BOOST_TEST(server.stats().tls_version == (version == 12 ? "TLSv1.2" : "TLSv1.3"));
    }
}

BOOST_AUTO_TEST_CASE(sessions_are_resumed_and_counted) {
    for (const int version : {12, 13}) {
        const sandbox server(with_tls(version, version));
        plain_client first(server);
        BOOST_TEST(first.call("GET", "/orders").status == 200);
        const test::session_ptr session = first.end();
        plain_client second(server, session.get());
        BOOST_TEST(second.call("GET", "/orders").status == 200);
        BOOST_TEST(server.stats().handshakes_full == 1U);
        BOOST_TEST(server.stats().handshakes_resumed == 1U);
    }
}

BOOST_AUTO_TEST_CASE(http_1_1_is_agreed_on) {
    const sandbox server;
    plain_client client(server);
    client.offer_protocols(std::string_view("\x02h2\x08http/1.1", 12));
    BOOST_TEST(!client.connect());
    BOOST_TEST(client.agreed_protocol() == "http/1.1");
}

BOOST_AUTO_TEST_CASE(connections_end_after_their_number_of_answers_without_a_word) {
    sandbox_options options;
    options.requests_per_connection = 3;
    const sandbox server(options);
    plain_client client(server);
    for (int i = 0; i < 3; ++i) {
        const reply r = client.call("GET", "/orders");
        BOOST_TEST(r.status == 200);
        BOOST_TEST(r.keep_alive);
    }
    std::string nothing;
    BOOST_TEST((client.read_to_end(nothing) == asio::error::eof));
    BOOST_TEST(nothing == "");
}

BOOST_AUTO_TEST_CASE(idle_connections_can_be_closed) {
    sandbox server;
    plain_client client(server);
    BOOST_TEST(client.call("GET", "/orders").status == 200);
    server.close_idle_connections();
    std::string nothing;
    BOOST_TEST((client.read_to_end(nothing) == asio::error::eof));
}

BOOST_AUTO_TEST_CASE(requests_sent_together_are_answered_in_turn) {
    const sandbox server;
    plain_client client(server);
    BOOST_REQUIRE(!client.connect());
    client.send("GET", "/api/integrate/v3/orders?limit=1");
    client.send("GET", "/api/integrate/v3/none");
    client.send("GET", "/api/integrate/v3/orders?limit=2");
    BOOST_TEST(client.receive().parsed().at("items").as_array().size() == 1U);
    BOOST_TEST(client.receive().status == 404);
    BOOST_TEST(client.receive().parsed().at("items").as_array().size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_answered_with_400_and_the_end) {
    const sandbox server;
    plain_client client(server);
    BOOST_REQUIRE(!client.connect());
    client.send("GET", "/ /");
    const reply r = client.receive();
    BOOST_TEST(r.status == 400);
    BOOST_TEST(!r.keep_alive);
}

BOOST_AUTO_TEST_CASE(clients_that_vanish_do_no_harm) {
    sandbox server;
    server.inject(fault::huge_body(8'000'000).on("GET", "/orders"));
    for (int stage = 0; stage < 4; ++stage) {
        plain_client client(server);
        BOOST_REQUIRE(!client.connect_tcp());
        if (stage == 1) asio::write(client.socket(), asio::buffer("\x16\x03\x01", 3));
        if (stage >= 2) BOOST_REQUIRE(!client.handshake());
        if (stage == 3) BOOST_REQUIRE(!client.send("GET", "/api/integrate/v3/orders"));
    }
    server.clear_faults();
    plain_client client(server);
    BOOST_TEST(client.call("GET", "/orders").status == 200);
}

BOOST_AUTO_TEST_CASE(the_destructor_does_not_wait_for_clients) {
    auto server = std::make_unique<sandbox>();
    server->inject(fault::never_answer());
    plain_client connecting(*server);
    plain_client idle(*server);
    plain_client waiting(*server);
    BOOST_REQUIRE(!connecting.connect_tcp());
    BOOST_REQUIRE(!idle.connect());
    BOOST_REQUIRE(!waiting.connect());
    BOOST_REQUIRE(!waiting.send("GET", "/api/integrate/v3/orders"));
    server.reset();
    std::string nothing;
    BOOST_TEST(waiting.read_to_end(nothing));
    BOOST_TEST(nothing == "");
}

BOOST_AUTO_TEST_CASE(many_clients_are_served_at_once) {
    sandbox_options options;
    options.orders = 200;
    const sandbox server(options);
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            plain_client client(server);
            for (int n = 0; n < 20; ++n) good += client.call("GET", "/orders?limit=50").status == 200 ? 1 : 0;
        });
    }
    for (std::thread& t : threads) t.join();
    BOOST_TEST(good == 160);
    BOOST_TEST(server.stats().requests == 160U);
    BOOST_TEST(server.stats().connections == 8U);
}

BOOST_AUTO_TEST_CASE(plain_http_is_possible) {
    sandbox_options options;
    options.tls = false;
    const sandbox server(options);
    BOOST_TEST(server.base_url() == "http://localhost:" + std::to_string(server.port()) + "/api/integrate/v3");
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), server.port());
    socket.connect(where);
    asio::write(socket, asio::buffer(std::string("GET /none HTTP/1.0\r\n\r\n")));
    std::string text;
    error_code ec;
    asio::read(socket, asio::dynamic_buffer(text), ec);
    BOOST_TEST(text.starts_with("HTTP/1.1 404 "));
}

BOOST_AUTO_TEST_CASE(the_configuration_has_all_that_a_client_needs) {
    const sandbox server;
    const cubicasa::client_config config = server.config();
    BOOST_TEST(config.base_url == "https://localhost:" + std::to_string(server.port()) + "/api/integrate/v3");
    BOOST_TEST(config.api_key.reveal() == "sandbox-key");
    BOOST_TEST(config.tls.ca_pem == server.ca_pem());
}

BOOST_AUTO_TEST_CASE(the_authoritys_file_lives_as_long_as_the_sandbox) {
    auto server = std::make_unique<sandbox>();
    const std::string path = server->ca_file();
    std::ifstream file(path);
    BOOST_TEST(std::string(std::istreambuf_iterator<char>(file), {}) == server->ca_pem());
    server.reset();
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_an_error) {
    const sandbox first;
    sandbox_options options;
    options.port = first.port();
    BOOST_CHECK_THROW(sandbox second(options), std::exception);
}

BOOST_AUTO_TEST_SUITE_END()
