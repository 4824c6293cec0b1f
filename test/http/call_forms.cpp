// Every form in which a call can be written, for the address sanitizer and g++ 12, which destroys some temporaries in a
// co_await expression twice: arguments, places, tokens, generators. What README.md shows is in readme.cpp.
#include "support/shown.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_future.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(call_forms)

BOOST_AUTO_TEST_SUITE(arguments)

BOOST_AUTO_TEST_CASE(temporaries_with_a_constructor_are_destroyed_once) {
    showing_fixture f;
    auto forms = [](cc::client api, std::string id) -> asio::awaitable<int> {
        int n = 0;
        const cc::order a = co_await api.async_call(cc::get_order(id));
        const cc::order b = co_await api.async_call(cc::get_order{id});
        const cc::order c = co_await api.async_call(cc::get_order(id), cc::call_options());
        const cc::order d = co_await api.async_call(cc::get_order(id), asio::use_awaitable);
        const cc::order e = co_await api.async_call(cc::get_order(id), cc::call_options{}, asio::use_awaitable);
        const auto g = co_await api.async_call(cc::get_order(id), cc::as_result(asio::use_awaitable));
        const auto h =
            co_await api.async_call(cc::get_order{id}, cc::call_options(), cc::as_result(asio::use_awaitable));
        const auto page = co_await api.async_call(cc::list_orders());
        const auto pdf = co_await api.async_call(cc::get_combined_pdf(id));
        const auto redraw =
            co_await api.async_call(cc::create_redraw("1 Main St", "Oulu", "Finland", "https://files.example/1.pdf"));
        const auto again = co_await api.async_call(cc::redeliver_order(id, cc::raw_json(R"({"style": "a"})")));
        for (const cc::order* o : {&a, &b, &c, &d, &e, &*g, &*h}) n += o->id == id;
        n += !page.items.empty() + !pdf.bytes.empty() + !redraw.id.empty() + !again.is_null();
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f.api(), known_id)) == 11);
}

BOOST_AUTO_TEST_CASE(any_exception_of_a_coroutine_becomes_a_result) {
    asio::io_context context;
    auto throws = [](int what) -> asio::awaitable<int> {
        if (what == 0) throw std::runtime_error("a plain one");
        if (what == 1) throw 1;
        co_return what;
    };
    std::vector<cc::result<int>> outcomes;
    for (int i = 0; i < 3; ++i) {
        asio::co_spawn(context, throws(i), cc::as_result([&](cc::result<int> r) { outcomes.push_back(std::move(r)); }));
    }
    run_out(context);
    BOOST_TEST_REQUIRE(outcomes.size() == 3u);
    BOOST_TEST((outcomes[0].error() == cc::errc::callback_failed));
    BOOST_TEST(outcomes[0].error().message == "a plain one");
    BOOST_TEST((outcomes[1].error() == cc::errc::callback_failed));
    BOOST_TEST(outcomes[2].value() == 2);
}

BOOST_AUTO_TEST_CASE(lvalues_are_copied_and_can_be_used_again) {
    showing_fixture f;
    auto forms = [](cc::client api, const std::string id) -> asio::awaitable<int> {
        int n = 0;
        const cc::get_order request(id);
        const cc::call_options options;
        const auto token = cc::as_result(asio::use_awaitable);
        for (int i = 0; i < 2; ++i) {
            const cc::order a = co_await api.async_call(request);
            const cc::order b = co_await api.async_call(request, options);
            const auto c = co_await api.async_call(request, token);
            const auto d = co_await api.async_call(request, options, token);
            const auto e = co_await api.orders().get(id, options, token);
            n += (a.id == id) + (b.id == id) + (c->id == id) + (d->id == id) + (e->id == id);
        }
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f.api(), known_id)) == 10);
}

BOOST_AUTO_TEST_CASE(a_request_may_go_before_its_call_is_awaited) {
    showing_fixture f;
    auto begun = [](const cc::client& api) {
        cc::get_order request(known_id);
        cc::call_options options;
        auto out = api.async_call(request, options);
        request.id = "another";
        return out;
    };
    BOOST_TEST(run(f.context, begun(f.api())).id == known_id);
}

