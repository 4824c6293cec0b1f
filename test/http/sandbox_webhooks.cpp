// The sandbox's webhooks.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>

#include "../support/sandbox_support.hpp"
#include "../support/webhook_receiver.hpp"

using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using cubicasa::testing::webhook_call;
using namespace test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(sandbox_webhooks)

BOOST_AUTO_TEST_CASE(a_delivery_is_told_in_the_documented_shape) {
    webhook_receiver receiver;
    sandbox server;
    const std::string id = post(server, "/orders/draft", draft_body);
    register_urls(server, {receiver.url("/hook?token=1")});
    server.set_status(id, "Pending");
    receiver.next();
    server.set_status(id, "Ready");
    const auto event = receiver.next();
    BOOST_TEST(event.method == "POST");
    BOOST_TEST(event.target == "/hook?token=1");
    BOOST_TEST(event.content_type == "application/json");
    json::value expected = data_file("webhook.order_status.json");
    expected.at("id") = id;
    expected.at("model_id") = stored(server, id).at("info").at("model_id");
    BOOST_TEST((event.body == expected));
}

BOOST_AUTO_TEST_CASE(a_new_order_has_no_previous_status) {
    webhook_receiver receiver;
    const sandbox server;
    register_urls(server, {receiver.url()});
    const std::string id = post(server, "/orders/draft", draft_body);
    json::value expected = json::parse(R"({"id": "", "current_status": "Draft", "previous_status": null,
                                           "model_id": null, "product_type": null, "delivery_type": null})");
    expected.at("id") = id;
    BOOST_TEST((receiver.next().body == expected));
}

BOOST_AUTO_TEST_CASE(changes_by_requests_are_told) {
    webhook_receiver receiver;
    sandbox server(generated(1));
    const std::string id = server.order_ids().front();
    register_urls(server, {receiver.url()});
    post(server, "/orders/" + id + "/redeliver", "{}");
    BOOST_TEST(step(receiver.next()) == "Ready > Ready");
    post(server, "/orders/" + id + "/change-requests", change_request_body);
    BOOST_TEST(step(receiver.next()) == "Ready > Fixing");
    post(server, "/orders", R"({"street": "1 Elm", "city": "Austin", "country": "United States", "source": "s"})");
    BOOST_TEST(step(receiver.next()) == "null > Pending");
}

BOOST_AUTO_TEST_CASE(a_receiver_that_hangs_up_without_an_answer_is_called_again) {
    asio::io_context context;
    asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    sandbox_options options = generated(1);
    options.webhook_retry_interval = 1ms;
    sandbox server(options);
    register_urls(server, {"http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/"});
    const std::string id = server.order_ids().front();
    server.set_status(id, status_of(server, id) == "Fixing" ? "Pending" : "Fixing");
    for (int i = 0; i < 3; ++i) {
        asio::ip::tcp::socket socket = acceptor.accept();
        std::string request;
        asio::read_until(socket, asio::dynamic_buffer(request), "}");
    }
}

