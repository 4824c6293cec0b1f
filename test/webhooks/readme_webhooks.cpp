// What README.md shows of webhooks and changes.
#include <cubicasa/cubicasa.hpp>

#include "../support/client_fixture.hpp"
#include "../support/temporary_folder.hpp"

#include <boost/beast/http.hpp>

#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

struct readme_webhooks_fixture : test::client_fixture {
    readme_webhooks_fixture() : client_fixture(options()) {}
    static test::sandbox_options options() {
        test::sandbox_options out;
        out.orders = 12;
        out.examples = false;
        return out;
    }
    const test::temporary_folder folder;
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options("0123456789abcdef0123456789abcdef")};
    const std::string event =
        R"({"id":")" + server.order_ids().front() + R"(","current_status":"Ready","previous_status":"Pending"})";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(readme_webhooks, readme_webhooks_fixture)

BOOST_AUTO_TEST_CASE(a_receiver_in_a_beast_server) {
    auto handle = [this](http::request<http::string_body> request) -> http::response<http::string_body> {
        if (auto answer = hooks.answer<http::response<http::string_body>>(request)) return std::move(*answer);
        return {http::status::not_found, request.version()};
    };
    http::request<http::string_body> request(http::verb::post, hooks.url(""), 11, event);
    BOOST_TEST(handle(request).result_int() == 200u);
}

BOOST_AUTO_TEST_CASE(changes_of_orders) {
    std::size_t handled = 0;
    auto handle = [&](const cubicasa::order_change& change) {
        ++handled;
        std::cout << change.order.id << ' ' << to_string(change.kind) << '\n';
        hooks.close();
    };
    auto forms = [&](cubicasa::client api) -> asio::awaitable<void> {
        cubicasa::watch_options options;
        options.webhooks = hooks;
        options.checkpoint = folder / "orders.watch";
        cubicasa::list_orders filter;
        filter.status = {cubicasa::order_status::ready};
        auto changes = cubicasa::watch(api, filter, options);
        while (auto change = co_await changes.next()) handle(*change);
    };
    const std::string id = server.order_ids().front();
    server.set_status(id, "Pending");
    server.set_status(id, "Ready");
    hooks.receive("POST", hooks.url(""), event);
    test::run(context, forms(client_fixture::api()));
    BOOST_TEST(handled == 1u);
}

BOOST_AUTO_TEST_CASE(an_order_that_is_waited_for) {
    const std::string id = server.order_ids().front();
    server.set_status(id, "Ready");
    auto forms = [&](cubicasa::client api) -> asio::awaitable<std::string> {
        const auto limit = std::chrono::hours(48);
        const cubicasa::order order = co_await cubicasa::wait_until(api, id, cubicasa::order_status::ready, limit);
        co_return order.id;
    };
    BOOST_TEST(test::run(context, forms(client_fixture::api())) == id);
}

BOOST_AUTO_TEST_SUITE_END()
