// The receiver's own server: what it serves, one hostile sender at a time.
#include "listener_fixture.hpp"

#include "../support/run.hpp"
#include "../support/temporary_folder.hpp"

#include <testing/certificates.hpp>

#include <boost/asio/ssl.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/pem.h>

#include <string>
#include <vector>

using cubicasa::errc;
using cubicasa::listener_options;
using namespace test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(listener, listener_fixture)

BOOST_AUTO_TEST_CASE(events_come_over_one_connection_that_stays) {
    sender from(listen().port());
    BOOST_TEST(from.post(event_body("a")) == 200);
    BOOST_TEST(from.post(event_body("b")) == 200);
    BOOST_TEST(hooks.stats().waiting == 2u);
    BOOST_TEST(server->connections() == 1u);
}

BOOST_AUTO_TEST_CASE(requests_that_come_at_once_are_all_answered) {
    sender from(listen().port());
    from.send(request_text(hook_path, event_body("a")) + request_text(hook_path, event_body("b")));
    BOOST_TEST(from.status() == 200);
    BOOST_TEST(from.status() == 200);
}

BOOST_AUTO_TEST_CASE(chunked_events_are_events) {
    sender from(listen().port());
    const std::string body = event_body("a");
    std::string size(1, "0123456789abcdef"[body.size() / 16]);
    size += "0123456789abcdef"[body.size() % 16];
    from.send("POST " + hook_path + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n" +
              body + "\r\n0\r\n\r\n");
    BOOST_TEST(from.status() == 200);
}

BOOST_AUTO_TEST_CASE(a_sender_that_asks_before_it_sends_is_told_to_go_on) {
    sender from(listen().port());
    const std::string body = event_body("a");
    from.send("POST " + hook_path + " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n");
    BOOST_TEST(from.status() == 100);
    from.send(body);
    BOOST_TEST(from.status() == 200);
}

