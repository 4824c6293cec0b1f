// The code of README.md, run. test/unit/public_types.cpp sees to it that each block there stands here or in an example,
// line by line.
#include "support/shown.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/use_future.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace test;

namespace {

// What is written to a stream meanwhile.
class captured {
public:
    explicit captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
    ~captured() { stream_.rdbuf(before_); }
    captured(const captured&) = delete;
    captured& operator=(const captured&) = delete;
    std::string str() const { return text_.str(); }

private:
    std::ostringstream text_;
    std::ostream& stream_;
    std::streambuf* before_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(readme)

BOOST_AUTO_TEST_CASE(awaiting_with_exceptions_and_with_a_result) {
    showing_fixture f;
    auto forms = [](cc::client api, std::string id) -> asio::awaitable<void> {
        // In a coroutine. What goes wrong is thrown as cubicasa::failure.
        cubicasa::order order = co_await api.orders().get(id);
        show(order);

        // In a coroutine, without exceptions: a cubicasa::result<cubicasa::order>.
        auto outcome = co_await api.orders().get(id, cubicasa::as_result(asio::use_awaitable));
        if (outcome)
            show(*outcome);
        else
            report(outcome.error());

        // A call that begins when it is given its token.
        auto operation = api.orders().get(id, asio::deferred);
        order = co_await std::move(operation)(asio::use_awaitable);
        show(order);
    };
    run(f.context, forms(f.api(), known_id));
    BOOST_TEST(shown.size() == 3u);
    BOOST_TEST(reported.empty());
    BOOST_CHECK_THROW(run(f.context, forms(f.api(), unknown_id)), cc::failure);
}

BOOST_AUTO_TEST_CASE(a_future_and_callbacks_need_no_coroutine) {
    showing_fixture f;
    const auto& api = f.api();
    const std::string id = known_id;
    // A future, for a thread that may wait.
    std::future<cubicasa::order> later = api.orders().get(id, asio::use_future);

    // Callbacks, with an exception_ptr or with a result.
    api.orders().get(id, [](std::exception_ptr e, cubicasa::order order) {
        if (!e) show(order);
    });
    api.orders().get(id, cubicasa::as_result([](cubicasa::result<cubicasa::order> outcome) {
                         if (outcome)
                             show(*outcome);
                         else
                             report(outcome.error());
                     }));
    std::thread runner([&] { f.context.run(); });
    BOOST_TEST(later.get().id == known_id);
    runner.join();
    BOOST_TEST(shown.size() == 2u);
}

BOOST_AUTO_TEST_CASE(options_and_requests_are_lvalues_with_members) {
    showing_fixture f;
    auto forms = [](cc::client api, std::string id) -> asio::awaitable<void> {
        cubicasa::call_options options;
        options.total = std::chrono::seconds(5);
        cubicasa::order order = co_await api.orders().get(id, options);

        cubicasa::upgrade_order purchase(id);
        purchase.add_ons = {cubicasa::add_on::cad_files};
        order = co_await api.orders().upgrade(purchase);

        for (const cubicasa::asset& file : cubicasa::assets(order)) {
            std::cout << to_string(file.kind) << " (" << file.format << "): " << file.url << '\n';
        }
        show(order);
    };
    const captured text(std::cout);
    run(f.context, forms(f.api(), known_id));
    BOOST_TEST(shown.size() == 1u);
    BOOST_TEST(text.str().starts_with("listing_floorplan (jpg): https://"));
}

BOOST_AUTO_TEST_CASE(an_error_is_asked_what_it_is_and_what_the_server_may_have_done) {
    showing_fixture f;
    auto forms = [](cc::client api, cc::upgrade_order purchase) -> asio::awaitable<void> {
        try {
            show(co_await api.orders().upgrade(purchase));
        } catch (const cubicasa::failure& failed) {
            const cubicasa::error& e = failed.details();
            if (e == cubicasa::condition::invalid) {
                for (const auto& field : e.fields) std::cerr << field.path << ": " << field.text << '\n';
            }
            if (e.delivery == cubicasa::delivery::maybe_processed) report(e);  // it may have been bought
        }
    };
    cc::upgrade_order purchase(known_id);
    purchase.add_ons = {cc::add_on::cad_files};
    f.server.inject(fault::close_before_answer().times(1));
    run(f.context, forms(f.api(), purchase));
    BOOST_TEST(reported.size() == 1u);

    purchase.add_ons = {cc::add_on("swimming_pool")};
    const captured text(std::cerr);
    run(f.context, forms(f.api(), purchase));
    BOOST_TEST(text.str() == "add_ons.0: not purchasable for this order\n");
    BOOST_TEST(reported.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_walk_and_its_continuation) {
    showing_fixture f(generated(30));
    auto forms = [](cc::client api) -> asio::awaitable<void> {
        cubicasa::list_orders query;
        query.status = {cubicasa::order_status::ready, cubicasa::order_status::fixing};

        auto walk = api.orders().list(query);
        while (auto order = co_await walk.next()) show(*order);

        const std::string place = walk.position().text();  // one line; later, in another process:
        auto rest = api.orders().list(query, cubicasa::cursor::parse(place).value());
        while (auto order = co_await rest.next()) report(cc::error(cc::errc::unexpected_answer, order->id));
    };
    run(f.context, forms(f.api()));
    BOOST_TEST(shown.size() == 18u);
    BOOST_TEST(reported.empty());
}

BOOST_AUTO_TEST_CASE(a_walk_with_an_overlap) {
    auto options = generated(30);
    options.paging = cc::testing::paging_style::skipping;
    showing_fixture f(options);
    auto forms = [](cc::client api, cc::list_orders query) -> asio::awaitable<void> {
        cubicasa::paging careful;
        careful.overlap = 1;
        auto walk = api.orders().list(query, careful);
        while (auto order = co_await walk.next()) show(*order);
    };
    run(f.context, forms(f.api(), cc::list_orders()));
    BOOST_TEST(shown == f.server.order_ids(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_client_from_the_environment_with_other_limits) {
    showing_fixture f;
    setenv("CUBICASA_API_KEY", std::string(f.config.api_key.reveal()).c_str(), 1);
    setenv("CUBICASA_BASE_URL", f.config.base_url.c_str(), 1);
    setenv("CUBICASA_CA_FILE", f.server.ca_file().c_str(), 1);
    auto& context = f.context;
    auto config = cubicasa::client_config::from_env();
    config.timeouts.total = std::chrono::seconds(20);
    config.pool.max_connections = 16;
    const cubicasa::client api(context.get_executor(), config);
    for (const char* name : {"CUBICASA_API_KEY", "CUBICASA_BASE_URL", "CUBICASA_CA_FILE"}) unsetenv(name);
    BOOST_TEST(run(context, api.orders().get(known_id)).id == known_id);
}

BOOST_AUTO_TEST_CASE(a_log_of_calls) {
    showing_fixture f;
    auto& config = f.config;
    config.observer = [](const cubicasa::event& e) {
        if (e.kind == cubicasa::event_kind::call_finished) std::clog << cubicasa::describe(e) << '\n';
    };
    const captured text(std::clog);
    f.get();
    BOOST_TEST(text.str().starts_with("get_order GET /orders/{id} 200 in "), text.str());
}

BOOST_AUTO_TEST_CASE(a_draft_that_is_made_once) {
    showing_fixture f;
    auto forms = [](cc::client api) -> asio::awaitable<void> {
        for (int i = 0; i < 2; ++i) {
            cubicasa::create_draft draft("615 Bourbon St", "New Orleans", "United States", "manager@cubicasa.com");
            draft.external_id = "R4ER93";
            draft.package_type = cubicasa::package_type::plus;
            const cubicasa::order order = co_await api.drafts().create_or_find(draft);
            show(order);
        }
    };
    run(f.context, forms(f.api()));
    BOOST_TEST_REQUIRE(shown.size() == 2u);
    BOOST_TEST(shown[0] == shown[1]);
}

BOOST_AUTO_TEST_CASE(webhooks_that_are_set) {
    showing_fixture f;
    auto forms = [](cc::client api) -> asio::awaitable<void> {
        std::vector<std::string> urls{"https://example.com/hooks/2f1b9c"};
        std::vector<cubicasa::webhook_trigger> triggers{cubicasa::webhook_trigger::moved_to_ready};
        const cubicasa::update_webhooks webhooks(urls, triggers);
        co_await api.company().update_webhooks(webhooks);
    };
    run(f.context, forms(f.api()));
    BOOST_TEST(f.server.stats().requests_per_path.at("PATCH /companies/webhook") == 1u);
}

BOOST_AUTO_TEST_CASE(a_ping_and_a_raw_request) {
    showing_fixture f;
    auto forms = [](cc::client api) -> asio::awaitable<void> {
        const cubicasa::ping_result ping = co_await api.ping();
        std::cout << to_string(ping.verdict) << '\n';  // good_key, bad_key, no_service or unreachable

        const cubicasa::raw_request request("GET", "/users/me");
        const cubicasa::raw_response answer = co_await api.async_call(request);
        std::cout << answer.status << ' ' << answer.body << '\n';
    };
    const captured text(std::cout);
    run(f.context, forms(f.api()));
    BOOST_TEST(text.str().starts_with("good_key\n404 {\"message\":"), text.str());
}

BOOST_AUTO_TEST_CASE(a_sandbox_with_a_fault) {
    asio::io_context context;
    cubicasa::testing::sandbox_options options;
    options.orders = 137;  // besides the two of the examples
    cubicasa::testing::sandbox server(options);
    server.inject(cubicasa::testing::fault::never_answer().on("GET", "/orders").after(2).times(1));
    const cubicasa::client api(context.get_executor(), server.config());
    auto pages = [](cc::client client) -> asio::awaitable<int> {
        int answered = 0;
        for (int i = 0; i < 4; ++i) {
            cc::call_options limit;
            if (i == 2) limit.total = std::chrono::milliseconds(100);
            const auto page = co_await client.async_call(cc::list_orders(), limit, cc::as_result(asio::use_awaitable));
            if (page) ++answered;
        }
        co_return answered;
    };
    BOOST_TEST(run(context, pages(api)) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
