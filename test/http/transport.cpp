// HTTP as servers really speak it: keep-alive, chunks, interim answers, limits, and connections that end badly.
#include "support/client_fixture.hpp"
#include "support/unresponsive.hpp"

#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <set>

using namespace test;
using namespace std::chrono_literals;
using cc::condition;
using cc::delivery;
using cc::errc;

BOOST_AUTO_TEST_SUITE(transport)

BOOST_AUTO_TEST_CASE(calls_one_after_the_other_share_one_connection) {
    client_fixture f;
    for (int i = 0; i < 10; ++i) BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().connections == 1u);
    BOOST_TEST(f.api().stats().reused == 9u);
}

BOOST_AUTO_TEST_CASE(calls_at_the_same_time_use_at_most_the_allowed_connections) {
    client_fixture f;
    f.config.pool.max_connections = 3;
    int done = 0;
    for (int i = 0; i < 50; ++i) {
        f.api().orders().get(known_id, cc::as_result([&](cc::result<cc::order> r) { done += r.has_value(); }));
    }
    run_out(f.context);
    BOOST_TEST(done == 50);
    BOOST_TEST(f.server.stats().peak_connections <= 3u);
    BOOST_TEST(f.api().stats().peak <= 3u);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_refused_at_once) {
    client_fixture f;
    f.config.pool.max_connections = 1;
    f.config.pool.max_waiting = 2;
    int refused = 0;
    int served = 0;
    for (int i = 0; i < 6; ++i) {
        f.api().orders().get(known_id, cc::as_result([&](cc::result<cc::order> r) {
                                 served += r.has_value();
                                 refused += r.has_error() && r.error() == errc::pool_exhausted;
                             }));
    }
    run_out(f.context);
    BOOST_TEST(served == 3);  // two of them from the line
    BOOST_TEST(refused == 3);
}

BOOST_AUTO_TEST_CASE(an_answer_in_chunks_is_read_whole) {
    client_fixture f;
    const auto plain = f.get();
    f.server.inject(fault::chunked());
    const auto chunked = f.get();
    BOOST_TEST_REQUIRE(chunked.has_value());
    BOOST_TEST((*plain == *chunked));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().connections == 1u);
}

BOOST_AUTO_TEST_CASE(interim_answers_are_skipped) {
    client_fixture f;
    f.server.inject(fault::continue_100(5));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().connections == 1u);
}

BOOST_AUTO_TEST_CASE(after_an_interim_answer_the_wait_is_still_the_one_for_the_answer) {
    asio::io_context context;
    deaf_server server;
    cc::client_config config;
    config.base_url = server.url();
    config.api_key = "key";
    config.retry.max_attempts = 1;
    config.timeouts.total = 1s;
    config.timeouts.read_idle = 50ms;
    const cc::client api(context.get_executor(), config);
    std::optional<cc::result<cc::raw_response>> outcome;
    api.start(cc::raw_request("GET", "/"), {}, [&](auto r) { outcome.emplace(std::move(r)); });
    while (api.stats().leased == 0) BOOST_TEST_REQUIRE(context.run_one_for(patience) == 1u);
    auto connection = server.acceptor.accept();
    asio::write(connection, asio::buffer(std::string("HTTP/1.1 102 Processing\r\n\r\n")));
    run_out(context);
    BOOST_TEST_REQUIRE(outcome->has_error());
    BOOST_TEST((outcome->error() == errc::deadline_exceeded), outcome->error());
}

BOOST_AUTO_TEST_CASE(interim_answers_without_end_are_an_error) {
    client_fixture f;
    f.server.inject(fault::continue_100(1000));
    BOOST_TEST((f.get_error() == errc::malformed_http));
}

BOOST_AUTO_TEST_CASE(a_connection_that_announces_its_close_is_not_used_again) {
    client_fixture f;
    f.server.inject(fault::connection_close().times(1));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().connections == 2u);
    BOOST_TEST(f.api().stats().stale == 0u);
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_the_connection_is_whole_when_tls_says_so) {
    client_fixture f;
    f.server.inject(fault::until_eof().times(1));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().connections == 2u);
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_a_connection_cut_off_is_truncated) {
    client_fixture f;
    f.server.inject(fault::until_eof().also(fault::no_close_notify()));
    BOOST_TEST((f.get_error() == errc::truncated));
}

