// The six operations of the group Orders against the sandbox, over real TLS, and what their errors say.
#include "support/client_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace test;
using cc::condition;
using cc::delivery;
using cc::errc;

BOOST_AUTO_TEST_SUITE(calls)

BOOST_AUTO_TEST_CASE(an_order_is_fetched_by_its_id) {
    client_fixture f;
    const auto order = f.get();
    BOOST_TEST_REQUIRE(order.has_value(), (order ? "" : order.error().describe()));
    BOOST_TEST(order->id == known_id);
    BOOST_TEST((order->info.status == cc::order_status::ready));
    BOOST_TEST(order->delivery_assets.has_value());
}

BOOST_AUTO_TEST_CASE(the_key_is_sent_as_the_api_key_header_and_nothing_else_holds_it) {
    client_fixture f;
    BOOST_TEST_REQUIRE(f.get().has_value());
    const auto requests = f.server.requests();
    BOOST_TEST_REQUIRE(requests.size() == 1u);
    BOOST_TEST(requests[0].header("api-key") == f.config.api_key.reveal());
    BOOST_TEST(requests[0].target.find(f.config.api_key.reveal()) == std::string::npos);
    for (const auto& [name, value] : requests[0].headers) {
        if (name != "api-key") BOOST_TEST(value.find(f.config.api_key.reveal()) == std::string::npos, name);
    }
}

BOOST_AUTO_TEST_CASE(a_request_has_the_headers_that_the_contract_asks_for) {
    client_fixture f;
    cc::upgrade_order request(known_id);
    request.add_ons = {cc::add_on::cad_files};
    f.call(request);
    const auto sent = f.server.requests().at(0);
    BOOST_TEST(sent.method == "POST");
    BOOST_TEST(sent.target == "/api/integrate/v3/orders/" + known_id + "/post-purchase");
    BOOST_TEST(sent.header("Host") == "localhost:" + std::to_string(f.server.port()));
    BOOST_TEST(sent.header("Accept") == "application/json");
    BOOST_TEST(sent.header("Content-Type") == "application/json");
    BOOST_TEST(sent.header("User-Agent") == "cubicasa-cpp/0.1");
    BOOST_TEST(sent.body == R"({"package_type":null,"add_ons":["3d_cad_files"]})");
}

BOOST_AUTO_TEST_CASE(a_page_of_the_list_has_orders_without_assets) {
    client_fixture f(with_orders(30));
    cc::list_orders query;
    query.limit = 10;
    const auto page = f.call(query);
    BOOST_TEST_REQUIRE(page.has_value());
    BOOST_TEST(page->items.size() == 10u);
    BOOST_TEST(page->pagination.has_more.value());
    for (const auto& o : page->items) BOOST_TEST(!o.delivery_assets.has_value());
}

BOOST_AUTO_TEST_CASE(a_list_is_filtered_by_any_of_the_statuses_given) {
    client_fixture f(with_orders(60));
    cc::list_orders query;
    query.status = {cc::order_status::pending, cc::order_status::fixing};
    query.limit = 100;
    const auto page = f.call(query);
    BOOST_TEST_REQUIRE(page.has_value());
    BOOST_TEST(!page->items.empty());
    for (const auto& o : page->items) {
        BOOST_TEST((o.info.status == cc::order_status::pending || o.info.status == cc::order_status::fixing));
    }
}

BOOST_AUTO_TEST_CASE(an_upgrade_answers_with_the_order_as_it_is_now) {
    client_fixture f;
    cc::upgrade_order request(known_id);
    request.add_ons = {cc::add_on::cad_files};
    const auto order = f.call(request);
    BOOST_TEST_REQUIRE(order.has_value(), (order ? "" : order.error().describe()));
    const auto& bought = order->info.product.add_ons;
    BOOST_TEST((std::find(bought.begin(), bought.end(), cc::add_on::cad_files) != bought.end()));
}

BOOST_AUTO_TEST_CASE(a_redraw_answers_with_the_new_order) {
    client_fixture f;
    const auto order =
        f.call(cc::create_redraw("1 Main St", "Springfield", "United States", "https://x.example/1.pdf"));
    BOOST_TEST_REQUIRE(order.has_value(), (order ? "" : order.error().describe()));
    BOOST_TEST(!order->id.empty());
    BOOST_TEST(f.get(order->id).has_value());
}

