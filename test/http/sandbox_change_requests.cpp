// The sandbox's change requests.
#include "../support/sandbox_support.hpp"

using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using namespace test;

namespace {

const std::string path = "/orders/" + documented + "/change-requests";
const std::string wish = R"({"text": "The door is on the left.", "img_urls": ["https://files.example/1.jpg"]})";

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_change_requests)

BOOST_AUTO_TEST_CASE(the_documented_one_is_there_from_the_start) {
    const sandbox server;
    plain_client client(server);
    const json::value example = data_file("change_requests.get.response.json");
    BOOST_TEST((client.call("GET", path + "/" + text_of(example, "id")).parsed() == example));
    BOOST_TEST((client.call("GET", path).parsed().at("items").at(0) == example));
}

BOOST_AUTO_TEST_CASE(a_new_one_has_the_documented_shape_and_can_be_read) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("POST", path, wish);
    BOOST_TEST(r.status == 200);
    check_equal(keys_of(r.parsed()), keys_of(data_file("change_requests.get.response.json")));
    BOOST_TEST(text_of(r.parsed(), "text") == "The door is on the left.");
    BOOST_TEST((r.parsed().at("img_urls") == json::parse(R"(["https://files.example/1.jpg"])")));
    BOOST_TEST((client.call("GET", path + "/" + text_of(r.parsed(), "id")).parsed() == r.parsed()));
}

BOOST_AUTO_TEST_CASE(pictures_may_be_left_out) {
    const sandbox server;
    plain_client client(server);
    const json::value added = client.call("POST", path, R"({"text": "x"})").parsed();
    BOOST_TEST(added.at("img_urls").as_array().empty());
}

BOOST_AUTO_TEST_CASE(the_order_is_fixed_then) {
    const sandbox server;
    plain_client client(server);
    client.call("POST", path, wish);
    BOOST_TEST(status_of(server, documented) == "Fixing");
    BOOST_TEST(client.call("POST", path, wish).status == 200);
    BOOST_TEST(status_of(server, documented) == "Fixing");
    BOOST_TEST(stored(server, documented).at("delivery_assets").is_object());
}

BOOST_AUTO_TEST_CASE(a_fix_brings_new_files) {
    sandbox server(generated(1));
    plain_client client(server);
    const std::string id = server.order_ids().front();
    const json::value before = stored(server, id);
    client.call("POST", "/orders/" + id + "/change-requests", wish);
    BOOST_TEST((stored(server, id).at("delivery_assets") == before.at("delivery_assets")));
    server.set_status(id, "Ready");
    const json::value after = stored(server, id);
    BOOST_TEST((after.at("delivery_assets") != before.at("delivery_assets")));
    BOOST_TEST((after.at("info") == before.at("info")));
}

BOOST_AUTO_TEST_CASE(only_a_delivered_order_can_be_fixed) {
    sandbox server;
    plain_client client(server);
    server.set_status(documented, "Pending");
    check_message(client.call("POST", path, wish), 400);
    check_message(client.call("POST", "/orders/none/change-requests", wish), 404);
    BOOST_TEST(status_of(server, documented) == "Pending");
    BOOST_TEST(ids_of(client.call("GET", path).parsed()).size() == 1U);
}

BOOST_AUTO_TEST_CASE(wrong_ones_are_refused) {
    const sandbox server;
    plain_client client(server);
    check_equal(complaints(client.call("POST", path, "{}")), {"body_params text: field required"});
    check_equal(complaints(client.call("POST", path, R"({"text": 1, "img_urls": [2]})")),
                {"body_params text: str type expected", "body_params img_urls 0: str type expected"});
    BOOST_TEST(status_of(server, documented) == "Ready");
}

BOOST_AUTO_TEST_CASE(they_are_listed_newest_first_and_in_pages) {
    const sandbox server;
    plain_client client(server);
    const std::string second = text_of(client.call("POST", path, wish).parsed(), "id");
    const std::string third = text_of(client.call("POST", path, wish).parsed(), "id");
    const json::value page = client.call("GET", path + "?limit=2").parsed();
    check_equal(ids_of(page), {third, second});
    BOOST_TEST(page.at("pagination").at("has_more").as_bool());
    BOOST_TEST(ids_of(client.call("GET", path + "?limit=2&offset=2").parsed()).size() == 1U);
    BOOST_TEST(ids_of(client.call("GET", "/orders/" + observed + "/change-requests").parsed()).empty());
}

BOOST_AUTO_TEST_CASE(the_list_can_be_a_bare_array) {
    sandbox_options options;
    options.change_requests_as_array = true;
    const sandbox server(options);
    plain_client client(server);
    const json::value list = client.call("GET", path).parsed();
    BOOST_REQUIRE(list.is_array());
    BOOST_TEST((list.at(0) == data_file("change_requests.get.response.json")));
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_found) {
    const sandbox server;
    plain_client client(server);
    const std::string id = text_of(data_file("change_requests.get.response.json"), "id");
    check_message(client.call("GET", path + "/none"), 404);
    check_message(client.call("GET", "/orders/" + observed + "/change-requests/" + id), 404);
    check_message(client.call("GET", "/orders/none/change-requests"), 404);
    const reply r = client.call("DELETE", path + "/" + id);
    BOOST_TEST(r.status == 405);
    BOOST_TEST(r.header("Allow") == "GET");
}

BOOST_AUTO_TEST_SUITE_END()