BOOST_AUTO_TEST_CASE(a_missing_close_notify_after_a_complete_answer_is_fine) {
    client_fixture f;
    f.server.inject(fault::no_close_notify());
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.get().has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_that_breaks_off_is_truncated_and_may_have_been_processed) {
    client_fixture f;
    f.server.inject(fault::truncate_after(100));
    const auto e = f.get_error();
    BOOST_TEST((e == errc::truncated));
    BOOST_TEST((e == condition::network));
    BOOST_TEST((e.delivery == delivery::maybe_processed));
}

BOOST_AUTO_TEST_CASE(a_length_that_is_too_long_is_truncated) {
    client_fixture f;
    f.server.inject(fault::lying_length(50));
    BOOST_TEST((f.get_error() == errc::truncated));
}

BOOST_AUTO_TEST_CASE(a_length_that_is_too_short_poisons_no_later_call) {
    client_fixture f;
    f.server.inject(fault::lying_length(-20).times(1));
    BOOST_TEST(f.get().has_error());
    BOOST_TEST(f.get().has_value());
}

BOOST_AUTO_TEST_CASE(bytes_after_an_answer_are_not_taken_for_the_next_one) {
    client_fixture f;
    f.server.inject(
        fault::extra_after_answer("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"id\":\"bad\"}").times(1));
    BOOST_TEST(f.get()->id == known_id);
    BOOST_TEST(f.get()->id == known_id);
}

BOOST_AUTO_TEST_CASE(what_is_not_http_is_a_clear_error) {
    client_fixture f;
    f.server.inject(fault::garbage());
    BOOST_TEST((f.get_error() == errc::malformed_http));
}

BOOST_AUTO_TEST_CASE(a_head_over_the_limit_is_refused) {
    client_fixture f;
    f.server.inject(fault::huge_header(70 * 1024));
    BOOST_TEST((f.get_error() == errc::header_too_large));
}