BOOST_AUTO_TEST_CASE(every_function_of_the_family_takes_options_and_a_token) {
    showing_fixture f;
    auto forms = [](cc::client api, std::string id) -> asio::awaitable<int> {
        const auto token = cc::as_result(asio::use_awaitable);
        cc::upgrade_order purchase(id);
        purchase.add_ons = {cc::add_on::cad_files};
        const cc::create_redraw drawing("1 Main St", "Oulu", "Finland", "https://files.example/1.pdf");
        const cc::redeliver_order again(id, cc::raw_json("{}"));
        const auto a = co_await api.orders().get(id, cc::call_options(), token);
        const auto b = co_await api.orders().upgrade(purchase, cc::call_options(), token);
        const auto c = co_await api.orders().redeliver(again, cc::call_options(), token);
        const auto d = co_await api.orders().combined_pdf(id, cc::call_options(), token);
        const auto e = co_await api.orders().redraw(drawing, cc::call_options(), token);
        co_return a.has_value() + b.has_value() + c.has_value() + d.has_value() + e.has_value();
    };
    BOOST_TEST(run(f.context, forms(f.api(), known_id)) == 5);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(places)

BOOST_AUTO_TEST_CASE(a_call_is_a_part_of_larger_expressions) {
    showing_fixture f;
    auto forms = [](cc::client api, std::string id) -> asio::awaitable<std::string> {
        std::string text = "<" + (co_await api.orders().get(id)).id + ">";
        text += std::string("[") + (co_await api.async_call(cc::get_order(id))).address.city + "]";
        show(co_await api.orders().get(id));
        const std::size_t files = cc::assets(co_await api.orders().get(id)).size();
        co_return text + (files > 0 ? "+" : "-");
    };
    const std::string text = run(f.context, forms(f.api(), known_id));
    BOOST_TEST(text.starts_with("<" + known_id + ">["));
    BOOST_TEST(text.ends_with("]+"));
    BOOST_TEST(shown.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_call_stands_in_loops_and_conditions) {
    showing_fixture f(generated(30));
    auto forms = [](cc::client api) -> asio::awaitable<std::size_t> {
        std::size_t n = 0;
        cc::list_orders query;
        query.limit = 10;
        for (query.offset = 0;;) {
            const auto page = co_await api.async_call(query);
            for (const cc::order& o : page.items) {
                if (const cc::order full = co_await api.orders().get(o.id); full.id == o.id) ++n;
            }
            if (!page.pagination.has_more.value_or(false)) break;
            query.offset = page.pagination.next_offset;
        }
        if (auto r = co_await api.orders().get("unknown", cc::as_result(asio::use_awaitable)); r.has_error()) ++n;
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f.api())) == 31u);
}

BOOST_AUTO_TEST_CASE(an_exception_of_a_call_is_caught_in_a_loop) {
    showing_fixture f;
    auto forms = [](cc::client api) -> asio::awaitable<int> {
        int caught = 0;
        for (int i = 0; i < 3; ++i) {
            try {
                show(co_await api.async_call(cc::get_order(unknown_id)));
            } catch (const cc::failure& e) {
                if (e.details() == cc::condition::not_found) ++caught;
            }
        }
        co_return caught;
    };
    BOOST_TEST(run(f.context, forms(f.api())) == 3);
}

BOOST_AUTO_TEST_CASE(many_coroutines_share_a_list_of_ids) {
    showing_fixture f(generated(30));
    const std::vector<std::string> ids = f.server.order_ids();
    std::size_t next = 0;
    auto fetch = [](cc::client api, const std::vector<std::string>& all, std::size_t& index) -> asio::awaitable<void> {
        while (index < all.size()) {
            cc::order order = co_await api.orders().get(all[index++]);
            show(order);
        }
    };
    for (int i = 0; i < 8; ++i) asio::co_spawn(f.context, fetch(f.api(), ids, next), asio::detached);
    run_out(f.context);
    BOOST_TEST(std::set<std::string>(shown.begin(), shown.end()).size() == 30u);
    BOOST_TEST(shown.size() == 30u);
}

BOOST_AUTO_TEST_CASE(a_client_lives_in_the_coroutine_that_uses_it) {
    const sandbox server;
    auto forms = [](cc::client_config config, std::string id) -> asio::awaitable<std::string> {
        const cubicasa::client api(co_await boost::asio::this_coro::executor, config);
        const cubicasa::order order = co_await api.orders().get(id);
        co_return order.id;
    };
    asio::io_context context;
    BOOST_TEST(run(context, forms(server.config(), known_id)) == known_id);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tokens)