BOOST_AUTO_TEST_CASE(whoever_has_not_the_token_is_answered_before_the_body) {
    sender from(listen().port());
    from.send("POST /webhooks/cubicasa/wrong HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
    BOOST_TEST(from.status() == 404);
    BOOST_TEST(from.ended());
    sender other(server->port());
    other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(other.status() == 404);
}

BOOST_AUTO_TEST_CASE(a_body_of_a_gibibyte_is_refused_unread) {
    sender from(listen().port());
    from.send("POST " + hook_path + " HTTP/1.1\r\nHost: h\r\nContent-Length: 1073741824\r\n\r\n");
    BOOST_TEST(from.status() == 413);
    BOOST_TEST(from.ended());
    BOOST_TEST(hooks.stats().refused == 1u);
}

BOOST_AUTO_TEST_CASE(an_endless_chunked_body_is_refused) {
    sender from(listen().port());
    from.send("POST " + hook_path + " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "1000\r\n" + std::string(4096, ' ') + "\r\n";
    for (int i = 0; i < 100'000 && from.send(chunk); ++i) {
    }
    BOOST_TEST(hooks.stats().waiting == 0u);
    BOOST_TEST(hooks.stats().refused == 1u);
    BOOST_TEST(sender(server->port()).post(event_body("a")) == 200);
}

BOOST_AUTO_TEST_CASE(headers_without_end_are_refused) {
    sender from(listen().port());
    from.send("POST " + hook_path + " HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
    BOOST_TEST(from.status() == 431);
    BOOST_TEST(from.ended());
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_answered_and_closed) {
    sender from(listen().port());
    from.send("\x16\x03\x01\x02 hello\r\n\r\n");
    BOOST_TEST(from.status() == 400);
    BOOST_TEST(from.ended());
}

BOOST_AUTO_TEST_CASE(a_request_that_comes_drop_by_drop_is_cut_off) {
    listener_options hasty;
    hasty.request_time = 200ms;
    sender from(listen(hasty).port());
    bool open = true;
    const std::string text = "POST " + hook_path + " HTTP/1.1\r\nHost: h\r\nX: ";
    open = from.send(text);
    const auto begin = std::chrono::steady_clock::now();
    // Each drop alone is in time.
    while (open && std::chrono::steady_clock::now() - begin < test::patience) open = from.send("x");
    BOOST_TEST(!open);
}

BOOST_AUTO_TEST_CASE(a_connection_without_requests_is_closed_after_a_while) {
    listener_options hasty;
    hasty.idle_time = 50ms;
    sender from(listen(hasty).port());
    BOOST_TEST(from.ended());
}

BOOST_AUTO_TEST_CASE(slow_senders_do_not_keep_honest_ones_out) {
    listener_options few;
    few.max_connections = 8;
    listen(few);
    std::vector<std::unique_ptr<sender>> slow;
    for (int i = 0; i < 40; ++i) {
        slow.push_back(std::make_unique<sender>(server->port()));
        slow.back()->send("POST " + hook_path + " HTTP/1.1\r\n");
    }
    BOOST_TEST(sender(server->port()).post(event_body("a")) == 200);
    BOOST_TEST(slow[0]->ended());
    BOOST_TEST(server->connections() <= 8u);
}

BOOST_AUTO_TEST_CASE(wrong_tokens_by_the_thousand_keep_no_memory_and_no_event_out) {
    sender from(listen().port());
    for (int i = 0; i < 2000; ++i) {
        from.send("POST /webhooks/cubicasa/" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
        BOOST_TEST_REQUIRE(from.status() == 404);
    }
    BOOST_TEST(from.post(event_body("a")) == 200);
    BOOST_TEST(hooks.stats().wrong_token == 2000u);
}

BOOST_AUTO_TEST_CASE(a_stop_lets_a_request_end_that_has_begun) {
    sender from(listen().port());
    BOOST_TEST(from.post(event_body("a")) == 200);
    const std::string text = request_text(hook_path, event_body("b"));
    from.send(text.substr(0, text.size() - 5));
    sender idle(server->port());
    BOOST_TEST(idle.post(event_body("c")) == 200);
    auto stopped = asio::co_spawn(context, server->stop(30s), asio::use_future);
    BOOST_TEST(idle.ended());
    from.send(text.substr(text.size() - 5));
    BOOST_TEST(from.status() == 200);
    BOOST_TEST(stopped.get());
    BOOST_TEST(hooks.stats().waiting == 3u);
    BOOST_CHECK_THROW(sender(server->port()), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(a_stop_can_be_without_a_limit) {
    sender from(listen().port());
    const std::string text = request_text(hook_path, event_body("a"));
    from.send(text.substr(0, text.size() - 5));
    // It has to have arrived.
    sender idle(server->port());
    BOOST_TEST(idle.post(event_body("b")) == 200);
    auto stopped = asio::co_spawn(context, server->stop(std::chrono::milliseconds::max()), asio::use_future);
    BOOST_TEST(idle.ended());
    BOOST_TEST((stopped.wait_for(50ms) == std::future_status::timeout));
    from.send(text.substr(text.size() - 5));
    BOOST_TEST(from.status() == 200);
    BOOST_TEST(stopped.get());
}

BOOST_AUTO_TEST_CASE(connections_and_requests_can_be_without_a_limit) {
    listener_options endless;
    endless.idle_time = endless.request_time = std::chrono::milliseconds::max();
    sender from(listen(endless).port());
    BOOST_TEST(from.post(event_body("a")) == 200);
    const std::string text = request_text(hook_path, event_body("b"));
    from.send(text.substr(0, text.size() - 5));
    BOOST_TEST(sender(server->port()).post(event_body("c")) == 200);
    from.send(text.substr(text.size() - 5));
    BOOST_TEST(from.status() == 200);
}

BOOST_AUTO_TEST_CASE(a_stop_cuts_off_what_takes_longer_than_its_limit) {
    sender from(listen().port());
    BOOST_TEST(from.post(event_body("a")) == 200);
    from.send("POST " + hook_path + " HTTP/1.1\r\n");
    // It has to have arrived, or it would be cut off as an idle one.
    BOOST_TEST(sender(server->port()).post(event_body("b")) == 200);
    auto stopped = asio::co_spawn(context, server->stop(50ms), asio::use_future);
    stopped.get();
    BOOST_TEST(from.ended());
}

BOOST_AUTO_TEST_CASE(an_address_that_is_taken_is_an_error_that_names_it) {
    listen();
    listener_options same;
    same.port = server->port();
    try {
        const cubicasa::webhook_listener second(context.get_executor(), hooks, same);
        BOOST_TEST(false, "it listens");
    } catch (const cubicasa::failure& f) {
        BOOST_TEST((f.code() == asio::error::address_in_use));
        BOOST_TEST(f.details().message.find(std::to_string(same.port)) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_served_with_is_invalid_configuration) {
    listener_options odd;
    odd.address = "nowhere";
    listener_options no_file;
    no_file.certificate_file = "/none/cert.pem";
    no_file.private_key_file = "/none/key.pem";
    for (const auto& o : {odd, no_file}) {
        try {
            const cubicasa::webhook_listener none(context.get_executor(), hooks, o);
            BOOST_TEST(false, "it listens");
        } catch (const cubicasa::failure& f) {
            BOOST_TEST((f.details() == errc::invalid_configuration));
        }
    }
}

BOOST_AUTO_TEST_CASE(events_come_over_tls) {
    const test::temporary_folder folder;
    const auto identity = cubicasa::testing::detail::make_identity({});
    const std::string cert = folder / "cert.pem";
    const std::string key = folder / "key.pem";
    std::FILE* f = std::fopen(cert.c_str(), "w");
    PEM_write_X509(f, SSL_CTX_get0_certificate(identity.context.get()));
    std::fclose(f);
    f = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(f, SSL_CTX_get0_privatekey(identity.context.get()), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(f);
    listener_options with_tls;
    with_tls.certificate_file = cert;
    with_tls.private_key_file = key;
    listen(with_tls);
    asio::io_context own;
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.add_certificate_authority(asio::buffer(identity.ca_pem));
    tls.set_verify_mode(asio::ssl::verify_peer);
    asio::ssl::stream<tcp::socket> stream(own, tls);
    stream.next_layer().connect(tcp::endpoint(asio::ip::address_v4::loopback(), server->port()));
    stream.handshake(asio::ssl::stream_base::client);
    asio::write(stream, asio::buffer(request_text(hook_path, event_body("a"))));
    char head[16] = {};
    asio::read(stream, asio::buffer(head, 12));
    BOOST_TEST(std::string(head) == "HTTP/1.1 200");
    boost::system::error_code ec;
    stream.shutdown(ec);
    // One that never finishes its handshake does no harm.
    sender silent(server->port());
    BOOST_TEST(hooks.stats().waiting == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
