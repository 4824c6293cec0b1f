// The answers of all groups but Orders, read to the last member; webhook events; what is made of orders.
#include "json_support.hpp"

#include <cubicasa/cubicasa.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

BOOST_AUTO_TEST_SUITE(models)

using namespace cubicasa;
using namespace cubicasa::test;

namespace {

raw_response answer(std::string body) {
    raw_response r;
    r.status = 200;
    r.body = std::move(body);
    return r;
}

// Decoded and encoded again: nothing of the documented answer is lost.
template <class T>
void check_nothing_is_lost(const std::string& file) {
    const std::string text = data_file(file);
    const std::string again = detail::encode_json(decoded<T>(text));
    BOOST_TEST(contains(parsed(again), parsed(text)), again);
}

order offered() {
    order o;
    o.info.product.package_type = package_type::plus;
    o.info.product.add_ons = {add_on::gla};
    o.info.product.purchasable_package_types = {package_type::plus, package_type::plus_3d};
    o.info.product.purchasable_add_ons = {add_on::gla, add_on::express_sla};
    return o;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_member_of_a_documented_answer_is_lost) {
    check_nothing_is_lost<page<user>>("users.list.response.json");
    check_nothing_is_lost<created_user>("users.create.response.json");
    check_nothing_is_lost<confirmation>("users.change_password.response.json");
    check_nothing_is_lost<confirmation>("users.reset_password.response.json");
    check_nothing_is_lost<webhook_settings>("companies.webhook.update.response.json");
    check_nothing_is_lost<change_request>("change_requests.get.response.json");
    check_nothing_is_lost<order_event>("webhook.order_status.json");
}

BOOST_AUTO_TEST_CASE(the_documented_user_is_read) {
    const auto users = decoded<page<user>>(data_file("users.list.response.json")).items;
    BOOST_TEST_REQUIRE(users.size() == 2u);
    BOOST_TEST(users[0].id == "497f6eca-6276-4993-bfeb-53cbbbba6f08");
    BOOST_TEST(users[0].email == "user@example.com");
    BOOST_TEST(!users[0].name.has_value());
    BOOST_TEST((users[0].role == user_role::user));
    BOOST_TEST((users[0].email_confirmed == true));
    BOOST_TEST((users[0].created_at == timestamp(std::chrono::seconds(1760700135))));
}

BOOST_AUTO_TEST_CASE(the_documented_change_request_is_read) {
    const auto r = decoded<change_request>(data_file("change_requests.get.response.json"));
    BOOST_TEST(r.id == "010338fb-b1d5-4086-96b9-003285aa3340");
    BOOST_TEST(r.text == "fix request text");
    BOOST_TEST(r.img_urls.size() == 2u);
    BOOST_TEST((r.sent_at == timestamp(std::chrono::microseconds(1748455764159082))));
}

BOOST_AUTO_TEST_CASE(a_company_keeps_what_is_not_known_of_it) {
    const auto c = get_company::decode(answer(R"({"profile":{"name":"Talo","email":null},"plan":[1,2]})"));
    BOOST_TEST_REQUIRE(c.has_value());
    BOOST_TEST((c->profile->name == "Talo"));
    BOOST_TEST(!c->profile->email);
    BOOST_TEST(c->document.text == R"({"profile":{"name":"Talo","email":null},"plan":[1,2]})");
}

BOOST_AUTO_TEST_CASE(a_company_without_a_profile_is_still_an_answer) {
    const auto c = get_company::decode(answer(R"({"other":1})"));
    BOOST_TEST_REQUIRE(c.has_value());
    BOOST_TEST(!c->profile);
    BOOST_TEST(c->document.text == R"({"other":1})");
}

BOOST_AUTO_TEST_CASE(a_bare_array_is_a_list_of_one_page) {
    const auto r = list_change_requests::decode(answer("[" + data_file("change_requests.get.response.json") + "]"));
    BOOST_TEST_REQUIRE(r.has_value());
    BOOST_TEST(r->items.size() == 1u);
    BOOST_TEST((r->pagination.has_more == false));
    const auto none = list_offices::decode(answer(" []"));
    BOOST_TEST_REQUIRE(none.has_value());
    BOOST_TEST(none->items.empty());
}

BOOST_AUTO_TEST_CASE(a_bare_array_with_a_record_without_an_id_is_an_error) {
    const auto r = list_offices::decode(answer(R"([{"id":"1"},{"name":"x"}])"));
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::missing_member));
    BOOST_TEST(r.error().message.find("/1/id") != std::string::npos, r.error().message);
}

BOOST_AUTO_TEST_CASE(an_answer_of_an_unknown_type_is_read_as_the_likely_one_or_kept) {
    const auto good = create_office::decode(answer(R"({"id":"1","name":"Main"})"));
    BOOST_TEST_REQUIRE(good.has_value());
    BOOST_TEST((good->value && good->value->name == "Main"));
    const auto other = create_office::decode(answer(R"({"message":"created"})"));
    BOOST_TEST_REQUIRE(other.has_value());
    BOOST_TEST(!other->value);
    BOOST_TEST(other->document.text == R"({"message":"created"})");
}

BOOST_AUTO_TEST_CASE(where_nothing_is_known_of_the_answer_none_is_fine) {
    BOOST_TEST(detail::decode_answer<delete_user>(answer("")).has_value());
    BOOST_TEST(detail::decode_answer<delete_draft>(answer(" \n")).has_value());
    BOOST_TEST(detail::decode_answer<change_password>(answer("")).has_value());
    BOOST_TEST(update_user::decode(answer("")).has_value());
    BOOST_TEST((detail::decode_answer<delete_user>(answer("[1]"))->text == "[1]"));
}

