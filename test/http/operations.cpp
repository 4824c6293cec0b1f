// Each of the 27 operations end to end over TLS: the request as the server saw it, the answer as the caller gets it.
#include "support/client_fixture.hpp"

#include <cubicasa/detail/json.hpp>

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <vector>

using namespace test;

namespace {

constexpr std::string_view base = "/api/integrate/v3";

struct operations_fixture : client_fixture {
    using client_fixture::client_fixture;

    // The value of a call that must succeed.
    template <cc::endpoint E>
    typename E::response good(const E& request) {
        auto r = call(request);
        BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
        return std::move(*r);
    }

    // "METHOD target body" of the last request, after a look at its head.
    std::string sent() {
        const auto requests = server.requests();
        BOOST_TEST_REQUIRE(!requests.empty());
        const auto& last = requests.back();
        BOOST_TEST(last.header("api-key") == config.api_key.reveal());
        BOOST_TEST(last.header("accept") == "application/json");
        BOOST_TEST(last.header("content-type") == (last.body.empty() ? "" : "application/json"));
        BOOST_TEST(last.target.starts_with(base));
        std::string out = last.method + " " + last.target.substr(base.size());
        if (!last.body.empty()) out.append(" ").append(last.body);
        return out;
    }

    // All items of a walk.
    template <class T>
    std::vector<T> all(cc::async_generator<T> walk) {
        return run(context, collect(std::move(walk)));
    }

