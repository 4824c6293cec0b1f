// Every request as it goes onto the wire: method, target and body, without I/O. More of the Orders group is in
// orders_endpoints.cpp.
#include "json_support.hpp"
#include "request_line.hpp"

#include <cubicasa/cubicasa.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <limits>

BOOST_AUTO_TEST_SUITE(requests)

using namespace cubicasa;
using namespace cubicasa::test;

namespace {

// "METHOD target body", or what was refused.
template <endpoint E>
std::string line_and_body(const E& e) {
    wire_request w = encoded(e);
    std::string out = line(w);
    if (!w.problem && !w.body.empty()) out.append(" ").append(w.body);
    return out;
}

update_webhooks documented_webhooks() {
    return {{"https://domain.com/webhook", "https://domain.com/webhook-2"},
            {webhook_trigger::moved_to_ready, webhook_trigger::moved_to_fixing}};
}

draft_details documented_draft() {
    draft_details d("615 Bourbon St", "New Orleans", "United States", "linus@computer.com");
    d.suite = "A1";
    d.state = "Louisiana";
    d.postal_code = "70130";
    d.info = "Extra info";
    d.latitude = 29.958365;
    d.longitude = -90.066198;
    d.external_id = "R4ER93";
    d.package_type = package_type::base;
    d.add_ons = std::vector{add_on::gla};
    auto& two = d.order_preferences.emplace().style_2d.emplace();
    two.style_template_id = "string";
    two.add_info = "string";
    auto& three = d.order_preferences->style_3d.emplace();
    three.video.emplace().speed = "string";
    three.video->layout = "string";
    three.furniture_set = "string";
    three.include_basement = true;
    three.add_info = "string";
    return d;
}

list_users page_of_users() {
    list_users q;
    q.limit = 50;
    q.offset = 21;
    return q;
}
list_offices page_of_offices() {
    list_offices q;
    q.limit = 1;
    return q;
}
create_user colleague() {
    create_user u("user@example.com", user_role::collaborator);
    u.office_id = "3042395e-1606-4393-be13-66b59c604863";
    u.password = secret("string");
    return u;
}
update_user promotion() {
    update_user u("497f6eca");
    u.role = user_role::manager;
    u.office_id = nullptr;
    return u;
}
upgrade_order purchase() {
    upgrade_order u("312babc6");
    u.add_ons = {add_on::gla};
    return u;
}
create_change_request correction() {
    create_change_request r("312babc6", "fix request text");
    r.img_urls = std::vector<std::string>{"https://www.urltoimg.com/1.jpg"};
    return r;
}

struct wire_line {
    std::string got;
    std::string expected;
    friend std::ostream& operator<<(std::ostream& out, const wire_line& l) { return out << l.expected; }
};

const wire_line wire_lines[] = {
    {line_and_body(get_company()), "GET /companies/info"},
    {line_and_body(documented_webhooks()),
     R"(PATCH /companies/webhook {"webhook_urls":["https://domain.com/webhook","https://domain.com/webhook-2"],)"
     R"("webhook_triggers":["moved_to_ready","moved_to_fixing"]})"},
    {line_and_body(delete_webhook()), "DELETE /companies/webhook"},
    {line_and_body(get_company_package()), "GET /companies/package"},
    {line_and_body(send_merge_request(raw_json(R"({"company": "x"})"))),
     R"(POST /companies/merge-request {"company": "x"})"},
    {line_and_body(page_of_offices()), "GET /offices?limit=1"},
    {line_and_body(create_office("Länsi")), R"(POST /offices {"name":"Länsi"})"},
    {line_and_body(page_of_users()), "GET /users?limit=50&offset=21"},
    {line_and_body(colleague()), R"(POST /users {"email":"user@example.com","role":"Collaborator",)"
                                 R"("office_id":"3042395e-1606-4393-be13-66b59c604863","password":"string"})"},
    {line_and_body(get_user("a+b%c@example.com")), "GET /users/a%2Bb%25c%40example.com"},
    {line_and_body(promotion()), R"(PATCH /users/497f6eca {"role":"Manager","office_id":null})"},
    {line_and_body(change_password("user@example.com", "old", "new")),
     R"(POST /users/change-password {"email":"user@example.com","old_password":"old","new_password":"new"})"},
    {line_and_body(send_password_reset("user@example.com")),
     R"(POST /users/reset-password {"email":"user@example.com"})"},
    {line_and_body(delete_user("497f6eca")), "DELETE /users/497f6eca"},
    {line_and_body(list_orders()), "GET /orders"},
    {line_and_body(get_order("a/b")), "GET /orders/a%2Fb"},
    {line_and_body(purchase()), R"(POST /orders/312babc6/post-purchase {"package_type":null,"add_ons":["gla"]})"},
    {line_and_body(redeliver_order("312babc6", raw_json("{}"))), "POST /orders/312babc6/redeliver {}"},
    {line_and_body(get_combined_pdf("312babc6")), "GET /orders/312babc6/combined-pdf"},
    {line_and_body(create_redraw("1 Road", "City", "Finland", "https://x/1.pdf")),
     R"(POST /orders {"street":"1 Road","city":"City","country":"Finland","source":"https://x/1.pdf"})"},
    {line_and_body(correction()),
     R"(POST /orders/312babc6/change-requests {"text":"fix request text","img_urls":["https://www.urltoimg.com/1.jpg"]})"},
    {line_and_body(list_change_requests("312babc6")), "GET /orders/312babc6/change-requests"},
    {line_and_body(get_change_request("312babc6", "010338fb")), "GET /orders/312babc6/change-requests/010338fb"},
    {line_and_body(create_draft("1 Road", "City", "Finland", "a@b.c")),
     R"(POST /orders/draft {"street":"1 Road","city":"City","country":"Finland","owner_email":"a@b.c"})"},
    {line_and_body(update_draft("312babc6", draft_details("1 Road", "City", "Finland", "a@b.c"))),
     R"(PATCH /orders/draft/312babc6 {"street":"1 Road","city":"City","country":"Finland","owner_email":"a@b.c"})"},
    {line_and_body(delete_draft("312babc6")), "DELETE /orders/draft/312babc6"},
    {line_and_body(create_goto_scan_order(raw_json(R"({"street":"x"})"))), R"(POST /orders/go2scan {"street":"x"})"},
};

template <endpoint E>
void check_body(const E& e, const std::string& file) {
    BOOST_TEST(same_json(encoded(e).body, data_file(file)), encoded(e).body);
    BOOST_TEST(encoded(e).content_type == "application/json");
}

}  // namespace

BOOST_DATA_TEST_CASE(each_has_its_method_target_and_body, boost::unit_test::data::make(wire_lines), row) {
    BOOST_TEST(row.got == row.expected);
}

BOOST_AUTO_TEST_CASE(the_table_above_has_a_row_for_each_operation) {
    BOOST_TEST_REQUIRE(std::size(wire_lines) == operations().size());
    for (std::size_t i = 0; i < operations().size(); ++i) {
        BOOST_TEST(wire_lines[i].expected.starts_with(std::string(operations()[i].method) + " "));
    }
}

BOOST_AUTO_TEST_CASE(every_documented_body_is_written_as_documented) {
    check_body(documented_webhooks(), "companies.webhook.update.request.json");
    check_body(colleague(), "users.create.request.json");
    check_body(change_password("user@example.com", "string", "string"), "users.change_password.request.json");
    check_body(send_password_reset("user@example.com"), "users.reset_password.request.json");
    check_body(purchase(), "orders.upgrade.request.json");
    check_body(update_draft("312babc6", documented_draft()), "drafts.update.request.json");
    check_body(create_draft(documented_draft()), "drafts.update.request.json");
}

BOOST_AUTO_TEST_CASE(the_draft_that_an_integrator_sends_is_written_as_observed) {
    const std::string file = data_file("observed.drafts.create.request.json");
    const create_draft draft(decoded<draft_details>(file));
    check_body(draft, "observed.drafts.create.request.json");
}

BOOST_AUTO_TEST_CASE(a_member_of_a_draft_is_absent_null_or_a_value) {
    create_draft d("s", "c", "f", "o");
    d.suite = "";
    d.state = nullptr;
    BOOST_TEST(encoded(d).body ==
               R"({"street":"s","suite":"","city":"c","state":null,"country":"f","owner_email":"o"})");
    d.state.reset();
    d.order_preferences.emplace().style_2d = nullptr;
    BOOST_TEST(encoded(d).body.ends_with(R"("order_preferences":{"style_2d":null}})"));
}

BOOST_AUTO_TEST_CASE(a_draft_without_a_required_member_is_refused_with_its_name) {
    for (const auto& [member, name] : {std::pair(&create_draft::street, "street"),
                                       {&create_draft::city, "city"},
                                       {&create_draft::country, "country"},
                                       {&create_draft::owner_email, "owner_email"}}) {
        create_draft draft("s", "c", "f", "o");
        draft.*member = "";
        BOOST_TEST(line_and_body(draft) == std::string(name) + ": is required");
        update_draft change("id", draft);
        BOOST_TEST(line_and_body(change) == std::string(name) + ": is required");
    }
}

BOOST_AUTO_TEST_CASE(text_passes_through_as_it_is_in_utf_8) {
    const std::string decomposed = "A\xCC\x88kka";  // not normalised
    const create_draft d(decomposed, "東京", "\xF0\x9F\x8F\xA0", "o");
    BOOST_TEST(encoded(d).body == "{\"street\":\"" + decomposed +
                                      "\",\"city\":\"東京\",\"country\":\"\xF0\x9F\x8F\xA0\",\"owner_email\":\"o\"}");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf_8_is_refused_with_its_place) {
    create_draft d("s", "c", "f", "o");
    d.order_preferences.emplace().style_2d.emplace().add_info = "\xC0\xAF";
    BOOST_TEST(line_and_body(d) == "order_preferences.style_2d.add_info: is not valid UTF-8");
    BOOST_TEST(line_and_body(get_user("\xff@example.com")) == "email: is not valid UTF-8");
    BOOST_TEST(line_and_body(change_password("e", "\xff", "n")) == "old_password: is not valid UTF-8");
}

BOOST_AUTO_TEST_CASE(a_number_that_json_cannot_have_is_refused) {
    create_draft d("s", "c", "f", "o");
    d.latitude = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(line_and_body(d) == "latitude: is not a finite number");
}

BOOST_DATA_TEST_CASE(an_argument_cannot_leave_its_place_in_the_path,
                     boost::unit_test::data::make({"..", ".", "a/../b", "../users", "a\\..\\b"}), value) {
    BOOST_TEST(line_and_body(get_order(value)) == "id: must not contain the path segments . and ..");
    BOOST_TEST(line_and_body(get_user(value)) == "email: must not contain the path segments . and ..");
    BOOST_TEST(line_and_body(delete_user(value)) == "user_id: must not contain the path segments . and ..");
    BOOST_TEST(line_and_body(get_change_request("1", value)) ==
               "change_request_id: must not contain the path segments . and ..");
}

BOOST_AUTO_TEST_CASE(an_argument_with_characters_of_urls_stays_one_segment) {
    BOOST_TEST(line_and_body(get_order("a?b#c&d=e f")) == "GET /orders/a%3Fb%23c%26d%3De%20f");
    BOOST_TEST(line_and_body(get_user("\"ä\"@example.com")) == "GET /users/%22%C3%A4%22%40example.com");
}

BOOST_AUTO_TEST_CASE(webhook_urls_must_be_urls_of_http) {
    update_webhooks w({"https://a.example", "ftp://b.example"}, {});
    BOOST_TEST(line_and_body(w) == "webhook_urls: each must begin with https:// or http://");
    BOOST_TEST(line_and_body(update_webhooks({"https://a.example"}, {webhook_trigger()})) ==
               "webhook_triggers: is required");
}

BOOST_AUTO_TEST_CASE(webhooks_send_only_what_is_set) {
    update_webhooks w;
    BOOST_TEST(line_and_body(w) == "webhook_urls: nothing is to be changed");
    w.webhook_triggers = std::vector<webhook_trigger>();
    BOOST_TEST(encoded(w).body == R"({"webhook_triggers":[]})");
}

BOOST_AUTO_TEST_CASE(a_change_of_nothing_is_refused) {
    BOOST_TEST(line_and_body(update_user("1")) == "body: nothing is to be changed");
}

BOOST_AUTO_TEST_CASE(members_that_are_not_public_can_be_sent_besides) {
    create_office o("Main");
    o.more = raw_json(" { \"city\": \"Oulu\" } ");
    BOOST_TEST(encoded(o).body == "{\"name\":\"Main\", \"city\": \"Oulu\" } ");
    update_user u("1");
    u.more = raw_json(R"({"locale":"fi"})");
    BOOST_TEST(encoded(u).body == R"({"locale":"fi"})");
    o.more = raw_json("{ }");
    BOOST_TEST(encoded(o).body == R"({"name":"Main"})");
}

BOOST_DATA_TEST_CASE(what_is_sent_besides_must_be_an_object, boost::unit_test::data::make({"[]", "1", "{", "{}}", "x"}),
                     text) {
    create_office o("Main");
    o.more = raw_json(text);
    BOOST_TEST(line_and_body(o) == "more: is not a JSON object");
}

BOOST_AUTO_TEST_CASE(an_open_body_must_be_json) {
    BOOST_TEST(line_and_body(send_merge_request()) == "body: is required");
    BOOST_TEST(line_and_body(create_goto_scan_order(raw_json("{"))) == "body: is not valid JSON");
}

BOOST_AUTO_TEST_SUITE(raw)

BOOST_AUTO_TEST_CASE(a_raw_request_is_sent_as_it_is_given) {
    raw_request r("PUT", "/a%20b/c?x=1", {{"q", "ä &"}, {"q", ""}}, "[1]");
    BOOST_TEST(line_and_body(r) == "PUT /a%20b/c?x=1&q=%C3%A4%20%26&q= [1]");
    BOOST_TEST(encoded(r).content_type == "application/json");
    r.content_type = "text/plain";
    BOOST_TEST(encoded(r).content_type == "text/plain");
    BOOST_TEST(encoded(raw_request("GET", "/x")).content_type == "");
}

BOOST_AUTO_TEST_CASE(its_effect_is_that_of_its_method_until_it_is_set) {
    BOOST_TEST((raw_request("GET", "/").effect == effect::read));
    BOOST_TEST((raw_request("HEAD", "/").effect == effect::read));
    BOOST_TEST((raw_request("DELETE", "/").effect == effect::replace));
    BOOST_TEST((raw_request("PATCH", "/").effect == effect::replace));
    BOOST_TEST((raw_request("POST", "/").effect == effect::create));
    BOOST_TEST((raw_request("PURGE", "/").effect == effect::create));
    raw_request search("POST", "/search");
    search.effect = effect::read;
    BOOST_TEST((encoded(search).effect == effect::read));
}

BOOST_DATA_TEST_CASE(a_method_that_is_none_is_refused,
                     boost::unit_test::data::make({"", "get", "GE T", "GET\r\nX: y", "CONNECT"}), method) {
    BOOST_TEST(line_and_body(raw_request(method, "/x")) == "method: is not a method that can be sent");
}

BOOST_DATA_TEST_CASE(a_path_that_would_break_the_request_is_refused,
                     boost::unit_test::data::make({"", "x", "https://other.example/", "//other.example/", "/a b",
                                                   "/a\r\nX: y", "/\xC3\xA4", "/a#b", "/{id}", "/a}b", "/a\"b"}),
                     path) {
    BOOST_TEST(line_and_body(raw_request("GET", path)).starts_with("path: "));
}

BOOST_AUTO_TEST_CASE(a_content_type_that_would_break_the_head_is_refused) {
    raw_request r("POST", "/x", {}, "body");
    r.content_type = "text/plain\r\napi-key: other";
    BOOST_TEST(line_and_body(r).starts_with("content_type: "));
}

BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()
