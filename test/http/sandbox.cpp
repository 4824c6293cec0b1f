// The sandbox's operations, seen by a client that is not ours.
#include "../support/sandbox_support.hpp"

#include <cmath>
#include <mutex>
#include <set>

using cubicasa::testing::fault;
using cubicasa::testing::paging_style;
using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using namespace test;

namespace {

// Follows next_offset as it comes.
std::vector<std::string> walk(const sandbox& server, const std::string& query, std::size_t limit) {
    plain_client client(server);
    std::vector<std::string> out;
    std::int64_t offset = 0;
    for (bool more = true; more;) {
        const reply r =
            client.call("GET", "/orders?limit=" + std::to_string(limit) + "&offset=" + std::to_string(offset) + query);
        BOOST_REQUIRE_EQUAL(r.status, 200);
        const json::value page = r.parsed();
        for (auto& id : ids_of(page)) out.push_back(std::move(id));
        more = page.at("pagination").at("has_more").as_bool();
        offset = page.at("pagination").at("next_offset").as_int64();
    }
    return out;
}

std::set<std::string> as_set(const std::vector<std::string>& v) { return std::set<std::string>(v.begin(), v.end()); }

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_operations)

BOOST_AUTO_TEST_CASE(the_contracts_examples_are_served_as_they_are) {
    const sandbox server;
    plain_client client(server);
    BOOST_TEST((client.call("GET", "/orders/" + documented).parsed() == data_file("orders.get.response.json")));
    BOOST_TEST(
        (client.call("GET", "/orders/" + observed).parsed() == data_file("observed.orders.get.ready.response.json")));
}