    cc::created_user new_user(const std::string& email) {
        return good(cc::create_user(email, cc::user_role::collaborator));
    }
    cc::order new_draft() {
        return good(cc::create_draft("1 Example Road", "Example City", "Finland", "manager@cubicasa.com"));
    }

private:
    template <class T>
    static asio::awaitable<std::vector<T>> collect(cc::async_generator<T> walk) {
        std::vector<T> out;
        while (auto item = co_await walk.next()) out.push_back(std::move(*item));
        co_return out;
    }
};

sandbox_options delivered() {
    sandbox_options o;
    o.orders = 30;
    return o;
}

// The first generated order with this status.
std::string order_in(operations_fixture& f, const cc::order_status& status) {
    cc::list_orders query;
    query.status = {status};
    for (const auto& o : f.good(query).items) {
        if (o.id != known_id && !o.id.starts_with("00000000")) return o.id;
    }
    BOOST_FAIL("no order is " << status);
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(operations)

BOOST_AUTO_TEST_CASE(get_company) {
    operations_fixture f;
    const auto company = f.good(cc::get_company());
    BOOST_TEST(f.sent() == "GET /companies/info");
    BOOST_TEST_REQUIRE(company.profile.has_value());
    BOOST_TEST(company.profile->name.has_value());
    BOOST_TEST(!company.document.is_null());
}

BOOST_AUTO_TEST_CASE(update_webhooks) {
    operations_fixture f;
    const cc::update_webhooks request({"https://example.com/hook"}, {cc::webhook_trigger::moved_to_ready});
    const auto stored = f.good(request);
    BOOST_TEST(
        f.sent() ==
        R"(PATCH /companies/webhook {"webhook_urls":["https://example.com/hook"],"webhook_triggers":["moved_to_ready"]})");
    BOOST_TEST(stored.webhook_urls == std::vector<std::string>{"https://example.com/hook"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(update_webhooks_fails_loudly_when_a_part_was_ignored) {
    operations_fixture f;
    const cc::update_webhooks request({"https://example.com/hook"},
                                      {cc::webhook_trigger::moved_to_ready, cc::webhook_trigger("moved_to_mars")});
    const cc::error e = f.error_of(request);
    BOOST_TEST((e == cc::errc::not_applied));
    BOOST_TEST(e.http_status == 200);
    BOOST_TEST((e.delivery == cc::delivery::answered));
    BOOST_TEST(e.operation == "update_webhooks");
    BOOST_TEST(e.message == "webhook_triggers: moved_to_mars was not stored");
}

BOOST_AUTO_TEST_CASE(delete_webhook) {
    operations_fixture f;
    f.good(cc::delete_webhook());
    BOOST_TEST(f.sent() == "DELETE /companies/webhook");
}

BOOST_AUTO_TEST_CASE(get_company_package) {
    operations_fixture f;
    BOOST_TEST(!f.good(cc::get_company_package()).is_null());
    BOOST_TEST(f.sent() == "GET /companies/package");
}

BOOST_AUTO_TEST_CASE(send_merge_request) {
    operations_fixture f;
    BOOST_TEST(!f.good(cc::send_merge_request(cc::raw_json(R"({"company":"x"})"))).is_null());
    BOOST_TEST(f.sent() == R"(POST /companies/merge-request {"company":"x"})");
}

BOOST_AUTO_TEST_CASE(list_offices) {
    operations_fixture f;
    cc::list_offices query;
    query.limit = 1;
    const auto page = f.good(query);
    BOOST_TEST(f.sent() == "GET /offices?limit=1");
    BOOST_TEST_REQUIRE(page.items.size() == 1u);
    BOOST_TEST(!page.items[0].name.empty());
    BOOST_TEST(f.all(f.api().offices().list(query)).size() > 1u);
}

BOOST_AUTO_TEST_CASE(create_office) {
    operations_fixture f;
    const auto made = f.good(cc::create_office("Länsi"));
    BOOST_TEST(f.sent() == R"(POST /offices {"name":"Länsi"})");
    BOOST_TEST_REQUIRE(made.value.has_value());
    BOOST_TEST(made.value->name == "Länsi");
    const auto offices = f.all(f.api().offices().list());
    BOOST_TEST((std::find(offices.begin(), offices.end(), *made.value) != offices.end()));
}

BOOST_AUTO_TEST_CASE(list_users) {
    operations_fixture f;
    cc::list_users query;
    query.limit = 2;
    BOOST_TEST(f.good(query).items.size() == 2u);
    BOOST_TEST(f.sent() == "GET /users?limit=2");
    std::set<std::string> ids;
    for (const auto& u : f.all(f.api().users().list(query))) {
        BOOST_TEST(ids.insert(u.id).second);
        BOOST_TEST(!u.email.empty());
        BOOST_TEST(u.created_at.has_value());
    }
    BOOST_TEST(ids.size() > 2u);
}

BOOST_AUTO_TEST_CASE(create_user) {
    operations_fixture f;
    cc::create_user request("new+one@example.com", cc::user_role::collaborator);
    request.password = cc::secret("hunter2 and more");
    const auto made = f.good(request);
    BOOST_TEST(f.sent() ==
               R"(POST /users {"email":"new+one@example.com","role":"Collaborator","password":"hunter2 and more"})");
    BOOST_TEST(!made.id.empty());
    BOOST_TEST(made.email == "new+one@example.com");
    BOOST_TEST(!made.message.empty());
}

BOOST_AUTO_TEST_CASE(get_user) {
    operations_fixture f;
    const auto made = f.new_user("a+b%c@example.com");
    const auto found = f.good(cc::get_user("a+b%c@example.com"));
    BOOST_TEST(f.sent() == "GET /users/a%2Bb%25c%40example.com");
    BOOST_TEST(found.id == made.id);
    BOOST_TEST(found.email == "a+b%c@example.com");
    BOOST_TEST((found.role == cc::user_role::collaborator));
}

BOOST_AUTO_TEST_CASE(update_user) {
    operations_fixture f;
    const auto made = f.new_user("one@example.com");
    cc::update_user request(made.id);
    request.given_name = "Ada";
    request.role = cc::user_role::manager;
    const auto changed = f.good(request);
    BOOST_TEST(f.sent() == "PATCH /users/" + made.id + R"( {"name":"Ada","role":"Manager"})");
    BOOST_TEST_REQUIRE(changed.value.has_value());
    BOOST_TEST((changed.value->name == "Ada"));
    const auto found = f.good(cc::get_user("one@example.com"));
    BOOST_TEST((found.name == "Ada" && found.role == cc::user_role::manager));
}

BOOST_AUTO_TEST_CASE(change_password) {
    operations_fixture f;
    cc::create_user request("one@example.com", cc::user_role::user);
    request.password = cc::secret("old");
    f.good(request);
    BOOST_TEST(!f.good(cc::change_password("one@example.com", "old", "new")).message.empty());
    BOOST_TEST(f.sent() ==
               R"(POST /users/change-password {"email":"one@example.com","old_password":"old","new_password":"new"})");
    BOOST_TEST((f.error_of(cc::change_password("one@example.com", "old", "newer")) == cc::errc::bad_request));
}

BOOST_AUTO_TEST_CASE(send_password_reset) {
    operations_fixture f;
    const auto said = f.good(cc::send_password_reset("user@example.com"));
    BOOST_TEST(f.sent() == R"(POST /users/reset-password {"email":"user@example.com"})");
    BOOST_TEST(said.message == "Send reset password email successfully.");
}

BOOST_AUTO_TEST_CASE(delete_user) {
    operations_fixture f;
    const auto made = f.new_user("one@example.com");
    f.good(cc::delete_user(made.id));
    BOOST_TEST(f.sent() == "DELETE /users/" + made.id);
    BOOST_TEST((f.error_of(cc::get_user("one@example.com")) == cc::errc::not_found));
}

BOOST_AUTO_TEST_CASE(list_orders) {
    operations_fixture f(delivered());
    cc::list_orders query;
    query.status = {cc::order_status::ready, cc::order_status::fixing};
    query.created_after = cc::timestamp(std::chrono::seconds(1000));
    query.limit = 5;
    const auto page = f.good(query);
    BOOST_TEST(f.sent() == "GET /orders?created_after=1000&status=Ready&status=Fixing&limit=5");
    BOOST_TEST(page.items.size() == 5u);
    BOOST_TEST(!page.items[0].delivery_assets.has_value());
}

BOOST_AUTO_TEST_CASE(get_order) {
    operations_fixture f;
    const auto order = f.good(cc::get_order(known_id));
    BOOST_TEST(f.sent() == "GET /orders/" + known_id);
    BOOST_TEST(order.id == known_id);
    BOOST_TEST(cc::assets(order).size() >= 10u);
}

BOOST_AUTO_TEST_CASE(upgrade_order_buys_what_is_purchasable) {
    operations_fixture f;
    const auto before = f.good(cc::get_order(known_id));
    const auto offer = cc::purchasable(before);
    BOOST_TEST_REQUIRE((offer && !offer->add_ons.empty()));
    cc::upgrade_order request(before.id);
    request.add_ons = {offer->add_ons.front()};
    const auto after = f.good(request);
    BOOST_TEST(f.sent() == "POST /orders/" + before.id + R"(/post-purchase {"package_type":null,"add_ons":[")" +
                               std::string(offer->add_ons.front().str()) + R"("]})");
    BOOST_TEST(after.info.product.add_ons.size() == before.info.product.add_ons.size() + 1);
    const cc::error again = f.error_of(request);
    BOOST_TEST((again == cc::errc::bad_request));
    BOOST_TEST_REQUIRE(again.fields.size() == 1u);
    BOOST_TEST(again.fields[0].path == "add_ons.0");
}

BOOST_AUTO_TEST_CASE(redeliver_order_changes_the_files) {
    operations_fixture f(delivered());
    const std::string id = order_in(f, cc::order_status::ready);
    const auto before = cc::assets(f.good(cc::get_order(id)));
    f.good(cc::redeliver_order(id, cc::raw_json(R"({"style_2d":{}})")));
    BOOST_TEST(f.sent() == "POST /orders/" + id + R"(/redeliver {"style_2d":{}})");
    BOOST_TEST((cc::assets(f.good(cc::get_order(id))) != before));
}

BOOST_AUTO_TEST_CASE(get_combined_pdf_as_a_document_and_as_a_link) {
    for (const bool link : {false, true}) {
        sandbox_options options = delivered();
        options.pdf_as_link = link;
        operations_fixture f(options);
        const auto pdf = f.good(cc::get_combined_pdf(known_id));
        BOOST_TEST(f.sent() == "GET /orders/" + known_id + "/combined-pdf");
        BOOST_TEST(pdf.bytes.starts_with("%PDF-") == !link);
        BOOST_TEST(pdf.url.starts_with("https://") == link);
    }
}

BOOST_AUTO_TEST_CASE(create_redraw) {
    operations_fixture f;
    cc::create_redraw request("1 Road", "City", "Finland", "https://files.example/1.pdf");
    request.info = "mind the gap";
    const auto order = f.good(request);
    BOOST_TEST(
        f.sent() ==
        R"(POST /orders {"street":"1 Road","city":"City","country":"Finland","info":"mind the gap","source":"https://files.example/1.pdf"})");
    BOOST_TEST((order.info.status == cc::order_status::pending));
    BOOST_TEST((order.info.is_scan_order == false));
    BOOST_TEST(order.info.add_info == "mind the gap");
}

BOOST_AUTO_TEST_CASE(create_change_request_moves_the_order_to_fixing) {
    operations_fixture f(delivered());
    const std::string id = order_in(f, cc::order_status::ready);
    cc::create_change_request request(id, "the kitchen is upside down");
    request.img_urls = std::vector<std::string>{"https://files.example/1.jpg"};
    const auto made = f.good(request);
    BOOST_TEST(
        f.sent() ==
        "POST /orders/" + id +
            R"(/change-requests {"text":"the kitchen is upside down","img_urls":["https://files.example/1.jpg"]})");
    BOOST_TEST(made.text == "the kitchen is upside down");
    BOOST_TEST(made.sent_at.has_value());
    BOOST_TEST((f.good(cc::get_order(id)).info.status == cc::order_status::fixing));
    f.server.set_status(id, "Ready");
    BOOST_TEST((f.good(cc::get_order(id)).info.status == cc::order_status::ready));
}

BOOST_AUTO_TEST_CASE(list_change_requests_in_pages_and_as_an_array) {
    for (const bool array : {false, true}) {
        sandbox_options options = delivered();
        options.change_requests_as_array = array;
        operations_fixture f(options);
        const std::string id = order_in(f, cc::order_status::ready);
        for (const char* text : {"a", "b", "c"}) f.good(cc::create_change_request(id, text));
        cc::list_change_requests query(id);
        if (!array) query.limit = 2;
        BOOST_TEST(f.good(query).items.size() == (array ? 3u : 2u));
        BOOST_TEST(f.sent() == "GET /orders/" + id + "/change-requests" + (array ? "" : "?limit=2"));
        BOOST_TEST(f.all(f.api().change_requests().list(id)).size() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(get_change_request) {
    operations_fixture f(delivered());
    const std::string id = order_in(f, cc::order_status::ready);
    const auto made = f.good(cc::create_change_request(id, "a"));
    BOOST_TEST((f.good(cc::get_change_request(id, made.id)) == made));
    BOOST_TEST(f.sent() == "GET /orders/" + id + "/change-requests/" + made.id);
}

BOOST_AUTO_TEST_CASE(create_draft) {
    operations_fixture f;
    cc::create_draft request("1 Road", "City", "Finland", "manager@cubicasa.com");
    request.external_id = "EXT/1";
    request.postal_code = "00100";
    request.order_preferences.emplace().style_2d.emplace().add_info = "blue";
    const auto order = f.good(request);
    BOOST_TEST(
        f.sent() ==
        R"(POST /orders/draft {"street":"1 Road","city":"City","country":"Finland","postalCode":"00100","external_id":"EXT/1","owner_email":"manager@cubicasa.com","order_preferences":{"style_2d":{"add_info":"blue"}}})");
    BOOST_TEST((order.info.status == cc::order_status::draft));
    BOOST_TEST((order.info.external_id == "EXT/1"));
    BOOST_TEST(order.address.postal_code == "00100");
    BOOST_TEST(!order.delivery_assets.has_value());
}

BOOST_AUTO_TEST_CASE(create_draft_tells_what_the_server_found_wrong) {
    operations_fixture f;
    const cc::error e = f.error_of(cc::create_draft("1 Road", "City", "Finland", "nobody@example.com"));
    BOOST_TEST((e == cc::condition::invalid));
    BOOST_TEST(e.http_status == 400);
    BOOST_TEST_REQUIRE(e.fields.size() == 1u);
    BOOST_TEST(e.fields[0].place == "body_params");
    BOOST_TEST(e.fields[0].path == "owner_email");
}

BOOST_AUTO_TEST_CASE(update_draft) {
    operations_fixture f;
    const auto made = f.new_draft();
    cc::draft_details details("2 Road", "City", "Finland", "manager@cubicasa.com");
    details.suite = "A1";
    const auto order = f.good(cc::update_draft(made.id, details));
    BOOST_TEST(
        f.sent() ==
        "PATCH /orders/draft/" + made.id +
            R"( {"street":"2 Road","suite":"A1","city":"City","country":"Finland","owner_email":"manager@cubicasa.com"})");
    BOOST_TEST(order.id == made.id);
    BOOST_TEST(order.address.suite == "A1");
    BOOST_TEST(order.address.street == "2 Road");
}

BOOST_AUTO_TEST_CASE(delete_draft) {
    operations_fixture f;
    const auto made = f.new_draft();
    f.good(cc::delete_draft(made.id));
    BOOST_TEST(f.sent() == "DELETE /orders/draft/" + made.id);
    BOOST_TEST((f.error_of(cc::get_order(made.id)) == cc::errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_draft_becomes_an_order) {
    operations_fixture f;
    const auto made = f.new_draft();
    f.server.set_status(made.id, "Pending");
    f.server.set_status(made.id, "Ready");
    const auto order = f.good(cc::get_order(made.id));
    BOOST_TEST((order.info.status == cc::order_status::ready));
    BOOST_TEST(!cc::assets(order).empty());
}

BOOST_AUTO_TEST_CASE(create_goto_scan_order) {
    operations_fixture f;
    BOOST_TEST(!f.good(cc::create_goto_scan_order(cc::raw_json(R"({"street":"1 Road"})"))).is_null());
    BOOST_TEST(f.sent() == R"(POST /orders/go2scan {"street":"1 Road"})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(evidence)

BOOST_AUTO_TEST_CASE(a_404_or_405_on_an_inferred_path_explains_itself) {
    operations_fixture f;
    for (const int status : {404, 405}) {
        f.server.inject(fault::status(status).times(1));
        const cc::error e = f.error_of(cc::get_company_package());
        BOOST_TEST(e.http_status == status);
        BOOST_TEST(e.message.find("inferred") != std::string::npos, e.message);
        BOOST_TEST(e.message.find("client_config::paths[\"get_company_package\"]") != std::string::npos, e.message);
    }
}

BOOST_AUTO_TEST_CASE(a_404_on_a_documented_path_does_not) {
    operations_fixture f;
    BOOST_TEST(f.error_of(cc::get_order("1")).message.find("inferred") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_path_is_replaced_by_the_name_of_its_operation) {
    operations_fixture f;
    f.config.paths["get_user"] = "/users/by-email/{email}/";
    f.call(cc::get_user("a@b.c"));
    BOOST_TEST(f.sent() == "GET /users/by-email/a%40b.c/");
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_right_is_refused_when_the_client_is_made) {
    const sandbox server;
    asio::io_context context;
    const auto why = [&](const std::string& operation, const std::string& path) -> std::string {
        auto config = server.config();
        config.paths[operation] = path;
        try {
            const cc::client api(context.get_executor(), config);
        } catch (const cc::failure& e) {
            BOOST_TEST((e.details() == cc::errc::invalid_configuration));
            return e.details().message;
        }
        return "accepted";
    };
    BOOST_TEST(why("get_user", "/users/{email}") == "accepted");
    BOOST_TEST(why("get_users", "/users/{email}") == "paths: there is no operation get_users");
    BOOST_TEST(why("get_user", "/users/{id}") == "paths: that of get_user: nothing fills {id}");
    BOOST_TEST(why("get_user", "/users/me") == "paths: that of get_user: lacks {email}");
    BOOST_TEST(why("get_user", "/users/{email") == "paths: that of get_user: has a { without }");
    BOOST_TEST(why("get_user", "users/{email}").starts_with("paths: that of get_user: must begin with one /"));
}

BOOST_AUTO_TEST_SUITE_END()
