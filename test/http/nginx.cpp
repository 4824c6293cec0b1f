// The client against nginx: a server that we have not written, with its own idea of when connections end.
#include "support/nginx.hpp"
#include "support/run.hpp"

#include <cubicasa/client.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
using cubicasa::as_result;
using cubicasa::condition;
using cubicasa::delivery;
using cubicasa::errc;

// Answers each order with its own path as id.
const std::string every_order = R"(location /api/orders/ { return 200 '{"id":"$uri"}'; })";

// An answer as it came, for what the operations of the API do not show.
class fetch {
public:
    using response = cubicasa::raw_response;
    static constexpr std::string_view name = "fetch";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/{file}";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    explicit fetch(std::string what) : file(std::move(what)) {}
    std::string file;

    friend void encode(const fetch& r, cubicasa::wire_request& w) { w.argument("file", r.file); }
    static cubicasa::result<response> decode(const response& answer) { return answer; }
};

// One context and one client of `server`.
class caller {
public:
    explicit caller(const test::nginx& server) : caller(server.config()) {}
    explicit caller(cubicasa::client_config config) : api(context.get_executor(), std::move(config)) {}

    template <class E>
    cubicasa::result<typename E::response> call(const E& request) {
        return test::run(context, send(api, request));
    }

    // Asks for orders with `side_by_side` calls in flight. `next` gives the id to ask for, or an empty text at the end;
    // `answered` gets the id that came. An error is a failure of the test.
    void get_orders(int side_by_side, std::function<std::string()> next,
                    std::function<void(const std::string&)> answered) {
        std::string errors;
        for (int i = 0; i < side_by_side; ++i) {
            asio::co_spawn(context, get_in_turn(api, next, answered, errors), [](std::exception_ptr e) {
                if (e) std::rethrow_exception(e);
            });
        }
        context.restart();
        test::run_out(context);
        BOOST_TEST_REQUIRE(errors.empty(), errors);
    }

    // The ids of the answers to `count` calls.
    std::vector<std::string> get_orders(int side_by_side, int count) {
        std::vector<std::string> ids;
        get_orders(
            side_by_side, [n = 0, count]() mutable { return n == count ? std::string() : std::to_string(n++); },
            [&](const std::string& id) { ids.push_back(id); });
        BOOST_TEST_REQUIRE(ids.size() == static_cast<unsigned>(count));
        return ids;
    }

    asio::io_context context;
    cubicasa::client api;

private:
    template <class E>
    static asio::awaitable<cubicasa::result<typename E::response>> send(cubicasa::client api, E request) {
        auto answer = co_await api.async_call(request, as_result(asio::use_awaitable));
        co_return answer;
    }

    static asio::awaitable<void> get_in_turn(cubicasa::client api, std::function<std::string()>& next,
                                             std::function<void(const std::string&)>& answered, std::string& errors) {
        for (std::string id = next(); !id.empty(); id = next()) {
            auto order = co_await api.async_call(cubicasa::get_order(id), as_result(asio::use_awaitable));
            if (order) {
                answered(order->id);
            } else {
                errors += order.error().describe() + "\n";
            }
        }
    }
};

std::set<std::string> connections(const std::vector<test::served_request>& log) {
    std::set<std::string> out;
    for (const auto& r : log) out.insert(r.connection);
    return out;
}

// A list page of some megabytes.
std::string large_page(int orders) {
    std::string out = R"({"pagination":{"has_more":false,"limit":20,"next_offset":0},"items":[)";
    for (int i = 0; i < orders; ++i) {
        if (i != 0) out += ',';
        out += R"({"id":"order-)" + std::to_string(i) + R"(","info":{"status":"Ready","add_info":")" +
               std::string(900, 'x') + R"("}})";
    }
    return out + "]}";
}

void expect_whole(const cubicasa::result<cubicasa::page<cubicasa::order>>& page, std::size_t orders) {
    BOOST_TEST_REQUIRE(page.has_value(), page.error());
    BOOST_TEST_REQUIRE(page->items.size() == orders);
    for (std::size_t i = 0; i < orders; ++i) {
        BOOST_TEST_REQUIRE(page->items[i].id == "order-" + std::to_string(i));
        BOOST_TEST_REQUIRE(page->items[i].info.add_info == std::string(900, 'x'));
    }
}