BOOST_AUTO_TEST_CASE(a_future_throws_the_failure) {
    showing_fixture f;
    auto good = f.api().async_call(cc::get_order(known_id), cc::call_options(), asio::use_future);
    auto bad = f.api().async_call(cc::get_order(unknown_id), asio::use_future);
    std::thread runner([&] { f.context.run(); });
    BOOST_TEST(good.get().id == known_id);
    BOOST_CHECK_THROW(bad.get(), cc::failure);
    runner.join();
}

BOOST_AUTO_TEST_CASE(a_callback_gets_an_exception_or_an_order) {
    showing_fixture f;
    std::string id;
    std::exception_ptr wrong;
    f.api().orders().get(known_id, [&](std::exception_ptr e, cc::order o) {
        BOOST_TEST(!e);
        id = o.id;
    });
    f.api().orders().get(unknown_id, cc::call_options(), [&](std::exception_ptr e, cc::order o) {
        BOOST_TEST(o.id.empty());
        wrong = e;
    });
    run_out(f.context);
    BOOST_TEST(id == known_id);
    BOOST_TEST_REQUIRE(bool(wrong));
    BOOST_CHECK_THROW(std::rethrow_exception(wrong), cc::failure);
}

BOOST_AUTO_TEST_CASE(a_callback_that_only_moves_is_enough) {
    showing_fixture f;
    auto kept = std::make_unique<std::string>();
    const std::string& seen = *kept;
    std::string id;
    f.api().orders().get(known_id, cc::as_result([&id, kept = std::move(kept)](cc::result<cc::order> r) {
                             *kept = r->id;
                             id = *kept;
                         }));
    BOOST_TEST(seen.empty());
    run_out(f.context);
    BOOST_TEST(id == known_id);
}

BOOST_AUTO_TEST_CASE(a_deferred_call_sends_nothing_until_it_is_begun) {
    showing_fixture f;
    auto forms = [](showing_fixture& t, std::string id) -> asio::awaitable<int> {
        int n = 0;
        auto operation = t.api().orders().get(id, asio::deferred);
        n += t.server.stats().requests == 0;
        const cc::order a = co_await std::move(operation)(asio::use_awaitable);
        const cc::order b = co_await t.api().orders().get(id, asio::deferred)(asio::use_awaitable);
        // Without a second token only as a result: Boost 1.81 cannot await void(std::exception_ptr, T) as it is.
        const auto c =
            co_await t.api().async_call(cc::get_order(id), cc::call_options(), cc::as_result(asio::deferred));
        n += (a.id == id) + (b.id == id) + (c->id == id);
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f, known_id)) == 4);
}

BOOST_AUTO_TEST_CASE(a_deferred_call_that_is_begun_twice_is_two_calls) {
    showing_fixture f;
    int good = 0;
    const auto count = [&](const cc::result<cc::order>& r) { good += r && r->id == known_id; };
    {
        const auto operation = f.api().async_call(cc::get_order(known_id), cc::as_result(asio::deferred));
        operation(count);
        operation(count);
    }
    run_out(f.context);
    BOOST_TEST(good == 2);
    BOOST_TEST(f.server.stats().requests == 2u);
}

BOOST_AUTO_TEST_CASE(a_deferred_call_that_is_dropped_sends_nothing) {
    showing_fixture f;
    {
        [[maybe_unused]] const auto operation = f.api().orders().get(known_id, asio::deferred);
        run_out(f.context);
    }
    BOOST_TEST(f.server.stats().connections == 0u);
}

BOOST_AUTO_TEST_CASE(a_tuple_is_unpacked_in_place) {
    showing_fixture f;
    auto forms = [](cc::client api, std::string id) -> asio::awaitable<int> {
        auto [good, order] = co_await api.orders().get(id, asio::as_tuple(asio::use_awaitable));
        auto [bad, nothing] = co_await api.async_call(cc::get_order(unknown_id), asio::as_tuple(asio::use_awaitable));
        co_return !good + (order.id == id) + bool(bad) + nothing.id.empty();
    };
    BOOST_TEST(run(f.context, forms(f.api(), known_id)) == 4);
}

