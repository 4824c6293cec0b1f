// The requests of the group Orders as they go onto the wire, and the answer of the combined PDF.
#include "json_support.hpp"
#include "request_line.hpp"

#include <cubicasa/endpoints/orders.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include <limits>

BOOST_AUTO_TEST_SUITE(orders_endpoints)

using namespace cubicasa;
using namespace cubicasa::test;

namespace {

create_redraw redraw() { return {"1 Example Road", "Example City", "Finland", "https://files.example/plan.pdf"}; }

raw_response answer(std::string_view type, std::string body) {
    raw_response r;
    r.status = 200;
    if (!type.empty()) r.headers.append("Content-Type", type);
    r.body = std::move(body);
    return r;
}

}  // namespace

template <class... E>
constexpr bool safe_in_a_coroutine = ((endpoint<E> && !std::is_aggregate_v<E> &&
                                       std::is_default_constructible_v<E>)&&...);
static_assert(
    safe_in_a_coroutine<list_orders, get_order, upgrade_order, redeliver_order, get_combined_pdf, create_redraw>);
static_assert(!std::is_aggregate_v<raw_json> && !std::is_aggregate_v<field<int>> && !std::is_aggregate_v<order_status>);

BOOST_AUTO_TEST_CASE(effects_and_evidence_are_those_of_the_contract) {
    BOOST_TEST((list_orders::effect == effect::read && list_orders::evidence == evidence::documented));
    BOOST_TEST((get_order::effect == effect::read && get_order::evidence == evidence::documented));
    BOOST_TEST((upgrade_order::effect == effect::create && upgrade_order::evidence == evidence::documented));
    BOOST_TEST((redeliver_order::effect == effect::create && redeliver_order::evidence == evidence::inferred));
    BOOST_TEST((get_combined_pdf::effect == effect::read && get_combined_pdf::evidence == evidence::observed));
    BOOST_TEST((create_redraw::effect == effect::create && create_redraw::evidence == evidence::observed));
}

BOOST_AUTO_TEST_CASE(a_list_without_filters_has_no_query) { BOOST_TEST(line(list_orders()) == "GET /orders"); }

BOOST_AUTO_TEST_CASE(every_filter_of_a_list_is_sent_under_its_name) {
    list_orders q;
    q.created_before = timestamp(std::chrono::microseconds(1716238626904049));
    q.created_after = timestamp(std::chrono::seconds(1716238000));
    q.user_id = "u1";
    q.user_email = "a+b@example.com";
    q.office = "Main office";
    q.office_id = "o1";
    q.status = {order_status::pending, order_status::ready};
    q.limit = 100;
    q.offset = 0;
    BOOST_TEST(line(q) ==
               "GET /orders?created_before=1716238626.904049&created_after=1716238000&user_id=u1"
               "&user_email=a%2Bb%40example.com&office=Main%20office&office_id=o1&status=Pending&status=Ready"
               "&limit=100&offset=0");
}

BOOST_AUTO_TEST_CASE(a_list_query_that_makes_no_sense_is_refused) {
    list_orders q;
    q.limit = 0;
    BOOST_TEST(line(q) == "limit: must be at least 1");
    q.limit = 1;
    q.offset = -1;
    BOOST_TEST(line(q) == "offset: must not be negative");
    q.offset.reset();
    q.status = {order_status()};
    BOOST_TEST(line(q) == "status: is required");
    q.status = {order_status("\xff")};
    BOOST_TEST(line(q) == "status: is not valid UTF-8");
}

BOOST_AUTO_TEST_CASE(an_order_is_addressed_by_its_id) {
    BOOST_TEST(line(get_order("312babc6-e742")) == "GET /orders/312babc6-e742");
    BOOST_TEST(line(get_combined_pdf("312babc6-e742")) == "GET /orders/312babc6-e742/combined-pdf");
    BOOST_TEST(line(get_order()) == "id: is required");
    BOOST_TEST(line(get_order("..")).starts_with("id: "));
    BOOST_TEST(line(get_combined_pdf()) == "id: is required");
    BOOST_TEST(line(upgrade_order()) == "order_id: is required");
    BOOST_TEST(line(redeliver_order()) == "order_id: is required");
}

