// What goes beyond one call of one operation: ping, raw requests, looking orders up, drafts that are made only once.
#include "support/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace test;

namespace {

cc::create_draft draft(const std::string& external_id) {
    cc::create_draft d("1 Example Road", "Example City", "Finland", "manager@cubicasa.com");
    if (!external_id.empty()) d.external_id = external_id;
    return d;
}

struct helping_fixture : client_fixture {
    explicit helping_fixture(sandbox_options options = with_orders(250)) : client_fixture(std::move(options)) {}

    cc::ping_result ping() {
        const auto r = call(cc::ping());
        BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
        return *r;
    }

    std::optional<cc::order> find(const std::string& external_id, cc::list_orders within = cc::list_orders()) {
        return run(context, api().orders().find_by_external_id(external_id, std::move(within)));
    }

    cc::result<cc::order> create_or_find(const cc::create_draft& d) {
        try {
            return run(context, api().drafts().create_or_find(d));
        } catch (const cc::failure& e) {
            return e.details();
        }
    }

    std::uint64_t requests(const std::string& path) {
        const auto all = server.stats().requests_per_path;
        const auto found = all.find(path);
        return found == all.end() ? 0 : found->second;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ping)

BOOST_AUTO_TEST_CASE(a_good_key_is_told_by_one_small_request) {
    helping_fixture f;
    const auto p = f.ping();
    BOOST_TEST((p.verdict == cc::ping_verdict::good_key));
    BOOST_TEST(static_cast<bool>(p));
    BOOST_TEST(!p.problem);
    BOOST_TEST(f.server.requests().size() == 1u);
    BOOST_TEST(f.server.requests()[0].target == "/api/integrate/v3/orders?limit=1");
}

BOOST_AUTO_TEST_CASE(a_bad_key_is_told_from_all_else) {
    helping_fixture f;
    f.config.api_key = "another";
    const auto p = f.ping();
    BOOST_TEST((p.verdict == cc::ping_verdict::bad_key));
    BOOST_TEST(!static_cast<bool>(p));
    BOOST_TEST(p.problem.http_status == 401);
}

BOOST_AUTO_TEST_CASE(a_dead_network_is_told_from_a_bad_key) {
    helping_fixture f;
    asio::ip::tcp::acceptor nobody(f.context, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    const auto port = nobody.local_endpoint().port();
    nobody.close();
    f.config.base_url = "https://localhost:" + std::to_string(port);
    const auto p = f.ping();
    BOOST_TEST((p.verdict == cc::ping_verdict::unreachable));
    BOOST_TEST((p.problem.delivery == cc::delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_trusted_is_no_network) {
    sandbox_options options;
    options.certificate = cc::testing::certificate_kind::untrusted;
    helping_fixture f(options);
    const auto p = f.ping();
    BOOST_TEST((p.verdict == cc::ping_verdict::unreachable));
    BOOST_TEST((p.problem == cc::errc::certificate_untrusted));
}

BOOST_AUTO_TEST_CASE(silence_is_no_network) {
    helping_fixture f;
    f.server.inject(fault::never_answer());
    f.config.timeouts.total = std::chrono::milliseconds(50);
    BOOST_TEST((f.ping().verdict == cc::ping_verdict::unreachable));
}

BOOST_AUTO_TEST_CASE(what_does_not_speak_the_api_is_no_service) {
    for (const fault& wrong : {fault::html(), fault::status(503), fault::status(404), fault::status(200, "{}"),
                               fault::garbage(), fault::status(302, "", {{"Location", "https://login.example/"}})}) {
        helping_fixture f;
        f.server.inject(wrong);
        BOOST_TEST((f.ping().verdict == cc::ping_verdict::no_service));
    }
}

BOOST_AUTO_TEST_CASE(a_closed_client_says_nothing_about_the_service) {
    helping_fixture f;
    f.api().close();
    BOOST_TEST((f.error_of(cc::ping()) == cc::errc::client_closed));
}

BOOST_AUTO_TEST_CASE(it_is_a_function_of_the_client_too) {
    helping_fixture f;
    BOOST_TEST(static_cast<bool>(run(f.context, f.api().ping())));
    BOOST_TEST(static_cast<bool>(*run(f.context, f.api().ping(cc::as_result(asio::use_awaitable)))));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(raw_requests)

BOOST_AUTO_TEST_CASE(the_whole_answer_is_the_result) {
    helping_fixture f;
    const auto r = f.call(cc::raw_request("GET", "/orders", {{"limit", "1"}, {"status", "Ready"}}));
    BOOST_TEST_REQUIRE(r.has_value());
    BOOST_TEST(r->status == 200);
    BOOST_TEST((r->headers.find("content-type") == "application/json"));
    BOOST_TEST(r->body.starts_with("{\"pagination\":"));
    BOOST_TEST(f.server.requests().back().target == "/api/integrate/v3/orders?limit=1&status=Ready");
    BOOST_TEST(f.server.requests().back().header("api-key") == f.config.api_key.reveal());
}

BOOST_AUTO_TEST_CASE(an_error_status_is_an_answer_like_any_other) {
    helping_fixture f;
    f.server.inject(fault::status(418, "short and stout", {{"Content-Type", "text/plain"}, {"X-Pot", "tea"}}));
    const auto r = f.call(cc::raw_request("BREW", "/pot", {}, "water"));
    BOOST_TEST_REQUIRE(r.has_value());
    BOOST_TEST(r->status == 418);
    BOOST_TEST(r->body == "short and stout");
    BOOST_TEST((r->headers.find("x-pot") == "tea"));
    const auto sent = f.server.requests().back();
    BOOST_TEST(sent.method == "BREW");
    BOOST_TEST(sent.body == "water");
    BOOST_TEST(sent.header("content-length") == "5");
}

BOOST_AUTO_TEST_CASE(a_head_request_has_an_answer_without_a_body) {
    helping_fixture f;
    const auto r = f.call(cc::raw_request("HEAD", "/orders"));
    BOOST_TEST_REQUIRE(r.has_value());
    BOOST_TEST(r->status == 405);
    BOOST_TEST(r->body.empty());
    BOOST_TEST_REQUIRE(f.call(cc::raw_request("GET", "/orders")).has_value());
    BOOST_TEST(f.server.stats().connections == 1u);
}

BOOST_AUTO_TEST_CASE(it_shares_the_pool_the_deadline_and_what_is_known_of_a_failure) {
    helping_fixture f;
    BOOST_TEST(f.get().has_value());
    f.server.inject(fault::never_answer().on("POST", "/x"));
    cc::call_options options;
    options.total = std::chrono::milliseconds(50);
    const cc::error e = f.error_of(cc::raw_request("POST", "/x", {}, "{}"), options);
    BOOST_TEST((e == cc::errc::deadline_exceeded));
    BOOST_TEST((e.delivery == cc::delivery::maybe_processed));
    BOOST_TEST(e.operation == "raw_request");
    BOOST_TEST(f.server.stats().connections == 1u);
}

BOOST_AUTO_TEST_CASE(on_a_connection_that_has_died_only_what_is_harmless_is_repeated) {
    for (const char* method : {"GET", "POST"}) {
        helping_fixture f;
        BOOST_TEST(f.get().has_value());
        f.server.inject(fault::close_before_answer().on(method, "/orders").times(1));
        const auto r = f.call(cc::raw_request(method, "/orders"));
        BOOST_TEST(r.has_value() == (method == std::string("GET")));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(looking_up)

BOOST_AUTO_TEST_CASE(an_order_is_found_by_its_external_id_and_the_walk_ends_there) {
    helping_fixture f;
    const auto made = f.call(draft("EXT-77"));
    BOOST_TEST_REQUIRE(made.has_value());
    const auto found = f.find("EXT-77");
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->id == made->id);
    BOOST_TEST(f.requests("GET /orders") <= 2u);  // of three pages; one may have been read ahead
}

BOOST_AUTO_TEST_CASE(nothing_is_found_after_all_pages) {
    helping_fixture f;
    BOOST_TEST(!f.find("EXT-78").has_value());
    BOOST_TEST(f.requests("GET /orders") >= 3u);
}

BOOST_AUTO_TEST_CASE(only_what_the_query_allows_is_looked_at) {
    helping_fixture f;
    BOOST_TEST_REQUIRE(f.call(draft("EXT-79")).has_value());
    cc::list_orders within;
    within.status = {cc::order_status::ready};
    BOOST_TEST(!f.find("EXT-79", within).has_value());
    within.status = {cc::order_status::draft};
    BOOST_TEST(f.find("EXT-79", within).has_value());
}

BOOST_AUTO_TEST_CASE(a_server_that_skips_records_between_pages_hides_none) {
    auto options = with_orders(101);
    options.paging = cc::testing::paging_style::skipping;
    options.examples = false;
    helping_fixture f(options);
    // The record behind the first page, which the server would skip.
    std::string order = f.server.order_json(f.server.order_ids()[100]);
    const std::size_t at = order.find("\"external_id\":") + 14;
    order.replace(at, order.find(',', at) - at, "\"EXT-80\"");
    f.server.put_order(order);
    BOOST_TEST(f.find("EXT-80").has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_external_id_is_refused) {
    helping_fixture f;
    try {
        f.find("");
        BOOST_FAIL("not refused");
    } catch (const cc::failure& e) {
        BOOST_TEST((e.details() == cc::errc::invalid_argument));
    }
    BOOST_TEST(f.server.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_failure_of_the_walk_is_a_failure_of_the_look_up) {
    helping_fixture f;
    f.server.inject(fault::status(500).on("GET", "/orders"));
    BOOST_CHECK_THROW(f.find("EXT-1"), cc::failure);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(creating_once)

BOOST_AUTO_TEST_CASE(a_draft_is_made_and_the_second_time_found) {
    helping_fixture f;
    const auto first = f.create_or_find(draft("EXT-1"));
    const auto second = f.create_or_find(draft("EXT-1"));
    BOOST_TEST_REQUIRE((first.has_value() && second.has_value()));
    BOOST_TEST(first->id == second->id);
    BOOST_TEST(f.requests("POST /orders/draft") == 1u);
}

BOOST_AUTO_TEST_CASE(a_draft_whose_answer_was_lost_is_found_and_not_made_twice) {
    helping_fixture f;
    f.server.inject(fault::close_before_answer().on("POST", "/orders/draft").times(1));
    const auto r = f.create_or_find(draft("EXT-2"));
    BOOST_TEST_REQUIRE(r.has_value());
    BOOST_TEST((r->info.external_id == "EXT-2"));
    BOOST_TEST(f.requests("POST /orders/draft") == 1u);
}

BOOST_AUTO_TEST_CASE(a_draft_that_was_made_although_the_server_failed_is_found) {
    helping_fixture f;
    f.server.inject(fault::truncate_after(5).on("POST", "/orders/draft").times(1));
    BOOST_TEST(f.create_or_find(draft("EXT-3")).has_value());
    BOOST_TEST(f.requests("POST /orders/draft") == 1u);
}

BOOST_AUTO_TEST_CASE(a_draft_of_which_nobody_knows_is_reported_and_not_made_again) {
    helping_fixture f;
    f.server.inject(fault::status(502).on("POST", "/orders/draft").times(1));
    const auto r = f.create_or_find(draft("EXT-4"));
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error().delivery == cc::delivery::maybe_processed));
    BOOST_TEST(r.error().message.find("no order with this external_id") != std::string::npos, r.error());
    BOOST_TEST(f.requests("POST /orders/draft") == 1u);
    BOOST_TEST(f.create_or_find(draft("EXT-4")).has_value());
}

BOOST_AUTO_TEST_CASE(a_draft_that_the_server_refuses_is_not_looked_for_again) {
    helping_fixture f;
    auto d = draft("EXT-5");
    d.owner_email = "nobody@example.com";
    const auto r = f.create_or_find(d);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == cc::condition::invalid));
    BOOST_TEST((r.error().delivery == cc::delivery::answered));
    BOOST_TEST(f.server.requests().back().method == "POST");
}

BOOST_AUTO_TEST_CASE(a_draft_without_an_external_id_is_refused_before_anything_is_sent) {
    helping_fixture f;
    const auto r = f.create_or_find(draft(""));
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == cc::errc::invalid_argument));
    BOOST_TEST(f.server.requests().empty());
}

BOOST_AUTO_TEST_CASE(no_draft_is_made_when_the_look_up_before_it_fails) {
    helping_fixture f;
    f.server.inject(fault::status(503).on("GET", "/orders").times(1));
    BOOST_TEST(f.create_or_find(draft("EXT-6")).has_error());
    BOOST_TEST(f.requests("POST /orders/draft") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
