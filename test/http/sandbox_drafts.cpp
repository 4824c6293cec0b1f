// The sandbox's draft orders, and orders by GoToScan.
#include "../support/sandbox_support.hpp"

using cubicasa::testing::sandbox;
using namespace test;

namespace {

// The contract's draft, for a user that the sandbox has.
json::value documented_draft() {
    json::value out = data_file("drafts.update.request.json");
    out.at("owner_email") = "anna@agency.example";
    return out;
}

const std::string least =
    R"({"street": "1 Elm", "city": "Austin", "country": "United States", "owner_email": "ben@agency.example"})";

json::value create(plain_client& client, const json::value& body) {
    const reply r = client.call("POST", "/orders/draft", json::serialize(body));
    BOOST_REQUIRE_EQUAL(r.status, 200);
    return r.parsed();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_drafts)

BOOST_AUTO_TEST_CASE(a_draft_has_the_documented_shape) {
    const sandbox server;
    plain_client client(server);
    const json::value example = data_file("drafts.update.response.json");
    const json::value order = create(client, documented_draft());
    check_equal(keys_of(order), keys_of(example));
    check_equal(keys_of(order.at("info")), keys_of(example.at("info")));
    check_equal(keys_of(order.at("info").at("product")), keys_of(example.at("info").at("product")));
    check_equal(keys_of(order.at("address")), keys_of(example.at("address")));
    for (const auto& member : example.at("info").as_object()) {
        if (member.key() == "external_id") continue;
        BOOST_TEST((order.at("info").at(member.key()).kind() == member.value().kind()), member.key());
    }
}

BOOST_AUTO_TEST_CASE(a_draft_shows_what_was_sent) {
    const sandbox server;
    plain_client client(server);
    const json::value order = create(client, documented_draft());
    const json::value& info = order.at("info");
    BOOST_TEST(text_of(info, "status") == "Draft");
    BOOST_TEST(text_of(info, "created_by") == "anna@agency.example");
    BOOST_TEST(text_of(info, "location") == "615 Bourbon St A1 New Orleans");
    BOOST_TEST(text_of(info, "external_id") == "R4ER93");
    BOOST_TEST(text_of(info, "add_info") == "Extra info");
    BOOST_TEST(info.at("is_scan_order").as_bool());
    BOOST_TEST((info.at("product") == json::parse(R"({"add_ons": ["gla"], "over_limits": [], "package_type": "base",
                                "purchasable_add_ons": ["3d_cad_files", "express_sla"],
                                "purchasable_package_types": ["plus", "plus_3d"]})")));
    const json::value& address = order.at("address");
    BOOST_TEST(text_of(address, "street") == "615 Bourbon St");
    BOOST_TEST(text_of(address, "state") == "Louisiana");
    BOOST_TEST(text_of(address, "postalCode") == "70130");
    BOOST_TEST(address.at("latitude").as_double() == 29.958365);
    BOOST_TEST(order.at("delivery_assets").is_null());
    BOOST_TEST(server.order_ids().front() == text_of(order, "id"));
}

BOOST_AUTO_TEST_CASE(an_integrators_draft_is_taken) {
    const sandbox server;
    plain_client client(server);
    client.call("POST", "/users", R"({"email": "owner@example.com"})");
    const json::value order = create(client, data_file("observed.drafts.create.request.json"));
    BOOST_TEST(text_of(order.at("info"), "external_id") == "EXT-1");
    const json::value page = client.call("GET", "/orders?user_email=owner%40example.com").parsed();
    check_equal(ids_of(page), {text_of(order, "id")});
}

BOOST_AUTO_TEST_CASE(the_smallest_draft_has_the_base_package) {
    const sandbox server;
    plain_client client(server);
    const json::value info = create(client, json::parse(least)).at("info");
    BOOST_TEST(text_of(info.at("product"), "package_type") == "base");
    BOOST_TEST(info.at("external_id").is_null());
    BOOST_TEST(text_of(info, "add_info").empty());
}

BOOST_AUTO_TEST_CASE(a_draft_is_an_order_like_others) {
    const sandbox server;
    plain_client client(server);
    const json::value order = create(client, documented_draft());
    BOOST_TEST((client.call("GET", "/orders/" + text_of(order, "id")).parsed() == order));
    check_equal(ids_of(client.call("GET", "/orders?status=Draft").parsed()), {text_of(order, "id")});
}

BOOST_AUTO_TEST_CASE(wrong_drafts_are_refused) {
    const sandbox server;
    plain_client client(server);
    check_equal(complaints(client.call("POST", "/orders/draft", R"({"address": {"street": "x"}, "info": {}})")),
                {"body_params street: field required", "body_params city: field required",
                 "body_params country: field required", "body_params info: str type expected",
                 "body_params owner_email: field required"});
    json::value body = json::parse(least);
    body.at("owner_email") = "nobody@agency.example";
    check_equal(complaints(client.call("POST", "/orders/draft", json::serialize(body))),
                {"body_params owner_email: there is no such user"});
    BOOST_TEST(server.order_ids().size() == 2U);
}

BOOST_AUTO_TEST_CASE(members_of_wrong_kinds_are_complained_about_where_they_are) {
    const sandbox server;
    plain_client client(server);
    json::value body = documented_draft();
    body.at("latitude") = "north";
    body.at("add_ons") = "gla";
    json::value& preferences = body.at("order_preferences");
    preferences.at("style_2d") = "plain";
    preferences.at("style_3d").at("video").at("speed") = 2;
    preferences.at("style_3d").at("include_basement") = "perhaps";
    check_equal(complaints(client.call("POST", "/orders/draft", json::serialize(body))),
                {"body_params latitude: value is not a valid float", "body_params add_ons: value is not a valid list",
                 "body_params order_preferences style_2d: value is not a valid dict",
                 "body_params order_preferences style_3d video speed: str type expected",
                 "body_params order_preferences style_3d include_basement: value could not be parsed to a boolean"});
}

BOOST_AUTO_TEST_CASE(an_update_answers_with_the_documented_shape) {
    const sandbox server;
    plain_client client(server);
    const std::string id = text_of(create(client, json::parse(least)), "id");
    const reply r = client.call("PATCH", "/orders/draft/" + id, json::serialize(documented_draft()));
    BOOST_TEST(r.status == 200);
    const json::value example = data_file("drafts.update.response.json");
    check_equal(keys_of(r.parsed()), keys_of(example));
    check_equal(keys_of(r.parsed().at("info")), keys_of(example.at("info")));
    BOOST_TEST(text_of(r.parsed(), "id") == id);
    BOOST_TEST(text_of(r.parsed().at("info"), "external_id") == "R4ER93");
    BOOST_TEST((stored(server, id) == r.parsed()));
}

BOOST_AUTO_TEST_CASE(an_update_keeps_what_it_leaves_out) {
    const sandbox server;
    plain_client client(server);
    const json::value before = create(client, documented_draft());
    const json::value after = client.call("PATCH", "/orders/draft/" + text_of(before, "id"), least).parsed();
    BOOST_TEST((after.at("info").at("product") == before.at("info").at("product")));
    BOOST_TEST(text_of(after.at("info"), "external_id") == "R4ER93");
    BOOST_TEST(text_of(after.at("info"), "location") == "1 Elm A1 Austin");
    BOOST_TEST(text_of(after.at("address"), "state") == "Louisiana");
    BOOST_TEST(text_of(after.at("address"), "city") == "Austin");
}

BOOST_AUTO_TEST_CASE(a_draft_follows_its_owner) {
    const sandbox server;
    plain_client client(server);
    const std::string id = text_of(create(client, documented_draft()), "id");
    client.call("PATCH", "/orders/draft/" + id, least);
    BOOST_TEST(ids_of(client.call("GET", "/orders?user_email=anna@agency.example").parsed()).empty());
    check_equal(ids_of(client.call("GET", "/orders?user_email=ben@agency.example").parsed()), {id});
}

BOOST_AUTO_TEST_CASE(wrong_updates_change_nothing) {
    const sandbox server;
    plain_client client(server);
    const json::value before = create(client, documented_draft());
    const std::string id = text_of(before, "id");
    check_equal(complaints(client.call("PATCH", "/orders/draft/" + id, R"({"street": "x"})")),
                {"body_params city: field required", "body_params country: field required",
                 "body_params owner_email: field required"});
    check_message(client.call("PATCH", "/orders/draft/none", least), 404);
    BOOST_TEST((stored(server, id) == before));
}

BOOST_AUTO_TEST_CASE(only_drafts_are_updated_and_deleted) {
    const sandbox server;
    plain_client client(server);
    check_message(client.call("PATCH", "/orders/draft/" + documented, least), 400);
    check_message(client.call("DELETE", "/orders/draft/" + documented), 400);
    BOOST_TEST((stored(server, documented) == data_file("orders.get.response.json")));
}

BOOST_AUTO_TEST_CASE(a_deleted_draft_is_gone) {
    const sandbox server;
    plain_client client(server);
    const std::string id = text_of(create(client, documented_draft()), "id");
    const auto before = server.order_ids().size();
    check_message(client.call("DELETE", "/orders/draft/" + id), 200);
    check_message(client.call("GET", "/orders/" + id), 404);
    check_message(client.call("DELETE", "/orders/draft/" + id), 404);
    BOOST_TEST(server.order_ids().size() == before - 1);
    BOOST_TEST(text_of(create(client, documented_draft()), "id") != id);
}

BOOST_AUTO_TEST_CASE(a_go2scan_order_has_a_link) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("POST", "/orders/go2scan", R"({"street": "1 Elm", "city": 5, "token": {}})");
    BOOST_TEST(r.status == 200);
    BOOST_TEST(text_of(r.parsed().at("info").at("go2scan"), "link").starts_with("https://"));
    BOOST_TEST(text_of(r.parsed().at("address"), "street") == "1 Elm");
    BOOST_TEST(text_of(r.parsed().at("address"), "city").empty());
    BOOST_TEST((stored(server, text_of(r.parsed(), "id")) == r.parsed()));
    BOOST_TEST(client.call("POST", "/orders/go2scan", "{}").status == 200);
    BOOST_TEST(client.call("POST", "/orders/go2scan", "7").status == 400);
}

BOOST_AUTO_TEST_CASE(draft_is_no_id_of_an_order) {
    const sandbox server;
    plain_client client(server);
    const auto allowed = [&](std::string_view method, std::string_view path) {
        const reply r = client.call(method, path);
        return std::to_string(r.status) + " " + r.header("Allow");
    };
    BOOST_TEST(allowed("GET", "/orders/draft") == "405 POST");
    BOOST_TEST(allowed("GET", "/orders/go2scan") == "405 POST");
    BOOST_TEST(allowed("GET", "/orders/draft/combined-pdf") == "405 PATCH, DELETE");
    BOOST_TEST(allowed("PATCH", "/orders/one") == "405 GET");
}

BOOST_AUTO_TEST_CASE(drafts_are_counted_by_the_contracts_names) {
    const sandbox server;
    plain_client client(server);
    client.call("POST", "/orders/draft", "{}");
    client.call("PATCH", "/orders/draft/none", "{}");
    const auto counts = server.stats().requests_per_path;
    BOOST_TEST(counts.at("POST /orders/draft") == 1U);
    BOOST_TEST(counts.at("PATCH /orders/draft/{order_id}") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