BOOST_AUTO_TEST_CASE(the_documented_upgrade_is_written_as_documented) {
    upgrade_order u("312babc6");
    u.add_ons = {add_on::gla};
    BOOST_TEST(line(u) == "POST /orders/312babc6/post-purchase");
    const auto w = encoded(u);
    BOOST_TEST(same_json(w.body, data_file("orders.upgrade.request.json")));
    BOOST_TEST(w.content_type == "application/json");
}

BOOST_AUTO_TEST_CASE(an_upgrade_of_the_package_alone_sends_no_add_ons) {
    upgrade_order u("1");
    u.package_type = package_type::plus_3d;
    BOOST_TEST(encoded(u).body == R"({"package_type":"plus_3d","add_ons":[]})");
}

BOOST_AUTO_TEST_CASE(an_upgrade_to_nothing_is_refused) {
    upgrade_order u("1");
    BOOST_TEST(line(u) == "package_type: neither a package nor an add-on is asked for");
    u.package_type.emplace();
    BOOST_TEST(line(u) == "package_type: is required");
    u.package_type.reset();
    u.add_ons = {add_on()};
    BOOST_TEST(line(u) == "add_ons: is required");
}

BOOST_AUTO_TEST_CASE(a_redelivery_sends_its_body_as_it_is) {
    const redeliver_order r("1", raw_json(R"({ "style_2d": {} })"));
    BOOST_TEST(line(r) == "POST /orders/1/redeliver");
    BOOST_TEST(encoded(r).body == R"({ "style_2d": {} })");
    BOOST_TEST(line(redeliver_order("1", raw_json("{"))) == "body: is not valid JSON");
    BOOST_TEST(line(redeliver_order("1", raw_json())) == "body: is required");
}