BOOST_AUTO_TEST_CASE(where_nothing_is_known_of_the_answer_html_is_still_an_error) {
    const auto r = detail::decode_answer<delete_user>(answer("<html>"));
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::html_instead_of_json));
}

BOOST_AUTO_TEST_SUITE(echo_of_webhooks)

BOOST_AUTO_TEST_CASE(an_equal_echo_in_any_order_is_good) {
    const update_webhooks asked({"https://a.example/1", "https://b.example/2"}, {webhook_trigger::moved_to_ready});
    webhook_settings echo;
    echo.webhook_urls = {"https://b.example/2", "https://a.example/1"};
    echo.webhook_triggers = {webhook_trigger::moved_to_ready};
    BOOST_TEST(!verify(asked, echo));
}

BOOST_AUTO_TEST_CASE(what_was_not_stored_is_named_without_the_token_in_its_url) {
    const update_webhooks asked({"https://a.example/hook/s3cret"},
                                {webhook_trigger::moved_to_ready, webhook_trigger::moved_to_failed});
    webhook_settings echo;
    echo.webhook_triggers = {webhook_trigger::moved_to_ready};
    const error e = verify(asked, echo);
    BOOST_TEST((e == errc::not_applied));
    BOOST_TEST((e == condition::bad_answer));
    BOOST_TEST((e.delivery == delivery::answered));
    BOOST_TEST(e.message ==
               "webhook_urls: https://a.example was not stored; webhook_triggers: moved_to_failed was not stored");
}

BOOST_AUTO_TEST_CASE(what_is_stored_besides_is_named) {
    const update_webhooks asked({}, {});
    webhook_settings echo;
    echo.webhook_urls = {"https://old.example/x"};
    BOOST_TEST(verify(asked, echo).message == "webhook_urls: https://old.example is stored besides");
}

BOOST_AUTO_TEST_CASE(what_was_not_asked_for_is_not_compared) {
    update_webhooks asked;
    asked.webhook_triggers = std::vector{webhook_trigger::moved_to_ready};
    webhook_settings echo;
    echo.webhook_urls = {"https://kept.example/x"};
    echo.webhook_triggers = {webhook_trigger::moved_to_ready};
    BOOST_TEST(!verify(asked, echo));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(the_documented_event_is_read) {
    const auto e = parse_order_event(data_file("webhook.order_status.json"));
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST(e->id == "363c38cd-9682-4ff3-9100-9ef4e755f275");
    BOOST_TEST((e->current_status == order_status::ready));
    BOOST_TEST((e->previous_status == order_status::pending));
    BOOST_TEST((e->model_id == "cb2aba10-979f-461c-bdb7-906f5047d111"));
    BOOST_TEST((e->product_type == product_type::products_2d));
    BOOST_TEST((e->delivery_type == delivery_type::new_delivery));
}

BOOST_AUTO_TEST_CASE(an_event_may_lack_all_but_the_order_and_its_status) {
    const auto e = parse_order_event(R"({"id":"1","current_status":"Draft","previous_status":null,"new":{"a":[1]}})");
    BOOST_TEST_REQUIRE(e.has_value());
    BOOST_TEST(!e->previous_status);
    BOOST_TEST(!e->product_type);
}

BOOST_AUTO_TEST_CASE(an_event_that_is_none_is_refused_with_the_reason) {
    const auto code = [](std::string_view body) {
        const auto e = parse_order_event(body);
        BOOST_TEST_REQUIRE(e.has_error());
        return e.error();
    };
    BOOST_TEST((code("") == errc::empty_body));
    BOOST_TEST((code("<html>") == errc::html_instead_of_json));
    BOOST_TEST((code("{\"id\":\"1\"") == errc::malformed_json));
    BOOST_TEST((code("[1]") == errc::unexpected_answer));
    BOOST_TEST((code(R"({"current_status":"Ready"})") == errc::missing_member));
    BOOST_TEST((code(R"({"id":"1","current_status":7})") == errc::missing_member));
    BOOST_TEST(code(R"({"id":"1"})").message.find("/current_status") != std::string::npos);
    BOOST_TEST((code("{" + std::string(65536, ' ') + "}") == errc::body_too_large));
    BOOST_TEST((code(R"({"id":"1","current_status":"R","x":)" + std::string(2000, '[')) == errc::malformed_json));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(purchases)

BOOST_AUTO_TEST_CASE(what_the_order_has_is_not_offered_again) {
    const auto p = purchasable(offered());
    BOOST_TEST_REQUIRE(p.has_value());
    BOOST_TEST((p->packages == std::vector{package_type::plus_3d}));
    BOOST_TEST((p->add_ons == std::vector{add_on::express_sla}));
    BOOST_TEST(!p->empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_known_of_an_order_from_a_list) {
    order o = offered();
    o.info.product.purchasable_package_types.reset();
    o.info.product.purchasable_add_ons.reset();
    BOOST_TEST(!purchasable(o).has_value());
}

BOOST_AUTO_TEST_CASE(an_order_that_has_everything_offers_nothing) {
    order o = offered();
    o.info.product.purchasable_package_types = {package_type::plus};
    o.info.product.purchasable_add_ons = {};
    BOOST_TEST_REQUIRE(purchasable(o).has_value());
    BOOST_TEST(purchasable(o)->empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