BOOST_AUTO_TEST_CASE(a_redelivery_sends_the_json_that_it_is_given) {
    client_fixture f;
    cc::raw_json body;
    body.text = R"({"style":"a"})";
    BOOST_TEST(f.call(cc::redeliver_order(known_id, body)).has_value());
    BOOST_TEST(f.server.requests().at(0).body == R"({"style":"a"})");
}

BOOST_AUTO_TEST_CASE(a_combined_pdf_comes_as_bytes) {
    client_fixture f;
    const auto pdf = f.call(cc::get_combined_pdf(known_id));
    BOOST_TEST_REQUIRE(pdf.has_value(), (pdf ? "" : pdf.error().describe()));
    BOOST_TEST(pdf->bytes.starts_with("%PDF-"));
    BOOST_TEST(pdf->url.empty());
}

BOOST_AUTO_TEST_CASE(a_combined_pdf_comes_as_a_link) {
    sandbox_options o;
    o.pdf_as_link = true;
    client_fixture f(o);
    const auto pdf = f.call(cc::get_combined_pdf(known_id));
    BOOST_TEST_REQUIRE(pdf.has_value(), (pdf ? "" : pdf.error().describe()));
    BOOST_TEST(pdf->url.starts_with("http"));
    BOOST_TEST(pdf->bytes.empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_order_is_not_found) {
    client_fixture f;
    const auto e = f.error_of(cc::get_order("00000000-0000-0000-0000-00000000dead"));
    BOOST_TEST((e == condition::not_found));
    BOOST_TEST(e.http_status == 404);
    BOOST_TEST((e.delivery == delivery::answered));
    BOOST_TEST(e.operation == "get_order");
}

BOOST_AUTO_TEST_CASE(a_wrong_key_is_unauthorized_and_the_error_does_not_show_it) {
    client_fixture f;
    f.config.api_key = "wrong-key-7f3a";
    const auto e = f.get_error();
    BOOST_TEST((e == condition::unauthorized));
    BOOST_TEST(e.describe().find("wrong-key-7f3a") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_a_word_of_the_answer_stops_nothing) {
    for (const char* key : {"key", "k", "[key]", "e"}) {
        client_fixture f;
        f.config.api_key = key;
        f.server.inject(fault::status(401, R"({"message":"Invalid API key"})"));
        BOOST_TEST((f.get_error() == errc::unauthorized));
    }
}

BOOST_AUTO_TEST_CASE(an_error_does_not_show_the_key_however_the_server_spells_it) {
    const std::string key = "ab/cd+ef==";
    for (const char* spelled : {R"(ab/cd+ef==)", R"(ab\/cd+ef==)", R"(\u0061b\u002fcd\u002Bef==)"}) {
        client_fixture f;
        f.config.api_key = key;
        f.server.inject(fault::status(401, R"({"message":")" + std::string(spelled) + R"( is wrong"})"));
        const auto e = f.get_error();
        BOOST_TEST(e.server_message == "[key] is wrong");
        BOOST_TEST(e.describe().find(key) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_request_id_does_not_show_the_key) {
    client_fixture f;
    const std::string id = "1-" + std::string(f.config.api_key.reveal()) + "-2";
    f.server.inject(fault::status(401, "{}", {{"Retry-After", "17"}}).also(fault::header("X-Request-Id", id)));
    const auto e = f.get_error();
    BOOST_TEST(e.request_id == "1-[key]-2");
    BOOST_TEST((e.retry_after == std::chrono::seconds(17)));  // the other fields are as they were
}

BOOST_AUTO_TEST_CASE(a_request_id_is_fit_to_be_printed) {
    client_fixture f;
    f.server.inject(fault::status(401, "{}").also(fault::header("X-Request-Id", "a\tb\x9bz")));
    const auto e = f.get_error();
    for (const char c : e.request_id) BOOST_TEST((c >= ' ' && c < 0x7f));
    BOOST_TEST(e.request_id.starts_with("a"));
}

BOOST_AUTO_TEST_CASE(a_validation_error_names_the_fields) {
    client_fixture f;
    f.server.inject(fault::status(400, R"({"validation_error":{"body_params":[{"loc":["street"],"msg":"field required"},
        {"loc":["info"],"msg":"str type expected"}]}})"));
    const auto e = f.error_of(cc::create_redraw("a", "b", "c", "https://x.example/1.pdf"));
    BOOST_TEST((e == condition::invalid));
    BOOST_TEST((e == errc::bad_request));
    BOOST_TEST_REQUIRE(e.fields.size() == 2u);
    BOOST_TEST(e.fields[0].path == "street");
    BOOST_TEST(e.fields[0].place == "body_params");
    BOOST_TEST(e.fields[1].text == "str type expected");
}

BOOST_AUTO_TEST_CASE(a_missing_field_is_refused_with_its_name_and_nothing_is_sent) {
    client_fixture f;
    const auto e = f.error_of(cc::create_redraw("1 Main St", "", "United States", "https://x.example/1.pdf"));
    BOOST_TEST((e == errc::invalid_argument));
    BOOST_TEST((e.delivery == delivery::never_sent));
    BOOST_TEST(e.message.find("city") != std::string::npos);
    BOOST_TEST_REQUIRE(e.fields.size() == 1u);
    BOOST_TEST(e.fields[0].path == "city");
    BOOST_TEST(e.fields[0].text == "is required");
    BOOST_TEST(e.operation == "create_redraw");
    BOOST_TEST(f.server.stats().connections == 0u);
}

BOOST_AUTO_TEST_CASE(html_with_status_200_is_an_error_of_its_own) {
    client_fixture f;
    f.server.inject(fault::html());
    const auto e = f.get_error();
    BOOST_TEST((e == errc::html_instead_of_json));
    BOOST_TEST(e.http_status == 200);
    BOOST_TEST((e == condition::bad_answer));
}

BOOST_AUTO_TEST_CASE(an_empty_body_is_an_error_of_its_own) {
    client_fixture f;
    f.server.inject(fault::empty_body());
    BOOST_TEST((f.get_error() == errc::empty_body));
}

BOOST_AUTO_TEST_CASE(broken_json_is_an_error_of_its_own) {
    client_fixture f;
    f.server.inject(fault::broken_json());
    BOOST_TEST((f.get_error() == errc::malformed_json));
}

BOOST_AUTO_TEST_CASE(an_object_without_its_id_is_an_error_that_points_at_it) {
    client_fixture f;
    f.server.inject(fault::status(200, R"({"pagination":{"has_more":false},"items":[{"id":"a"},{"info":{}}]})"));
    const auto e = f.error_of(cc::list_orders());
    BOOST_TEST((e == errc::missing_member));
    BOOST_TEST(e.message.find("/items/1/id") != std::string::npos, e.message);
    BOOST_TEST((e.delivery == delivery::answered));
}

BOOST_AUTO_TEST_CASE(each_error_status_has_its_code) {
    struct expectation {
        int status;
        errc code;
    };
    for (const auto& [status, code] : {expectation{400, errc::bad_request}, expectation{401, errc::unauthorized},
                                       expectation{403, errc::unauthorized}, expectation{404, errc::not_found},
                                       expectation{410, errc::not_found}, expectation{422, errc::bad_request},
                                       expectation{418, errc::unexpected_status}, expectation{429, errc::throttled},
                                       expectation{500, errc::server_error}, expectation{503, errc::server_error}}) {
        client_fixture f;
        f.server.inject(fault::status(status, R"({"message":"words of the server"})"));
        const auto e = f.get_error();
        BOOST_TEST((e == code), status);
        BOOST_TEST(e.http_status == status);
        BOOST_TEST(e.server_message == "words of the server");
    }
}

BOOST_AUTO_TEST_CASE(a_redirect_is_refused_and_the_key_goes_nowhere_else) {
    client_fixture f;
    sandbox elsewhere;
    f.server.inject(fault::status(302, "", {{"Location", elsewhere.base_url() + "/orders"}}));
    BOOST_TEST((f.get_error() == errc::redirected));
    BOOST_TEST(elsewhere.stats().connections == 0u);
}

BOOST_AUTO_TEST_CASE(retry_after_in_seconds_and_the_request_id_are_told) {
    client_fixture f;
    f.server.inject(fault::status(429, "{}", {{"Retry-After", "17"}}));
    const auto e = f.get_error();
    BOOST_TEST((e.retry_after == std::chrono::seconds(17)));
    BOOST_TEST(e.request_id == "sandbox-1");
}

BOOST_AUTO_TEST_CASE(a_404_on_an_inferred_path_explains_itself) {
    client_fixture f;
    f.server.inject(fault::status(404, "{}"));
    cc::raw_json body;
    body.text = "{}";
    const auto e = f.error_of(cc::redeliver_order(known_id, body));
    BOOST_TEST(e.message.find("client_config::paths") != std::string::npos, e.message);
    BOOST_TEST(e.message.find("redeliver_order") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_path_of_an_operation_can_be_replaced) {
    client_fixture f;
    f.config.paths["get_order"] = "/orders/{id}/combined-pdf";
    f.get();
    BOOST_TEST(f.server.requests().at(0).target == "/api/integrate/v3/orders/" + known_id + "/combined-pdf");
}

BOOST_AUTO_TEST_CASE(an_id_cannot_change_the_path) {
    client_fixture f;
    BOOST_TEST((f.error_of(cc::get_order("..")) == errc::invalid_argument));
    BOOST_TEST((f.error_of(cc::get_order("")) == errc::invalid_argument));
    BOOST_TEST((f.error_of(cc::get_order("a/../b")) == errc::invalid_argument));
    f.get("a/b?x=1");
    BOOST_TEST(f.server.requests().at(0).target == "/api/integrate/v3/orders/a%2Fb%3Fx%3D1");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(configurations)

namespace {

cc::error refusal(const cc::client_config& config) {
    asio::io_context context;
    try {
        const cc::client api(context.get_executor(), config);
    } catch (const cc::failure& f) {
        return f.details();
    }
    return cc::error();
}

cc::client_config usable() {
    cc::client_config c;
    c.api_key = "key";
    return c;
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_default_with_a_key_is_accepted) { BOOST_TEST(!refusal(usable())); }

BOOST_AUTO_TEST_CASE(a_client_without_a_key_is_refused) {
    BOOST_TEST((refusal(cc::client_config()) == errc::invalid_configuration));
}

BOOST_AUTO_TEST_CASE(a_key_with_control_characters_is_refused_and_not_shown) {
    for (const char* key : {"abc\r\nX-Evil: 1", "abc\n", "ab c", "abc\t", "k\xc3\xa4se", "abc\x7f"}) {
        auto c = usable();
        c.api_key = key;
        const auto e = refusal(c);
        BOOST_TEST((e == errc::invalid_configuration), key);
        BOOST_TEST(e.describe().find("abc") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(plain_http_is_refused_unless_it_is_loopback_or_asked_for_by_name) {
    auto c = usable();
    c.base_url = "http://app.cubi.casa/api";
    BOOST_TEST((refusal(c) == errc::invalid_configuration));
    c.allow_plain_http = true;
    BOOST_TEST(!refusal(c));
    c.allow_plain_http = false;
    c.base_url = "http://127.0.0.1:1/api";
    BOOST_TEST(!refusal(c));
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_cannot_be_read_is_refused) {
    auto c = usable();
    c.tls.ca_file = "/nonexistent/ca.pem";
    const auto e = refusal(c);
    BOOST_TEST((e == errc::invalid_configuration));
    BOOST_TEST(e.message.find("/nonexistent/ca.pem") != std::string::npos);
    c.tls.ca_file.clear();
    c.tls.ca_pem = "no certificate";
    BOOST_TEST((refusal(c) == errc::invalid_configuration));
}

BOOST_AUTO_TEST_CASE(a_user_agent_that_would_break_the_header_is_refused) {
    auto c = usable();
    c.user_agent = "x\r\nX-Evil: 1";
    BOOST_TEST((refusal(c) == errc::invalid_configuration));
}

BOOST_AUTO_TEST_SUITE_END()