BOOST_AUTO_TEST_CASE(times_are_written_without_an_exponent) {
    const sandbox server;
    BOOST_TEST(server.order_json(documented).find("\"created_at\":1716238626.904049,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(list_items_lack_what_lists_lack) {
    sandbox_options options;
    options.orders = 10;
    const sandbox server(options);
    plain_client client(server);
    const json::value page = client.call("GET", "/orders").parsed();
    BOOST_REQUIRE_EQUAL(page.at("items").as_array().size(), 12U);
    for (const json::value& item : page.at("items").as_array()) {
        const json::value& info = item.at("info");
        BOOST_TEST(!item.as_object().contains("delivery_assets"));
        BOOST_TEST(info.at("model_id").is_null());
        BOOST_TEST(info.at("product").at("purchasable_add_ons").is_null());
        BOOST_TEST(info.at("product").at("purchasable_package_types").is_null());
    }
}

BOOST_AUTO_TEST_CASE(lists_are_newest_first) {
    sandbox_options options;
    options.orders = 50;
    const sandbox server(options);
    plain_client client(server);
    double last = INFINITY;
    const json::value page = client.call("GET", "/orders?limit=100").parsed();
    for (const json::value& item : page.at("items").as_array()) {
        const double created = item.at("info").at("created_at").as_double();
        BOOST_TEST(created < last);
        last = created;
    }
}

BOOST_AUTO_TEST_CASE(generated_orders_cover_the_statuses_and_agree_with_their_details) {
    const sandbox server(generated(40));
    plain_client client(server);
    std::set<std::string> statuses;
    const json::value page = client.call("GET", "/orders?limit=40").parsed();
    for (const json::value& item : page.at("items").as_array()) {
        const std::string status = item.at("info").at("status").as_string().c_str();
        statuses.insert(status);
        const json::value order =
            client.call("GET", "/orders/" + std::string(item.at("id").as_string().c_str())).parsed();
        BOOST_TEST((order.at("address") == item.at("address")));
        BOOST_TEST((order.at("info").at("status") == item.at("info").at("status")));
        BOOST_TEST(order.at("delivery_assets").is_object() == (status == "Ready" || status == "Fixing"));
    }
    BOOST_TEST((statuses == std::set<std::string>{"New", "Draft", "Pending", "Ready", "Fixing"}));
}

BOOST_AUTO_TEST_CASE(the_default_page_has_twenty_orders_and_a_limit_has_its_maximum) {
    const sandbox server(generated(150));
    plain_client client(server);
    BOOST_TEST(ids_of(client.call("GET", "/orders").parsed()).size() == 20U);
    const json::value page = client.call("GET", "/orders?limit=1000").parsed();
    BOOST_TEST(ids_of(page).size() == 100U);
    BOOST_TEST(page.at("pagination").at("limit").as_int64() == 100);
}

BOOST_AUTO_TEST_CASE(exact_paging_loses_nothing) {
    const sandbox server(generated(105));
    check_equal(walk(server, "", 20), server.order_ids());
}

BOOST_AUTO_TEST_CASE(paging_from_one_goes_from_0_to_21_and_loses_nothing) {
    sandbox_options options = generated(105);
    options.paging = paging_style::from_one;
    const sandbox server(options);
    plain_client client(server);
    const auto first = client.call("GET", "/orders?offset=0").parsed();
    BOOST_TEST(first.at("pagination").at("next_offset").as_int64() == 21);
    check_equal(ids_of(client.call("GET", "/orders?offset=1").parsed()), ids_of(first));
    check_equal(walk(server, "", 20), server.order_ids());
}

BOOST_AUTO_TEST_CASE(skipping_paging_loses_one_order_at_each_page_turn) {
    sandbox_options options = generated(105);
    options.paging = paging_style::skipping;
    const sandbox server(options);
    const auto all = server.order_ids();
    const auto seen = walk(server, "", 20);
    BOOST_TEST(seen.size() == 100U);
    BOOST_TEST(as_set(seen).count(all[20]) == 0U);
    BOOST_TEST(as_set(seen).count(all[21]) == 1U);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_orders_have_different_ids) {
    const sandbox server(generated(100'000));
    BOOST_TEST(as_set(server.order_ids()).size() == 100'000U);
}

BOOST_AUTO_TEST_CASE(the_same_options_give_the_same_orders) {
    check_equal(sandbox(generated(30)).order_ids(), sandbox(generated(30)).order_ids());
}

BOOST_AUTO_TEST_CASE(status_filters_add_up) {
    const sandbox server(generated(100));
    const auto pending = as_set(walk(server, "&status=Pending", 7));
    const auto ready = as_set(walk(server, "&status=Ready", 7));
    const auto both = as_set(walk(server, "&status=Pending&status=Ready", 7));
    BOOST_TEST(pending.size() == 20U);
    BOOST_TEST(ready.size() == 50U);
    BOOST_TEST(both.size() == 70U);
}

BOOST_AUTO_TEST_CASE(the_other_filters_select) {
    const sandbox server(generated(100));
    plain_client client(server);
    const json::value page = client.call("GET", "/orders?limit=100").parsed();
    const json::array& items = page.at("items").as_array();
    const std::string bound = std::to_string(items[10].at("info").at("created_at").as_double());
    BOOST_TEST(walk(server, "&created_after=" + bound, 50).size() == 10U);
    BOOST_TEST(walk(server, "&created_before=" + bound, 50).size() == 89U);

    const auto anna = walk(server, "&user_email=anna%40agency.example", 50);
    BOOST_TEST(!anna.empty());
    BOOST_TEST(anna.size() < 100U);
    for (const auto& id : anna) {
        BOOST_TEST(json::parse(server.order_json(id)).at("info").at("created_by").as_string() == "anna@agency.example");
    }
    const auto main = walk(server, "&office=Main+office", 50);
    const auto north = walk(server, "&office=North%20office", 50);
    BOOST_TEST(!main.empty());
    BOOST_TEST(main.size() + north.size() == 100U);
    BOOST_TEST(walk(server, "&user_id=nobody", 50).empty());
    BOOST_TEST(walk(server, "&office_id=nowhere", 50).empty());
}

BOOST_AUTO_TEST_CASE(bad_query_values_are_complained_about) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("GET", "/orders?limit=0&offset=x&created_after=yesterday");
    BOOST_TEST(r.status == 400);
    check_equal(complaints(r), {"query_params limit: ensure this value is greater than 0",
                                "query_params offset: value is not a valid integer",
                                "query_params created_after: value is not a valid float"});
}

BOOST_AUTO_TEST_CASE(the_key_is_asked_for) {
    const sandbox server;
    plain_client client(server);
    const reply without = client.call("GET", "/orders", "", "", "");
    const reply wrong = client.call("GET", "/orders", "", "", "another");
    BOOST_TEST(without.status == 401);
    BOOST_TEST(wrong.status == 401);
    BOOST_TEST(wrong.parsed().at("message").is_string());
}

BOOST_AUTO_TEST_CASE(unknown_orders_paths_and_methods_have_their_statuses) {
    const sandbox server;
    plain_client client(server);
    BOOST_TEST(client.call("GET", "/orders/none").status == 404);
    BOOST_TEST(client.call("GET", "/orders/none/combined-pdf").status == 404);
    BOOST_TEST(client.call("GET", "/scans").status == 404);
    const reply wrong = client.call("DELETE", "/orders");
    BOOST_TEST(wrong.status == 405);
    BOOST_TEST(wrong.header("Allow") == "GET, POST");
}

BOOST_AUTO_TEST_CASE(a_body_without_its_type_is_not_taken) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("POST", "/orders", "{}", "text/plain");
    BOOST_TEST(r.status == 415);
    BOOST_TEST(r.parsed().at("detail").as_string() ==
               "Unsupported media type 'text/plain' in request. 'application/json' is required.");
    BOOST_TEST(client.call("POST", "/orders", "{}", "").status == 415);
}

BOOST_AUTO_TEST_CASE(an_upgrade_moves_what_was_bought) {
    const sandbox server;
    plain_client client(server);
    const std::string path = "/orders/" + documented + "/post-purchase";
    const reply r = client.call("POST", path, R"({"package_type": "plus_3d", "add_ons": ["3d_cad_files"]})");
    BOOST_TEST(r.status == 200);
    const json::value answered = r.parsed();
    BOOST_TEST((answered.at("info").at("product") ==
                json::parse(R"({"add_ons": ["gla", "3d_cad_files"], "over_limits": [], "package_type": "plus_3d",
                                "purchasable_add_ons": [], "purchasable_package_types": []})")));
    BOOST_TEST(!answered.at("info").as_object().contains("model_id"));
    BOOST_TEST(!answered.at("delivery_assets").as_object().contains("tour"));
    const json::value stored = json::parse(server.order_json(documented));
    BOOST_TEST((stored.at("info").at("product") == answered.at("info").at("product")));
    BOOST_TEST(stored.at("info").at("model_id").is_string());
}

BOOST_AUTO_TEST_CASE(a_better_package_brings_its_files) {
    sandbox server;
    plain_client client(server);
    server.put_order(R"({"id": "small", "address": {},
                         "info": {"status": "Pending", "created_at": 1.5,
                                  "product": {"package_type": "base", "add_ons": [], "purchasable_add_ons": [],
                                              "purchasable_package_types": ["plus_3d"]}}})");
    server.set_status("small", "Ready");
    BOOST_TEST(stored(server, "small").at("delivery_assets").at("floorplans_3d").at("jpg_urls").as_array().empty());
    const reply r = client.call("POST", "/orders/small/post-purchase", R"({"package_type": "plus_3d", "add_ons": []})");
    BOOST_TEST(r.status == 200);
    BOOST_TEST(!r.parsed().at("delivery_assets").at("floorplans_3d").at("jpg_urls").as_array().empty());
    BOOST_TEST(!stored(server, "small").at("delivery_assets").at("video_3d").at("video_urls").as_array().empty());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_bought_is_refused_and_nothing_changes) {
    const sandbox server;
    plain_client client(server);
    const std::string path = "/orders/" + documented + "/post-purchase";
    const std::string before = server.order_json(documented);
    check_equal(complaints(client.call("POST", path, R"({"package_type": "plus_3d", "add_ons": ["gla"]})")),
                {"body_params add_ons 0: not purchasable for this order"});
    check_equal(complaints(client.call("POST", path, R"({"package_type": "base", "add_ons": []})")),
                {"body_params package_type: not purchasable for this order"});
    check_equal(complaints(client.call("POST", path, "{}")),
                {"body_params package_type: field required", "body_params add_ons: field required"});
    check_equal(complaints(client.call("POST", path, R"({"package_type": 1, "add_ons": [2]})")),
                {"body_params package_type: str type expected", "body_params add_ons 0: str type expected"});
    check_equal(complaints(client.call("POST", path, "{\"package")), {"body_params __root__: not valid JSON"});
    BOOST_TEST(server.order_json(documented) == before);
}

BOOST_AUTO_TEST_CASE(a_redraw_becomes_the_newest_order) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("POST", "/orders",
                                R"({"street": "615 Bourbon St", "city": "New Orleans", "country": "United States",
                                    "source": "https://files.example/plan.pdf", "info": "as \"drawn\"",
                                    "external_id": "R1"})");
    BOOST_TEST(r.status == 200);
    const json::value order = r.parsed();
    BOOST_TEST(order.at("info").at("status").as_string() == "Pending");
    BOOST_TEST(order.at("info").at("external_id").as_string() == "R1");
    BOOST_TEST(order.at("info").at("add_info").as_string() == "as \"drawn\"");
    BOOST_TEST(!order.at("info").at("is_scan_order").as_bool());
    BOOST_TEST(order.at("delivery_assets").is_null());
    BOOST_TEST(server.order_ids().front() == order.at("id").as_string().c_str());
}

BOOST_AUTO_TEST_CASE(a_wrong_redraw_is_refused_as_it_was_observed) {
    const sandbox server;
    plain_client client(server);
    const reply r = client.call("POST", "/orders", R"({"address": {}, "info": {}})");
    BOOST_TEST(r.status == 400);
    BOOST_TEST((r.parsed() == data_file("observed.error.validation.json")));
}

BOOST_AUTO_TEST_CASE(the_combined_pdf_is_a_document_or_a_link) {
    const sandbox server;
    plain_client client(server);
    const reply document = client.call("GET", "/orders/" + documented + "/combined-pdf");
    BOOST_TEST(document.status == 200);
    BOOST_TEST(document.header("Content-Type") == "application/pdf");
    BOOST_TEST(document.body.starts_with("%PDF-"));

    sandbox_options options;
    options.pdf_as_link = true;
    const sandbox linking(options);
    plain_client other(linking);
    const reply link = other.call("GET", "/orders/" + documented + "/combined-pdf");
    BOOST_TEST(link.header("Content-Type") == "application/json");
    BOOST_TEST(link.parsed().at("url").as_string().starts_with("https://localhost:"));
}

BOOST_AUTO_TEST_CASE(a_redelivery_gives_files_new_addresses) {
    const sandbox server(generated(1));
    plain_client client(server);
    const std::string id = server.order_ids().front();
    const json::value before = json::parse(server.order_json(id));
    const reply r = client.call("POST", "/orders/" + id + "/redeliver", R"({"style_2d": {}})");
    BOOST_TEST(r.status == 200);
    BOOST_TEST((r.parsed().at("info") == before.at("info")));
    BOOST_TEST((r.parsed().at("delivery_assets") != before.at("delivery_assets")));
}

BOOST_AUTO_TEST_CASE(orders_can_be_added_and_changed_from_outside) {
    sandbox server(generated(3));
    plain_client client(server);
    server.put_order(R"({"id": "mine", "info": {"status": "Odd", "created_at": 1.5}, "address": {}})");
    BOOST_TEST(server.order_ids().back() == "mine");
    check_equal(walk(server, "&status=Odd", 20), {"mine"});
    BOOST_TEST(client.call("GET", "/orders/mine").parsed().at("info").at("status").as_string() == "Odd");

    server.put_order(R"({"id": "mine", "info": {"status": "Odder"}})");
    BOOST_TEST(server.order_ids().size() == 4U);
    BOOST_TEST(server.order_ids().front() == "mine");
    BOOST_CHECK_THROW(server.put_order("{}"), std::invalid_argument);
    BOOST_CHECK_THROW(server.put_order("{"), std::invalid_argument);
    BOOST_CHECK_THROW(server.order_json("none"), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(an_order_that_becomes_ready_gets_files) {
    sandbox server(generated(2));
    const std::string id = server.order_ids()[1];
    BOOST_TEST(json::parse(server.order_json(id)).at("delivery_assets").is_null());
    server.set_status(id, "Ready");
    const json::value order = json::parse(server.order_json(id));
    BOOST_TEST(order.at("info").at("first_delivered_at").is_double());
    BOOST_TEST(order.at("delivery_assets").at("listing_floorplans").at("jpg_urls").as_array().size() == 2U);
    BOOST_TEST(walk(server, "&status=Ready", 20).size() == 2U);
}

BOOST_AUTO_TEST_CASE(requests_are_counted_and_recorded) {
    sandbox_options options;
    options.recorded_requests = 2;
    const sandbox server(options);
    plain_client client(server);
    client.call("GET", "/orders?limit=3");
    client.call("GET", "/orders/" + documented);
    client.call("POST", "/orders", "{}");
    const auto stats = server.stats();
    BOOST_TEST(stats.requests == 3U);
    BOOST_TEST(stats.connections == 1U);
    BOOST_TEST(stats.open_connections == 1U);
    BOOST_TEST(stats.requests_per_path.at("GET /orders/{id}") == 1U);
    const auto requests = server.requests();
    BOOST_REQUIRE_EQUAL(requests.size(), 2U);
    BOOST_TEST(requests[0].target == "/api/integrate/v3/orders/" + documented);
    BOOST_TEST(requests[1].method == "POST");
    BOOST_TEST(requests[1].header("CONTENT-TYPE") == "application/json");
    BOOST_TEST(requests[1].body == "{}");
}

BOOST_AUTO_TEST_CASE(requests_are_told_with_what_the_operation_answered) {
    std::mutex mutex;
    std::vector<std::string> told;
    sandbox_options options;
    options.recorded_requests = 0;
    options.on_request = [&](const cubicasa::testing::recorded_request& r) {
        const std::lock_guard lock(mutex);
        told.push_back(r.method + " " + r.target + " " + std::to_string(r.status));
    };
    sandbox server(options);
    plain_client client(server);
    client.call("GET", "/orders/" + documented);
    client.call("GET", "/orders/unknown");
    server.inject(fault::status(500).times(1));
    client.call("GET", "/orders/unknown");
    server.inject(fault::close_before_answer().times(1));
    client.call("GET", "/orders/" + documented);
    const std::string path = std::string(base_path) + "/orders/";
    BOOST_TEST(told == (std::vector<std::string>{"GET " + path + documented + " 200", "GET " + path + "unknown 404",
                                                 "GET " + path + "unknown 0", "GET " + path + documented + " 200"}),
               boost::test_tools::per_element());
    BOOST_TEST(server.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()