BOOST_AUTO_TEST_CASE(a_head_within_the_limit_is_read) {
    client_fixture f;
    f.server.inject(fault::huge_header(50 * 1024));
    BOOST_TEST(f.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_refused) {
    client_fixture f;
    f.server.inject(fault::huge_body(17 * 1024 * 1024));
    const auto e = f.get_error();
    BOOST_TEST((e == errc::body_too_large));
    BOOST_TEST(e.message.find("16777216") != std::string::npos, e.message);
}

BOOST_AUTO_TEST_CASE(the_limit_of_the_body_can_be_set) {
    client_fixture f;
    f.config.limits.body = 1000;
    f.server.inject(fault::huge_body(1001).times(1));
    BOOST_TEST((f.get_error() == errc::body_too_large));
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_in_chunks_is_refused_too) {
    client_fixture f;
    f.config.limits.body = 100'000;
    f.server.inject(fault::huge_body(200'000).also(fault::chunked()));
    BOOST_TEST((f.get_error() == errc::body_too_large));
}

BOOST_AUTO_TEST_CASE(an_answer_that_drips_is_read_whole) {
    client_fixture f;
    f.server.inject(fault::drip(97, std::chrono::milliseconds(1)));
    BOOST_TEST(f.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closed_while_idle_is_noticed_before_anything_is_sent) {
    client_fixture f;
    BOOST_TEST(f.get().has_value());
    f.server.close_idle_connections();
    cc::upgrade_order buys(known_id);  // would not be repeated if it had been sent
    buys.add_ons = {cc::add_on::cad_files};
    BOOST_TEST(f.call(buys).has_value());
    BOOST_TEST(f.api().stats().stale == 1u);
}

BOOST_AUTO_TEST_CASE(a_read_whose_kept_connection_dies_unanswered_is_repeated_at_once) {
    client_fixture f;
    BOOST_TEST(f.get().has_value());
    f.server.inject(fault::close_before_answer().times(1));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.requests().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_purchase_whose_kept_connection_dies_unanswered_is_not_repeated) {
    client_fixture f;
    BOOST_TEST(f.get().has_value());
    f.server.inject(fault::close_before_answer().times(1));
    cc::upgrade_order buys(known_id);
    buys.add_ons = {cc::add_on::cad_files};
    const auto e = f.error_of(buys);
    BOOST_TEST((e == condition::network));
    BOOST_TEST((e.delivery == delivery::maybe_processed));
    BOOST_TEST(f.server.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_reset_inside_the_answer_is_a_network_error) {
    client_fixture f;
    f.server.inject(fault::reset_after(50));
    const auto e = f.get_error();
    BOOST_TEST((e == condition::network), e.describe());
    BOOST_TEST((e.delivery == delivery::maybe_processed));
}

BOOST_AUTO_TEST_CASE(a_dead_server_is_a_network_error_and_nothing_was_sent) {
    cc::client_config config;
    {
        const sandbox gone;
        config = gone.config();
    }
    asio::io_context context;
    const cc::client api(context.get_executor(), config);
    const auto r = run(context, api.orders().get(known_id, cc::as_result(asio::use_awaitable)));
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == condition::network));
    BOOST_TEST((r.error().delivery == delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(an_address_that_does_not_answer_does_not_hide_the_next_one) {
    static std::string dead_port;
    const full_server dead;
    dead_port = dead.url().substr(dead.url().rfind(':') + 1);
    static cc::detail::name_service system = nullptr;
    system = cc::detail::set_name_service(
        [](const std::string& host, const std::string& port, cc::detail::addresses& out) -> boost::system::error_code {
            cc::detail::addresses living;
            const auto ec = system(host, port, living);
            if (!ec) system("127.0.0.1", dead_port, out);
            out.insert(out.end(), living.begin(), living.end());
            return ec;
        });
    client_fixture f;
    f.config.timeouts.connect = 2s;
    BOOST_TEST(f.get().has_value());
    cc::detail::set_name_service(system);
}

BOOST_AUTO_TEST_CASE(a_host_that_does_not_exist_is_a_network_error_and_nothing_was_sent) {
    client_fixture f;
    f.config.base_url = "https://nowhere.invalid/api";
    const auto e = f.get_error();
    BOOST_TEST((e == condition::network), e.describe());
    BOOST_TEST((e.delivery == delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(plain_http_on_loopback_works_as_well) {
    sandbox_options o;
    o.tls = false;
    client_fixture f(o);
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.server.stats().connections == 1u);
}

BOOST_AUTO_TEST_CASE(an_https_client_at_a_plain_server_sends_nothing) {
    sandbox_options o;
    o.tls = false;
    client_fixture f(o);
    f.config.base_url.replace(0, 4, "https");
    const auto e = f.get_error();
    BOOST_TEST((e == errc::tls_failure), e.describe());
    BOOST_TEST((e.delivery == delivery::never_sent));
    BOOST_TEST(f.server.stats().requests == 0u);
}

BOOST_AUTO_TEST_CASE(all_137_orders_come_from_a_server_that_drops_its_connections_after_every_third_answer) {
    auto o = generated(137);
    o.requests_per_connection = 3;
    client_fixture f(o);
    std::set<std::string> seen;
    for (const auto& id : f.server.order_ids()) {
        const auto order = f.get(id);
        BOOST_TEST_REQUIRE(order.has_value(), (order ? "" : order.error().describe()));
        BOOST_TEST(seen.insert(order->id).second);
    }
    BOOST_TEST(seen.size() == 137u);
    BOOST_TEST(f.server.stats().connections >= 46u);
}

BOOST_AUTO_TEST_CASE(the_same_with_eight_in_flight) {
    auto o = generated(137);
    o.requests_per_connection = 3;
    client_fixture f(o);
    f.config.pool.max_connections = 8;
    f.config.retry = cc::retry_options();  // the connection that a call is repeated on may be dropped as well
    f.config.retry.base = std::chrono::milliseconds(1);
    std::set<std::string> seen;
    for (const auto& id : f.server.order_ids()) {
        f.api().orders().get(id, cc::as_result([&](cc::result<cc::order> r) {
                                 BOOST_TEST_REQUIRE(r.has_value(), (r ? "" : r.error().describe()));
                                 BOOST_TEST(seen.insert(r->id).second);
                             }));
    }
    run_out(f.context);
    BOOST_TEST(seen.size() == 137u);
}

BOOST_AUTO_TEST_SUITE_END()