BOOST_AUTO_TEST_CASE(only_registered_triggers_fire) {
    webhook_receiver receiver;
    sandbox server(generated(1));
    const std::string id = server.order_ids().front();
    register_urls(server, {receiver.url()}, R"(["moved_to_fixing"])");
    for (const char* const status : {"Odd", "New", "Pending", "Ready", "Fixing"}) server.set_status(id, status);
    BOOST_TEST(step(receiver.next()) == "Ready > Fixing");
    BOOST_TEST(server.webhook_calls().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_status_that_stays_is_no_change) {
    sandbox server(generated(1));
    register_urls(server, {"https://elsewhere.example"});
    server.set_status(server.order_ids().front(), "Ready");
    BOOST_TEST(server.webhook_calls().empty());
}

BOOST_AUTO_TEST_CASE(deleted_webhooks_are_not_called) {
    sandbox server(generated(1));
    register_urls(server, {"https://elsewhere.example"});
    plain_client(server).call("DELETE", "/companies/webhook");
    server.set_status(server.order_ids().front(), "Fixing");
    BOOST_TEST(server.webhook_calls().empty());
}

BOOST_AUTO_TEST_CASE(every_url_is_called) {
    webhook_receiver one;
    webhook_receiver two;
    sandbox server(generated(1));
    register_urls(server, {one.url(), two.url()});
    server.set_status(server.order_ids().front(), "Fixing");
    BOOST_TEST((one.next().body == two.next().body));
}

BOOST_AUTO_TEST_CASE(events_for_one_url_arrive_in_their_order) {
    webhook_receiver receiver({500, 500, 200, 503});
    sandbox_options options = generated(1);
    options.webhook_retry_interval = 1ms;
    sandbox server(options);
    const std::string id = server.order_ids().front();
    register_urls(server, {receiver.url()});
    for (const char* const status : {"Fixing", "Pending", "Draft"}) server.set_status(id, status);
    std::vector<std::string> seen;
    for (int i = 0; i < 6; ++i) seen.push_back(step(receiver.next()));
    check_equal(seen, {"Ready > Fixing", "Ready > Fixing", "Ready > Fixing", "Fixing > Pending", "Fixing > Pending",
                       "Pending > Draft"});
}

BOOST_AUTO_TEST_CASE(a_call_is_tried_three_times_and_then_given_up) {
    webhook_receiver receiver({500, 404, 302});
    sandbox_options options = generated(1);
    options.webhook_retry_interval = 1ms;
    sandbox server(options);
    const std::string id = server.order_ids().front();
    register_urls(server, {receiver.url()});
    server.set_status(id, "Fixing");
    for (int i = 0; i < 3; ++i) BOOST_TEST(step(receiver.next()) == "Ready > Fixing");
    server.set_status(id, "Pending");
    BOOST_TEST(step(receiver.next()) == "Fixing > Pending");
    // The first has come to its end, since the second has begun.
    const webhook_call first = server.webhook_calls().front();
    BOOST_TEST(first.url == receiver.url());
    BOOST_TEST((json::parse(first.body).at("id").as_string() == id));
    BOOST_TEST(first.tries == 3U);
    BOOST_TEST(first.status == 302);
    BOOST_TEST(first.done);
}

BOOST_AUTO_TEST_CASE(any_answer_of_the_two_hundreds_is_a_success) {
    webhook_receiver receiver({204});
    sandbox server(generated(1));
    const std::string id = server.order_ids().front();
    register_urls(server, {receiver.url()});
    server.set_status(id, "Fixing");
    server.set_status(id, "Pending");
    BOOST_TEST(step(receiver.next()) == "Ready > Fixing");
    BOOST_TEST(step(receiver.next()) == "Fixing > Pending");
    const webhook_call first = server.webhook_calls().front();
    BOOST_TEST(first.tries == 1U);
    BOOST_TEST(first.status == 204);
}

BOOST_AUTO_TEST_CASE(a_receiver_with_tls_is_called_whatever_its_certificate) {
    webhook_receiver receiver({}, true);
    sandbox server(generated(1));
    register_urls(server, {receiver.url()});
    server.set_status(server.order_ids().front(), "Fixing");
    BOOST_TEST(step(receiver.next()) == "Ready > Fixing");
}

BOOST_AUTO_TEST_CASE(localhost_is_called_too) {
    webhook_receiver receiver;
    sandbox server(generated(1));
    register_urls(server, {"http://localhost:" + std::to_string(receiver.port())});
    server.set_status(server.order_ids().front(), "Fixing");
    BOOST_TEST(receiver.next().target == "/");
}

BOOST_AUTO_TEST_CASE(other_machines_are_not_called) {
    webhook_receiver receiver;
    sandbox server(generated(1));
    const std::string id = server.order_ids().front();
    const std::vector<std::string> urls{
        "https://domain.example/webhook",
        "http://192.0.2.1/",
        "http://[2001:db8::1]/",
        "ftp://localhost/",
        "http://localhost@domain.example/",
        "http://localhost.example/",
        "localhost",
        "",
    };
    for (const std::string& url : urls) {
        // A receiver that is called next tells that the call before has been worked off, since all share a thread.
        register_urls(server, {url, receiver.url()});
        server.set_status(id, status_of(server, id) == "Fixing" ? "Pending" : "Fixing");
        receiver.next();
        const webhook_call refused = server.webhook_calls().rbegin()[1];
        BOOST_TEST(refused.url == url);
        BOOST_TEST(refused.tries == 0U);
        BOOST_TEST(refused.status == 0);
        BOOST_TEST(refused.done);
    }
}

BOOST_AUTO_TEST_CASE(calls_are_kept_as_requests_are) {
    sandbox_options options = generated(1);
    options.recorded_requests = 2;
    sandbox server(options);
    const std::string id = server.order_ids().front();
    register_urls(server, {"https://domain.example/"});
    for (const char* const status : {"Fixing", "Pending", "Draft"}) server.set_status(id, status);
    const auto calls = server.webhook_calls();
    BOOST_REQUIRE_EQUAL(calls.size(), 2U);
    BOOST_TEST((json::parse(calls.back().body).at("current_status").as_string() == "Draft"));
}

BOOST_AUTO_TEST_CASE(a_sandbox_ends_while_a_receiver_is_silent) {
    asio::io_context context;
    asio::ip::tcp::acceptor silent(context, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    asio::ip::tcp::socket connection(context);
    {
        sandbox server(generated(1));
        register_urls(server, {"http://127.0.0.1:" + std::to_string(silent.local_endpoint().port())});
        server.set_status(server.order_ids().front(), "Fixing");
        silent.accept(connection);
        const webhook_call running = server.webhook_calls().front();
        BOOST_TEST(running.tries == 1U);
        BOOST_TEST(!running.done);
    }
    // The call went with the sandbox, in the middle.
    std::string rest;
    error_code ec;
    asio::read(connection, asio::dynamic_buffer(rest), ec);
    BOOST_TEST((ec == asio::error::eof || ec == asio::error::connection_reset));
}

BOOST_AUTO_TEST_SUITE_END()
