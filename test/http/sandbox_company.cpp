// The sandbox's company: its profile, its package, and where its webhooks go.
#include "../support/sandbox_support.hpp"

using cubicasa::testing::sandbox;
using namespace test;

BOOST_AUTO_TEST_SUITE(sandbox_company)

BOOST_AUTO_TEST_CASE(the_company_has_a_profile) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("GET", "/companies/info");
    BOOST_TEST(r.status == 200);
    check_equal(keys_of(r.parsed().at("profile")), {"email", "name"});
    BOOST_TEST(client.call("GET", "/companies/info", "", "", "wrong").status == 401);
}

BOOST_AUTO_TEST_CASE(the_package_names_what_can_be_bought) {
    const sandbox server;
    plain_client client(server);
    const json::value package = client.call("GET", "/companies/package").parsed();
    BOOST_TEST((package.at("package_types") == json::parse(R"(["base", "plus", "plus_3d"])")));
    BOOST_TEST((package.at("add_ons") == json::parse(R"(["gla", "3d_cad_files", "express_sla"])")));
}

BOOST_AUTO_TEST_CASE(a_merge_request_is_any_object) {
    const sandbox server;
    plain_client client(server);
    check_message(client.call("POST", "/companies/merge-request", R"({"anything": 1})"), 200);
    check_equal(complaints(client.call("POST", "/companies/merge-request", "[]")),
                {"body_params __root__: value is not a valid dict"});
}

BOOST_AUTO_TEST_CASE(the_documented_webhooks_are_echoed) {
    const sandbox server;
    plain_client client(server);
    const std::string request = json::serialize(data_file("companies.webhook.update.request.json"));
    const reply r = client.call("PATCH", "/companies/webhook", request);
    BOOST_TEST(r.status == 200);
    BOOST_TEST((r.parsed() == data_file("companies.webhook.update.response.json")));
}

BOOST_AUTO_TEST_CASE(a_field_that_is_not_sent_keeps_its_value) {
    const sandbox server;
    plain_client client(server);
    client.call("PATCH", "/companies/webhook",
                R"({"webhook_urls": ["https://a.example"], "webhook_triggers": ["moved_to_ready"]})");
    const reply r = client.call("PATCH", "/companies/webhook", R"({"webhook_urls": []})");
    BOOST_TEST((r.parsed() == json::parse(R"({"webhook_urls": [], "webhook_triggers": ["moved_to_ready"]})")));
}

BOOST_AUTO_TEST_CASE(wrong_names_and_triggers_are_ignored_silently) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("PATCH", "/companies/webhook",
                                R"({"url": "https://a.example", "secret": "s",
                                    "webhook_triggers": ["moved_to_ready", "moved_to_mars", "moved_to_failed"]})");
    BOOST_TEST(r.status == 200);
    BOOST_TEST((r.parsed() == json::parse(R"({"webhook_urls": [], "webhook_triggers": ["moved_to_ready"]})")));
}

BOOST_AUTO_TEST_CASE(webhooks_that_are_no_lists_are_refused) {
    const sandbox server;
    plain_client client(server);
    const reply r =
        client.call("PATCH", "/companies/webhook", R"({"webhook_urls": "https://a.example", "webhook_triggers": [1]})");
    BOOST_TEST(r.status == 400);
    check_equal(complaints(r), {"body_params webhook_urls: value is not a valid list",
                                "body_params webhook_triggers 0: str type expected"});
}

BOOST_AUTO_TEST_CASE(deleted_webhooks_are_gone) {
    const sandbox server;
    plain_client client(server);
    client.call("PATCH", "/companies/webhook", json::serialize(data_file("companies.webhook.update.request.json")));
    check_message(client.call("DELETE", "/companies/webhook"), 200);
    const reply r = client.call("PATCH", "/companies/webhook", "{}");
    BOOST_TEST((r.parsed() == json::parse(R"({"webhook_urls": [], "webhook_triggers": []})")));
}

BOOST_AUTO_TEST_CASE(their_paths_have_their_methods) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("POST", "/companies/webhook", "{}");
    BOOST_TEST(r.status == 405);
    BOOST_TEST(r.header("Allow") == "PATCH, DELETE");
    BOOST_TEST(client.call("GET", "/companies").status == 404);
    client.call("DELETE", "/companies/webhook");
    BOOST_TEST(server.stats().requests_per_path.at("DELETE /companies/webhook") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