BOOST_AUTO_TEST_CASE(a_redraw_sends_what_is_set_and_nothing_else) {
    auto r = redraw();
    BOOST_TEST(line(r) == "POST /orders");
    BOOST_TEST(same_json(encoded(r).body,
                         R"({"street":"1 Example Road","city":"Example City","country":"Finland",
                             "source":"https://files.example/plan.pdf"})"));
    r.source = raw_json(R"(["https://a.example", "https://b.example"])");
    r.info = "a \"note\"";
    r.suite = "A1";
    r.state = "Uusimaa";
    r.postal_code = "00100";
    r.latitude = 60.169857;
    r.longitude = -0.5;
    r.external_id = nullptr;
    r.package_type = package_type::base;
    r.add_ons = std::vector{add_on::gla, add_on::express_sla};
    BOOST_TEST(same_json(encoded(r).body,
                         R"({"street":"1 Example Road","city":"Example City","country":"Finland",
                             "source":["https://a.example","https://b.example"],"info":"a \"note\"","suite":"A1",
                             "state":"Uusimaa","postalCode":"00100","latitude":60.169857,"longitude":-0.5,
                             "external_id":null,"package_type":"base","add_ons":["gla","express_sla"]})"));
}

BOOST_AUTO_TEST_CASE(a_redraw_without_what_the_server_requires_is_refused_by_name) {
    auto r = redraw();
    r.street.clear();
    BOOST_TEST(line(r) == "street: is required");
    r = redraw();
    r.city.clear();
    BOOST_TEST(line(r) == "city: is required");
    r = redraw();
    r.country.clear();
    BOOST_TEST(line(r) == "country: is required");
    for (const char* source : {"", "null", "\"\""}) {
        r = redraw();
        r.source.text = source;
        BOOST_TEST(line(r) == "source: is required");
    }
    BOOST_TEST(line(create_redraw()) == "street: is required");
}

BOOST_AUTO_TEST_CASE(a_redraw_with_what_cannot_be_written_is_refused_by_name) {
    auto r = redraw();
    r.latitude = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(line(r) == "latitude: is not a finite number");
    r = redraw();
    r.info = "\xff";
    BOOST_TEST(line(r) == "info: is not valid UTF-8");
    r = redraw();
    r.source = raw_json("https://files.example/plan.pdf");
    BOOST_TEST(line(r) == "source: is not valid JSON");
    r = {"s", "c", "c", "\xff"};
    BOOST_TEST(line(r) == "source: is not valid JSON");
    BOOST_TEST(encoded(r).body.empty());
}

BOOST_AUTO_TEST_CASE(a_request_body_can_be_read_by_a_server) {
    auto r = redraw();
    r.external_id = nullptr;
    r.add_ons = std::vector{add_on::gla};
    const auto back = decoded<create_redraw>(encoded(r).body);
    BOOST_TEST(back.street == r.street);
    BOOST_TEST((back.source == r.source && back.external_id == r.external_id && back.add_ons == r.add_ons));
    BOOST_TEST(back.info.is_absent());
    const auto u = decoded<upgrade_order>(data_file("orders.upgrade.request.json"));
    BOOST_TEST((!u.package_type && u.add_ons == std::vector{add_on::gla}));
}

BOOST_AUTO_TEST_CASE(an_answer_is_decoded_by_the_endpoint_or_else_from_json) {
    const auto o = detail::decode_answer<get_order>(answer("application/json", data_file("orders.get.response.json")));
    BOOST_TEST(o.value().info.external_id.value() == "EXT10005");
    const auto pdf = detail::decode_answer<get_combined_pdf>(answer("application/pdf", "%PDF-1.7 x"));
    BOOST_TEST(pdf.value().bytes == "%PDF-1.7 x");
}

BOOST_AUTO_TEST_CASE(the_combined_pdf_can_be_a_document) {
    for (const char* type : {"application/pdf", "Application/PDF ; charset=binary", "application/octet-stream", ""}) {
        const auto r = get_combined_pdf::decode(answer(type, std::string("%PDF-1.4\n\0\xff", 11)));
        BOOST_REQUIRE(r.has_value());
        BOOST_TEST((r->bytes == std::string("%PDF-1.4\n\0\xff", 11)));
        BOOST_TEST(r->url.empty());
    }
    BOOST_TEST(get_combined_pdf::decode(answer("application/pdf", "\n%PDF-1.4"))->bytes.size() == 9U);
}

BOOST_AUTO_TEST_CASE(the_combined_pdf_can_be_a_link) {
    const auto url = [](const char* type, const char* body) {
        return get_combined_pdf::decode(answer(type, body)).value().url;
    };
    BOOST_TEST(url("application/json", R"({"url":"a","download_url":"b","pdf_url":"c"})") == "a");
    BOOST_TEST(url("application/json; charset=utf-8", R"({"url":null,"download_url":"b","pdf_url":"c"})") == "b");
    BOOST_TEST(url("APPLICATION/JSON", R"({"url":"","download_url":7,"pdf_url":"c"})") == "c");
    BOOST_TEST(url("application/hal+json", R"({"pdf_url":"c"})") == "c");
    BOOST_TEST(url("", R"({"url":"a"})") == "a");
}

BOOST_AUTO_TEST_CASE(a_combined_pdf_that_is_neither_is_an_error) {
    const auto code = [](const char* type, const char* body) {
        const auto r = get_combined_pdf::decode(answer(type, body));
        BOOST_REQUIRE(r.has_error());
        BOOST_TEST((r.error().delivery == delivery::answered));
        return static_cast<errc>(r.error().code.value());
    };
    BOOST_TEST(code("application/pdf", "") == errc::empty_body);
    BOOST_TEST(code("application/json", "") == errc::empty_body);
    BOOST_TEST(code("text/html", "Log in") == errc::html_instead_of_json);
    BOOST_TEST(code("application/pdf", "\n<html>") == errc::html_instead_of_json);
    BOOST_TEST(code("application/json", "<html>") == errc::html_instead_of_json);
    BOOST_TEST(code("application/json", "{") == errc::malformed_json);
    BOOST_TEST(code("application/json", "[]") == errc::unexpected_answer);
    BOOST_TEST(code("application/json", R"({"link":"a"})") == errc::unexpected_answer);
    BOOST_TEST(code("text/plain", "soon") == errc::unexpected_answer);
    BOOST_TEST(code("", "soon") == errc::unexpected_answer);
}

BOOST_AUTO_TEST_SUITE_END()