void call_over(const std::string& protocol) {
    test::nginx_options options(R"(location /api/orders/ { return 200 '{"id":"$ssl_protocol"}'; })");
    options.protocols = protocol;
    test::nginx server(options);
    caller c(server);
    const auto order = c.call(cubicasa::get_order("1"));
    BOOST_TEST_REQUIRE(order.has_value(), order.error());
    std::string spoken = order->id;
    BOOST_TEST(spoken == protocol);
}

// A server that ends each connection after one answer, so that each call needs another one.
std::vector<test::served_request> log_of_single_use_connections(const std::string& protocol, int side_by_side,
                                                                int count) {
    test::nginx_options options(every_order + "keepalive_timeout 0;");
    options.protocols = protocol;
    test::nginx server(options);
    caller c(server);
    c.get_orders(side_by_side, count);
    BOOST_TEST(c.api.stats().opened == static_cast<unsigned>(count));
    auto log = server.stop();
    BOOST_TEST_REQUIRE(log.size() == static_cast<unsigned>(count));
    BOOST_TEST(connections(log).size() == static_cast<unsigned>(count));
    const auto resumed = std::count_if(log.begin(), log.end(), [](const auto& r) { return r.resumed; });
    BOOST_TEST(c.api.stats().resumed == static_cast<unsigned>(resumed));
    return log;
}