BOOST_AUTO_TEST_CASE(a_detached_call_is_carried_out) {
    showing_fixture f;
    cc::upgrade_order purchase(known_id);
    purchase.add_ons = {cc::add_on::cad_files};
    f.api().orders().upgrade(purchase, asio::detached);
    run_out(f.context);
    BOOST_TEST(f.server.stats().requests == 1u);
}

BOOST_AUTO_TEST_CASE(a_handler_is_called_on_its_own_executor) {
    showing_fixture f;
    asio::io_context other;
    bool called = false;
    f.api().orders().get(known_id, asio::bind_executor(other, cc::as_result([&](auto r) { called = r.has_value(); })));
    auto work = asio::make_work_guard(other);
    run_out(f.context);
    BOOST_TEST(!called);
    work.reset();
    run_out(other);
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(calls_are_joined_and_raced_by_operators) {
    using namespace asio::experimental::awaitable_operators;
    showing_fixture f;
    auto forms = [](cc::client api, std::string id) -> asio::awaitable<int> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 40s);
        auto [a, b] = co_await (api.orders().get(id) && api.async_call(cc::list_orders()));
        auto first = co_await (api.orders().get(id) || timer.async_wait(asio::use_awaitable));
        co_return (a.id == id) + !b.items.empty() + (first.index() == 0);
    };
    BOOST_TEST(run(f.context, forms(f.api(), known_id)) == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(generators)

BOOST_AUTO_TEST_CASE(a_temporary_query_and_temporary_options_are_walked) {
    showing_fixture f(generated(30));
    auto forms = [](cc::client api) -> asio::awaitable<int> {
        int n = 0;
        auto a = api.orders().list();
        while (auto o = co_await a.next()) ++n;
        auto b = api.orders().list(cc::list_orders(), cc::paging());
        while (auto o = co_await b.next()) ++n;
        auto c = api.orders().list(cc::list_orders{}, cc::cursor(), cc::paging{});
        while (auto o = co_await c.next()) ++n;
        auto d = cc::paginate(api, cc::list_orders());
        while (auto o = co_await d.next()) ++n;
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f.api())) == 120);
}

BOOST_AUTO_TEST_CASE(a_next_stands_in_conditions_and_expressions) {
    showing_fixture f(generated(30));
    auto forms = [](cc::client api) -> asio::awaitable<int> {
        int n = 0;
        auto walk = api.orders().list();
        if (auto first = co_await walk.next(); first && !first->id.empty()) ++n;
        const std::string id = "<" + (co_await walk.next())->id + ">";
        n += id.size() == 38;
        show(*co_await walk.next());
        for (auto o = co_await walk.next(); o; o = co_await walk.next()) ++n;
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f.api())) == 29);
}

BOOST_AUTO_TEST_CASE(a_walk_without_exceptions) {
    showing_fixture f(generated(30));
    f.server.inject(fault::status(500).on("GET", "/orders").after(1).times(1));
    auto forms = [](cc::client api) -> asio::awaitable<int> {
        int n = 0;
        auto walk = api.orders().list();
        for (;;) {
            auto o = co_await walk.try_next();
            if (o.has_error()) {
                report(o.error());
                continue;  // the next one asks for the same page again
            }
            if (!*o) break;
            ++n;
        }
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f.api())) == 30);
    BOOST_TEST(reported.size() == 1u);
}

BOOST_AUTO_TEST_CASE(calls_are_made_while_a_walk_goes_on) {
    showing_fixture f(generated(30));
    auto forms = [](cc::client api) -> asio::awaitable<int> {
        int n = 0;
        auto walk = api.orders().list();
        while (auto o = co_await walk.next()) {
            const cc::order full = co_await api.orders().get(o->id);
            n += full.id == o->id;
        }
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f.api())) == 30);
}

BOOST_AUTO_TEST_CASE(a_walk_is_moved_into_another_coroutine) {
    showing_fixture f(generated(30));
    auto rest = [](cc::async_generator<cc::order> walk) -> asio::awaitable<int> {
        int n = 0;
        while (auto o = co_await walk.next()) ++n;
        co_return n;
    };
    auto forms = [](cc::client api, auto& others) -> asio::awaitable<int> {
        auto walk = api.orders().list();
        co_await walk.next();
        const int n = co_await others(std::move(walk));
        co_return n;
    };
    BOOST_TEST(run(f.context, forms(f.api(), rest)) == 29);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
