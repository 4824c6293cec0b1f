// Orders of the sandbox that go on by themselves, as its webhooks tell.
#include "../support/sandbox_support.hpp"
#include "../support/webhook_receiver.hpp"

using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using namespace test;
using namespace std::chrono_literals;

namespace {

sandbox_options producing() {
    sandbox_options o = generated(1);
    o.production_time = 1ms;
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_production)

BOOST_AUTO_TEST_CASE(production_takes_a_draft_to_its_delivery) {
    webhook_receiver receiver;
    const sandbox server(producing());
    register_urls(server, {receiver.url()});
    const std::string id = post(server, "/orders/draft", draft_body);
    BOOST_TEST(step(receiver.next()) == "null > Draft");
    BOOST_TEST(step(receiver.next()) == "Draft > Pending");
    BOOST_TEST(step(receiver.next()) == "Pending > Ready");
    const json::value order = stored(server, id);
    BOOST_TEST(text_of(order.at("info"), "status") == "Ready");
    BOOST_TEST(order.at("info").at("first_delivered_at").as_double() >= order.at("info").at("created_at").as_double());
    BOOST_TEST(order.at("info").at("model_id").is_string());
    BOOST_TEST(order.at("delivery_assets").is_object());
}

BOOST_AUTO_TEST_CASE(production_delivers_fixes_with_new_files) {
    webhook_receiver receiver;
    const sandbox server(producing());
    const std::string id = server.order_ids().front();
    const json::value before = stored(server, id);
    register_urls(server, {receiver.url()}, R"(["moved_to_ready"])");
    post(server, "/orders/" + id + "/change-requests", change_request_body);
    BOOST_TEST(step(receiver.next()) == "Fixing > Ready");
    BOOST_TEST((stored(server, id).at("delivery_assets") != before.at("delivery_assets")));
}

BOOST_AUTO_TEST_CASE(production_leaves_alone_what_no_request_has_touched) {
    webhook_receiver receiver;
    sandbox server(producing());
    const std::string id = server.order_ids().front();
    register_urls(server, {receiver.url()});
    server.set_status(id, "Pending");
    BOOST_TEST(step(receiver.next()) == "Ready > Pending");
    post(server, "/orders/draft", draft_body);
    for (const char* const expected : {"null > Draft", "Draft > Pending", "Pending > Ready"}) {
        BOOST_TEST(step(receiver.next()) == expected);
    }
    BOOST_TEST(status_of(server, id) == "Pending");
}

BOOST_AUTO_TEST_CASE(production_forgets_a_deleted_draft) {
    webhook_receiver receiver;
    sandbox_options options = generated(1);
    options.production_time = 1s;
    const sandbox server(options);
    register_urls(server, {receiver.url()}, R"(["moved_to_pending"])");
    const std::string gone = post(server, "/orders/draft", draft_body);
    plain_client client(server);
    BOOST_REQUIRE_EQUAL(client.call("DELETE", "/orders/draft/" + gone).status, 200);
    const std::string kept = post(server, "/orders/draft", draft_body);
    BOOST_TEST(text_of(receiver.next().body, "id") == kept);
}

BOOST_AUTO_TEST_SUITE_END()