void expect_resumption(const std::string& protocol, int side_by_side) {
    constexpr int count = 300;
    const auto log = log_of_single_use_connections(protocol, side_by_side, count);
    const auto full = std::count_if(log.begin(), log.end(), [](const auto& r) { return !r.resumed; });
    // The first ones have nothing to resume; of the others at most one in a hundred may fail to.
    BOOST_TEST(full <= side_by_side + (count - side_by_side) / 100);
    BOOST_TEST(full >= 1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(against_nginx)

BOOST_AUTO_TEST_CASE(a_missing_nginx_is_told_clearly) {
    test::nginx_options options(every_order);
    options.binary = "/nowhere/nginx";
    BOOST_CHECK_EXCEPTION(test::nginx server(options), std::runtime_error, [](const std::runtime_error& e) {
        return std::string_view(e.what()).starts_with("nginx is not installed: there is no /nowhere/nginx");
    });
}

BOOST_AUTO_TEST_CASE(a_call_goes_over_tls_1_2) { call_over("TLSv1.2"); }

BOOST_AUTO_TEST_CASE(a_call_goes_over_tls_1_3) { call_over("TLSv1.3"); }

BOOST_AUTO_TEST_CASE(the_newest_tls_of_both_sides_is_spoken) {
    test::nginx server(every_order);
    caller c(server);
    c.get_orders(1, 1);
    BOOST_TEST(server.stop().at(0).protocol == "TLSv1.3");
}

BOOST_AUTO_TEST_CASE(tls_1_3_can_be_switched_off) {
    test::nginx server(every_order);
    auto config = server.config();
    config.tls.tls12_only = true;
    caller c(config);
    c.get_orders(1, 1);
    BOOST_TEST(server.stop().at(0).protocol == "TLSv1.2");
}

BOOST_AUTO_TEST_CASE(no_common_version_of_tls_is_an_error_before_anything_is_sent) {
    test::nginx_options options(every_order);
    options.protocols = "TLSv1.3";
    test::nginx server(options);
    auto config = server.config();
    config.tls.tls12_only = true;
    caller c(config);
    const auto order = c.call(cubicasa::get_order("1"));
    BOOST_TEST_REQUIRE(order.has_error());
    BOOST_TEST((order.error() == errc::tls_failure));
    BOOST_TEST((order.error() == condition::network));
    BOOST_TEST((order.error().delivery == delivery::never_sent));
    BOOST_TEST(server.stop().empty());
}

BOOST_AUTO_TEST_CASE(fifty_calls_in_a_row_use_one_connection) {
    test::nginx server(every_order);
    caller c(server);
    c.get_orders(1, 50);
    BOOST_TEST(c.api.stats().opened == 1u);
    BOOST_TEST(c.api.stats().reused == 49u);
    const auto log = server.stop();
    BOOST_TEST(log.size() == 50u);
    BOOST_TEST(connections(log).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_after_every_third_answer_answers_137_orders) {
    test::nginx server(every_order + "keepalive_requests 3;");
    for (const int side_by_side : {1, 16}) {
        caller c(server);
        const auto ids = c.get_orders(side_by_side, 137);
        BOOST_TEST(std::set<std::string>(ids.begin(), ids.end()).size() == 137u);
    }
    std::map<std::string, int> asked;
    std::map<std::string, int> answers;
    for (const auto& r : server.stop()) {
        ++asked[r.target];
        ++answers[r.connection];
        BOOST_TEST(r.status == 200);
    }
    BOOST_TEST(asked.size() == 137u);
    for (const auto& [target, times] : asked) BOOST_TEST(times == 2, target << " was asked for " << times << " times");
    for (const auto& [connection, times] : answers) BOOST_TEST(times <= 3, connection);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_announced_to_end_is_not_kept) {
    test::nginx server(every_order + "keepalive_timeout 0;");
    const auto raw = server.raw_answer("GET /api/orders/1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    BOOST_TEST_REQUIRE(raw.find("\r\nConnection: close\r\n") != std::string::npos, raw);
    caller c(server);
    for (int i = 0; i < 10; ++i) {
        c.get_orders(1, 1);
        BOOST_TEST(c.api.stats().idle == 0u);
    }
    BOOST_TEST(c.api.stats().stale == 0u);
    BOOST_TEST(c.api.stats().reused == 0u);
}

BOOST_AUTO_TEST_CASE(sessions_of_tls_1_2_are_resumed) { expect_resumption("TLSv1.2", 1); }

BOOST_AUTO_TEST_CASE(sessions_of_tls_1_3_are_resumed) { expect_resumption("TLSv1.3", 1); }

BOOST_AUTO_TEST_CASE(sessions_of_tls_1_2_are_resumed_by_connections_made_side_by_side) {
    expect_resumption("TLSv1.2", 8);
}

BOOST_AUTO_TEST_CASE(sessions_of_tls_1_3_are_resumed_by_connections_made_side_by_side) {
    expect_resumption("TLSv1.3", 8);
}

BOOST_AUTO_TEST_CASE(a_chunked_answer_is_put_together) {
    test::nginx server("ssi on; ssi_types application/json;");
    const std::string page = large_page(50);
    server.put_file("api/orders", page);
    const auto raw = server.raw_answer("GET /api/orders HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const auto head = raw.substr(0, raw.find("\r\n\r\n"));
    BOOST_TEST_REQUIRE(head.find("\r\nTransfer-Encoding: chunked") != std::string::npos, head);
    BOOST_TEST_REQUIRE(head.find("\r\nContent-Length:") == std::string::npos, head);

    caller c(server);
    expect_whole(c.call(cubicasa::list_orders()), 50);
    const auto bytes = c.call(fetch("orders"));
    BOOST_TEST_REQUIRE(bytes.has_value(), bytes.error());
    BOOST_TEST(bytes->headers.find("Transfer-Encoding").value_or("") == "chunked");
    BOOST_TEST((bytes->body == page));
    BOOST_TEST(c.api.stats().opened == 1u);
}

BOOST_AUTO_TEST_CASE(a_large_answer_arrives_whole) {
    for (const char* how : {"", "ssi on; ssi_types application/json;"}) {
        test::nginx server(how);
        const std::string page = large_page(6000);
        BOOST_TEST(page.size() > 5'000'000u);
        server.put_file("api/orders", page);
        caller c(server);
        expect_whole(c.call(cubicasa::list_orders()), 6000);
        const auto bytes = c.call(fetch("orders"));
        BOOST_TEST_REQUIRE(bytes.has_value(), bytes.error());
        BOOST_TEST((bytes->body == page));
        BOOST_TEST(c.api.stats().opened == 1u);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_over_the_limit_is_refused_and_the_next_call_goes_well) {
    for (const char* how : {"", "ssi on; ssi_types application/json;"}) {
        test::nginx server(every_order + how);
        server.put_file("api/orders", large_page(1000));
        auto config = server.config();
        config.limits.body = 64 * 1024;
        caller c(config);
        const auto page = c.call(cubicasa::list_orders());
        BOOST_TEST_REQUIRE(page.has_error());
        BOOST_TEST((page.error() == errc::body_too_large), page.error());
        BOOST_TEST(page.error().describe().find("65536") != std::string::npos, page.error());
        BOOST_TEST(c.api.stats().idle == 0u);
        c.get_orders(1, 1);
    }
}

BOOST_AUTO_TEST_CASE(a_reload_in_mid_use_loses_no_call) {
    test::nginx server(R"(location /api/orders/ { return 200 '{"id":"$pid"}'; })");
    caller c(server);
    // Calls go on until six workers have answered; each new one is replaced at once.
    std::set<std::string> workers;
    c.get_orders(
        8, [&] { return workers.size() < 6 ? std::string("1") : std::string(); },
        [&](const std::string& worker) {
            if (workers.insert(worker).second) server.begin_reload();
        });
    BOOST_TEST(workers.size() >= 6u);
}

BOOST_AUTO_TEST_CASE(connections_closed_while_idle_are_left_alone) {
    test::nginx server(
        test::nginx_options(every_order + "location /api/orders/1/post-purchase { return 200 '{\"id\":\"1\"}'; }"));
    caller c(server);
    c.get_orders(8, 80);
    const auto idle = c.api.stats().idle;
    BOOST_TEST_REQUIRE(idle >= 2u);
    server.reload();
    // A purchase is not repeated, so that it must not go out on a connection that has ended.
    cubicasa::upgrade_order purchase("1");
    purchase.package_type = cubicasa::package_type("plus");
    const auto bought = c.call(purchase);
    BOOST_TEST_REQUIRE(bought.has_value(), bought.error());
    BOOST_TEST(c.api.stats().stale == idle);
    const auto log = server.stop();
    BOOST_TEST(std::count_if(log.begin(), log.end(), [](const auto& r) { return r.method == "POST"; }) == 1);
}

BOOST_AUTO_TEST_CASE(error_pages_of_nginx_are_told_by_their_status) {
    test::nginx server("location /api/orders/lost { proxy_pass http://unix:/nowhere/socket; }");
    caller c(server);
    const auto lost = c.call(cubicasa::get_order("lost"));
    BOOST_TEST_REQUIRE(lost.has_error());
    BOOST_TEST((lost.error() == errc::server_error), lost.error());
    BOOST_TEST((lost.error() == condition::server_error));
    BOOST_TEST(lost.error().http_status == 502);
    BOOST_TEST((lost.error().delivery == delivery::answered));
    BOOST_TEST(lost.error().server_message.find("502 Bad Gateway") != std::string::npos, lost.error());

    const auto unknown = c.call(cubicasa::get_order("unknown"));
    BOOST_TEST_REQUIRE(unknown.has_error());
    BOOST_TEST((unknown.error() == errc::not_found), unknown.error());
    BOOST_TEST(unknown.error().http_status == 404);
    BOOST_TEST((unknown.error().delivery == delivery::answered));
}

BOOST_AUTO_TEST_CASE(a_page_with_status_200_is_not_taken_for_an_order) {
    test::nginx server(
        "location /api/orders/ { default_type text/html; return 200 '<html><h1>Maintenance</h1></html>'; }");
    caller c(server);
    const auto order = c.call(cubicasa::get_order("1"));
    BOOST_TEST_REQUIRE(order.has_error());
    BOOST_TEST((order.error() == errc::html_instead_of_json), order.error());
    BOOST_TEST(order.error().http_status == 200);
}

BOOST_AUTO_TEST_CASE(a_request_that_nginx_finds_too_large_is_answered_clearly) {
    test::nginx server("location /api/orders { client_max_body_size 1k; return 200 '{}'; }");
    caller c(server);
    const cubicasa::create_redraw drawing("Street 1", "City", "FI", "https://x.example/" + std::string(4'000'000, 'x'));
    const auto order = c.call(drawing);
    BOOST_TEST_REQUIRE(order.has_error());
    BOOST_TEST(order.error().http_status == 413, order.error());
    BOOST_TEST((order.error().delivery == delivery::answered));
}

BOOST_AUTO_TEST_CASE(many_calls_use_no_more_connections_than_allowed) {
    test::nginx server(every_order);
    auto config = server.config();
    config.pool.max_connections = 4;
    caller c(config);
    std::uint64_t in_line = 0;
    int n = 0;
    c.get_orders(
        32, [&] { return n == 640 ? std::string() : std::to_string(n++); },
        [&](const std::string&) { in_line = std::max(in_line, c.api.stats().waiting); });
    BOOST_TEST(in_line >= 20u);  // all 32 were in flight, less those with a connection or just answered
    BOOST_TEST(c.api.stats().peak <= 4u);
    const auto log = server.stop();
    BOOST_TEST(log.size() == 640u);
    BOOST_TEST(connections(log).size() <= 4u);
}

BOOST_AUTO_TEST_SUITE_END()
