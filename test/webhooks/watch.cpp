// Changes of orders: with events, without, with bad ones, and from one run to the next.
#include <cubicasa/watch.hpp>
#include <cubicasa/webhook_listener.hpp>

#include "../support/client_fixture.hpp"
#include "../support/shown.hpp"
#include "../support/temporary_folder.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using cubicasa::change_kind;
using cubicasa::errc;
using cubicasa::order_change;
using cubicasa::watch_options;
using test::fault;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

using changes_of = cubicasa::async_generator<order_change>;

test::sandbox_options few_orders(std::size_t n) {
    test::sandbox_options out;
    out.orders = n;
    out.examples = false;
    return out;
}

// Quick polling, since the sandbox does not mind.
watch_options eager() {
    watch_options out;
    out.poll = 20ms;
    out.poll_all = 40ms;
    out.recheck = 1ms;
    out.recheck_for = std::chrono::hours(24 * 365 * 20);
    return out;
}

struct watch_fixture : test::client_fixture {
    watch_fixture() : client_fixture(few_orders(12)) {}
    explicit watch_fixture(test::sandbox_options o) : client_fixture(std::move(o)) {}

    // Runs a coroutine that is given the changes.
    template <class F>
    void with_changes(const watch_options& how, F f) {
        test::run(context, f(cubicasa::watch(api(), filter, how)));
    }
    std::vector<std::string> of_status(const std::string& status) {
        std::vector<std::string> out;
        for (const std::string& id : server.order_ids()) {
            if (server.order_json(id).find("\"status\":\"" + status + "\"") != std::string::npos) out.push_back(id);
        }
        return out;
    }

    // Calls `f` when the list has been asked for so often from now on: the one before has been read then.
    template <class F>
    void after_lists(std::size_t n, F f) {
        const auto lists = [this] {
            std::size_t out = 0;
            for (const auto& r : server.requests()) out += r.target.find("/orders?") != std::string::npos;
            return out;
        };
        auto watch_them = [=, this]() -> asio::awaitable<void> {
            asio::steady_timer soon(context);
            for (const std::size_t before = lists(); lists() < before + n;) {
                soon.expires_after(1ms);
                co_await soon.async_wait(asio::use_awaitable);
            }
            f();
        };
        asio::co_spawn(context, watch_them, asio::detached);
    }

    cubicasa::list_orders filter;
    test::temporary_folder folder;
};

// Loses a third of its events, sends a third twice, and in any order.
struct troubled_fixture : watch_fixture {
    troubled_fixture() : watch_fixture(trouble()) {}
    static test::sandbox_options trouble() {
        auto out = few_orders(30);
        out.webhooks_lost = 0.33;
        out.webhooks_repeated = 0.33;
        out.webhooks_shuffled = true;
        return out;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(watching, watch_fixture)

BOOST_FIXTURE_TEST_CASE(each_change_is_told_once_although_events_are_lost_repeated_and_shuffled, troubled_fixture) {
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    cubicasa::webhook_listener listener(context.get_executor(), hooks);
    cubicasa::update_webhooks settings;
    settings.webhook_urls = std::vector<std::string>{hooks.url(listener.base_url())};
    settings.webhook_triggers = std::vector<cubicasa::webhook_trigger>{cubicasa::webhook_trigger::moved_to_ready,
                                                                       cubicasa::webhook_trigger::moved_to_fixing,
                                                                       cubicasa::webhook_trigger::moved_to_pending};
    auto how = eager();
    how.report_existing = true;
    how.webhooks = hooks;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        co_await api().async_call(settings);
        for (std::size_t i = 0; i < server.order_ids().size(); ++i) {
            auto c = co_await changes.next();
            BOOST_TEST(c.has_value());
        }
        for (const char* status : {"Pending", "Ready", "Fixing", "Ready"}) {
            std::set<std::string> expected;
            for (const std::string& id : server.order_ids()) {
                if (server.order_json(id).find(std::string("\"status\":\"") + status + "\"") == std::string::npos) {
                    expected.insert(id);
                    server.set_status(id, status);
                }
            }
            BOOST_TEST(!expected.empty());
            while (!expected.empty()) {
                auto c = co_await changes.next();
                BOOST_TEST_REQUIRE(c.has_value());
                BOOST_TEST(c->order.info.status.str() == status);
                BOOST_TEST(expected.erase(c->order.id) == 1u, "told twice: " << c->order.id);
            }
        }
        // Whatever were told twice would come before this.
        const std::string last = server.order_ids().front();
        server.set_status(last, "Fixing");
        auto c = co_await changes.next();
        BOOST_TEST(c->order.id == last);
        BOOST_TEST((c->kind == change_kind::moved));
        listener.close();
    };
    with_changes(how, play);
    BOOST_TEST(hooks.stats().accepted > 0u);
    BOOST_TEST(hooks.stats().repeated > 0u);
    const auto calls = server.webhook_calls();
    BOOST_TEST(std::count_if(calls.begin(), calls.end(), [](const auto& c) { return c.lost; }) > 0);
}

BOOST_AUTO_TEST_CASE(without_webhooks_changes_are_found_by_polling) {
    const std::string id = of_status("Ready").front();
    auto how = eager();
    how.report_existing = true;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < server.order_ids().size(); ++i) {
            auto c = co_await changes.next();
            BOOST_TEST(seen.insert(c->order.id).second);
        }
        server.set_status(id, "Fixing");
        auto c = co_await changes.next();
        BOOST_TEST(c->order.id == id);
        BOOST_TEST((c->kind == change_kind::moved));
        BOOST_TEST((c->previous_status == cubicasa::order_status::ready));
        server.set_status(id, "Ready");
        c = co_await changes.next();
        BOOST_TEST((c->kind == change_kind::fix));
        BOOST_TEST(c->order.delivery_assets.has_value());
    };
    with_changes(how, play);
}

BOOST_AUTO_TEST_CASE(only_changes_to_the_statuses_of_the_filter_are_told) {
    const std::string id = of_status("Pending").front();
    filter.status = {cubicasa::order_status::ready};
    auto how = eager();
    how.report_existing = true;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        const std::size_t ready = of_status("Ready").size();
        for (std::size_t i = 0; i < ready; ++i) {
            auto c = co_await changes.next();
            BOOST_TEST((c->order.info.status == cubicasa::order_status::ready));
        }
        server.set_status(id, "Ready");
        auto c = co_await changes.next();
        BOOST_TEST(c->order.id == id);
        BOOST_TEST((c->kind == change_kind::first_delivery));
    };
    with_changes(how, play);
}

BOOST_AUTO_TEST_CASE(an_event_that_somebody_has_invented_tells_nothing) {
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    const std::string target = hooks.url("");
    for (const char* id : {"b8f31fd8-0000-0000-0000-000000000000", "../../users", "", "a b", "\\u0000"}) {
        hooks.receive("POST", target, R"({"id":")" + std::string(id) + R"(","current_status":"Ready"})");
    }
    auto how = eager();
    how.webhooks = hooks;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        hooks.close();
        auto c = co_await changes.next();
        BOOST_TEST(!c.has_value());
    };
    with_changes(how, play);
}

BOOST_AUTO_TEST_CASE(events_that_were_accepted_are_handled_before_the_end) {
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    const std::string id = of_status("Ready").front();
    hooks.receive(
        "POST", hooks.url(""),
        R"({"id":")" + id + R"(","current_status":"Ready","previous_status":"Pending","product_type":"products_2d"})");
    hooks.close();
    auto how = eager();
    how.webhooks = hooks;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        auto c = co_await changes.next();
        BOOST_TEST_REQUIRE(c.has_value());
        BOOST_TEST(c->order.id == id);
        BOOST_TEST((c->kind == change_kind::first_delivery));
        BOOST_TEST((c->product == cubicasa::product_type::products_2d));
        c = co_await changes.next();
        BOOST_TEST(!c.has_value());
    };
    with_changes(how, play);
}

BOOST_AUTO_TEST_CASE(an_accepted_event_whose_order_could_not_be_read_is_handled_before_the_end) {
    config.retry.max_attempts = 1;
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    const std::string id = of_status("Ready").front();
    hooks.receive("POST", hooks.url(""),
                  R"({"id":")" + id + R"(","current_status":"Ready","previous_status":"Pending"})");
    server.inject(fault::status(500).on("GET", "/orders/" + id).times(1));
    auto how = eager();
    how.webhooks = hooks;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        const auto failed = co_await changes.try_next();
        BOOST_TEST_REQUIRE(failed.has_error());
        hooks.close();
        auto c = co_await changes.next();
        BOOST_TEST_REQUIRE(c.has_value());
        BOOST_TEST(c->order.id == id);
        c = co_await changes.next();
        BOOST_TEST(!c.has_value());
    };
    with_changes(how, play);
}

BOOST_AUTO_TEST_CASE(errors_are_told_and_the_next_call_goes_on) {
    config.retry.max_attempts = 1;
    server.inject(fault::status(500).on("GET", "/orders").times(1));
    auto how = eager();
    how.report_existing = true;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        auto r = co_await changes.try_next();
        BOOST_TEST_REQUIRE(r.has_error());
        BOOST_TEST((r.error() == errc::server_error), r.error());
        std::set<std::string> seen;
        while (seen.size() < server.order_ids().size()) {
            auto c = co_await changes.next();
            BOOST_TEST(seen.insert(c->order.id).second);
        }
    };
    with_changes(how, play);
}

BOOST_AUTO_TEST_CASE(an_order_that_cannot_be_read_does_not_hold_up_the_others) {
    const std::string broken = server.order_ids().front();
    server.inject(fault::status(500).on("GET", "/orders/" + broken));
    auto how = eager();
    how.report_existing = true;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        std::set<std::string> seen;
        std::size_t errors = 0;
        while (seen.size() + 1 < server.order_ids().size()) {
            auto r = co_await changes.try_next();
            if (r.has_error()) {
                ++errors;
            } else {
                BOOST_TEST(seen.insert((*r)->order.id).second);
            }
        }
        BOOST_TEST(seen.count(broken) == 0u);
        BOOST_TEST(errors > 0u);
        BOOST_TEST(errors < 4u);
    };
    with_changes(how, play);
}

BOOST_AUTO_TEST_CASE(an_order_of_the_list_that_the_server_refuses_to_show_is_told_as_an_error) {
    const std::string id = server.order_ids().front();
    auto how = eager();
    how.report_existing = true;
    for (const int status : {400, 404, 422}) {
        server.clear_faults();
        server.inject(fault::status(status).on("GET", "/orders/" + id));
        auto play = [&](changes_of changes) -> asio::awaitable<void> {
            auto r = co_await changes.try_next();
            BOOST_TEST_REQUIRE(r.has_error());
            BOOST_TEST(r.error().http_status == status);
        };
        with_changes(how, play);
    }
}

BOOST_AUTO_TEST_CASE(more_events_than_can_be_looked_at_are_refused_and_do_not_fill_the_memory) {
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    auto how = eager();
    how.webhooks = hooks;
    api().close();
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        for (int i = 0; i < 5000; ++i) {
            hooks.receive("POST", hooks.url(""), R"({"id":")" + std::to_string(i) + R"(","current_status":"Ready"})");
            if (i % 1000 == 0) {
                auto r = co_await changes.try_next();
                BOOST_TEST((r.error() == errc::client_closed), r.error());
            }
        }
    };
    with_changes(how, play);
    BOOST_TEST(hooks.stats().full > 2000u);
}

BOOST_AUTO_TEST_CASE(a_refused_key_is_told) {
    config.api_key = "wrong";
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        auto r = co_await changes.try_next();
        BOOST_TEST_REQUIRE(r.has_error());
        BOOST_TEST((r.error() == errc::unauthorized), r.error());
    };
    with_changes(eager(), play);
}

BOOST_AUTO_TEST_CASE(a_next_run_goes_on_from_the_checkpoint) {
    auto how = eager();
    how.report_existing = true;
    how.checkpoint = folder / "watch";
    const std::size_t all = server.order_ids().size();
    const std::string id = of_status("Pending").front();
    auto first = [&](changes_of changes) -> asio::awaitable<void> {
        for (std::size_t i = 0; i < all; ++i) {
            auto c = co_await changes.next();
            BOOST_TEST(c.has_value());
        }
    };
    with_changes(how, first);
    server.set_status(id, "Ready");
    // The last one of the first run was handed out, and nobody knows whether it was handled.
    auto second = [&](changes_of changes) -> asio::awaitable<void> {
        std::set<std::string> seen;
        for (int i = 0; i < 2; ++i) {
            auto c = co_await changes.next();
            seen.insert(c->order.id);
        }
        BOOST_TEST(seen.size() == 2u);
        BOOST_TEST(seen.count(id) == 1u);
        asio::post(context, [&] { server.set_status(id, "Fixing"); });
        auto c = co_await changes.next();
        BOOST_TEST(c->order.id == id);
        BOOST_TEST((c->kind == change_kind::moved));
    };
    with_changes(how, second);
}

BOOST_AUTO_TEST_CASE(what_a_first_run_did_not_get_to_see_is_no_change_for_the_next_one) {
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    const std::string known = of_status("Ready").front();
    const std::string moved = of_status("Pending").front();
    hooks.receive("POST", hooks.url(""),
                  R"({"id":")" + known + R"(","current_status":"Ready","previous_status":"Pending"})");
    auto how = eager();
    how.webhooks = hooks;
    how.checkpoint = folder / "watch";
    config.retry.max_attempts = 1;
    server.inject(fault::status(500).on("GET", "/orders").after(1).times(1));
    auto first = [&](changes_of changes) -> asio::awaitable<void> {
        const auto c = co_await changes.next();
        BOOST_TEST(c->order.id == known);
        const auto failed = co_await changes.try_next();
        BOOST_TEST(failed.has_error());
    };
    with_changes(how, first);
    how.webhooks.reset();
    auto second = [&](changes_of changes) -> asio::awaitable<void> {
        // The event's order may come again, since nobody knows whether it was handled.
        after_lists(2, [&] { server.set_status(moved, "Ready"); });
        auto c = co_await changes.next();
        if (c->order.id == known) c = co_await changes.next();
        BOOST_TEST(c->order.id == moved);
        BOOST_TEST((c->kind == change_kind::first_delivery));
    };
    with_changes(how, second);
}

BOOST_AUTO_TEST_CASE(orders_that_come_after_a_run_that_saw_none_are_told_by_the_next_one) {
    filter.created_after = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) - 1h;
    auto how = eager();
    how.checkpoint = folder / "watch";
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    how.webhooks = hooks;
    auto first = [&](changes_of changes) -> asio::awaitable<void> {
        after_lists(2, [&] { hooks.close(); });
        const auto c = co_await changes.next();
        BOOST_TEST(!c.has_value());
    };
    with_changes(how, first);
    how.webhooks.reset();
    const auto made = call(cubicasa::create_draft("1 Main St", "Oulu", "Finland", "manager@cubicasa.com"));
    BOOST_TEST_REQUIRE(made.has_value(), made.error());
    auto second = [&](changes_of changes) -> asio::awaitable<void> {
        const auto c = co_await changes.next();
        BOOST_TEST(c->order.id == made->id);
    };
    with_changes(how, second);
}

BOOST_AUTO_TEST_CASE(a_torn_end_of_a_checkpoint_is_survived_and_another_file_is_refused) {
    auto how = eager();
    how.checkpoint = folder / "watch";
    folder.write("watch", "cubicasa watch 1\n{\"id\":\"x\",\"status\":\"Ready\"}\n{\"id\":\"y\",\"sta");
    auto gone = [&](changes_of changes) -> asio::awaitable<void> {
        std::set<std::string> seen;
        for (std::size_t i = 0; i <= server.order_ids().size(); ++i) {
            auto c = co_await changes.next();
            seen.insert(c->order.id);
            if (c->order.id == "x") BOOST_TEST((c->kind == change_kind::gone));
        }
        BOOST_TEST(seen.count("x") == 1u);
    };
    with_changes(how, gone);
    for (const char* text : {"something else\n", "cubicasa watch 1\nno JSON\n"}) {
        folder.write("watch", text);
        auto refused = [&](changes_of changes) -> asio::awaitable<void> {
            auto r = co_await changes.try_next();
            BOOST_TEST_REQUIRE(r.has_error());
            BOOST_TEST((r.error() == errc::file_failed), r.error());
        };
        with_changes(how, refused);
        BOOST_TEST(folder.read("watch") == text);
    }
}

BOOST_AUTO_TEST_CASE(two_watches_do_not_share_a_checkpoint) {
    auto how = eager();
    how.checkpoint = folder / "watch";
    how.report_existing = true;
    auto play = [&](changes_of changes) -> asio::awaitable<void> {
        auto c = co_await changes.next();
        auto other = cubicasa::watch(api(), cubicasa::list_orders(), how);
        auto r = co_await other.try_next();
        BOOST_TEST_REQUIRE(r.has_error());
        BOOST_TEST((r.error() == errc::file_busy), r.error());
    };
    with_changes(how, play);
}

BOOST_AUTO_TEST_CASE(cancelling_a_wait_for_changes_loses_none) {
    watch_options patient;  // waits for minutes after the first look at the list
    patient.report_existing = false;
    const cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::make_webhook_token())};
    patient.webhooks = hooks;
    auto changes = cubicasa::watch(api(), filter, patient);
    asio::cancellation_signal stop;
    std::optional<cubicasa::error> first;
    auto wait = [&]() -> asio::awaitable<void> {
        auto r = co_await changes.try_next();
        if (r.has_error()) first = r.error();
    };
    asio::co_spawn(context, wait(), asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    asio::post(context, [&] { stop.emit(asio::cancellation_type::terminal); });
    test::run_out(context);
    BOOST_TEST_REQUIRE(first.has_value());
    BOOST_TEST((*first == errc::cancelled), *first);
    hooks.receive(
        "POST", hooks.url(""),
        R"({"id":")" + of_status("Ready").front() + R"(","current_status":"Ready","previous_status":"Ready"})");
    auto again = [&]() -> asio::awaitable<void> {
        auto c = co_await changes.next();
        BOOST_TEST(c.has_value());
    };
    test::run(context, again());
}

BOOST_AUTO_TEST_CASE(a_wait_for_an_order_ends_when_it_has_the_status) {
    const std::string id = of_status("Pending").front();
    cubicasa::wait_options quick;
    quick.first_poll = 1ms;
    quick.poll = 5ms;
    auto wait = [&]() -> asio::awaitable<cubicasa::order> {
        auto work = cubicasa::wait_until(api(), id, cubicasa::order_status::ready, 60s, quick);
        asio::post(context, [&] { server.set_status(id, "Ready"); });
        auto o = co_await std::move(work);
        co_return o;
    };
    BOOST_TEST(test::run(context, wait()).delivery_assets.has_value());
}

BOOST_AUTO_TEST_CASE(a_wait_for_an_order_survives_troubles_and_has_an_end) {
    const std::string id = of_status("Pending").front();
    cubicasa::wait_options quick;
    quick.first_poll = 1ms;
    quick.poll = 5ms;
    server.inject(fault::status(503).times(2));
    auto wait = [&]() -> asio::awaitable<cubicasa::order> {
        return cubicasa::wait_until(api(), id, cubicasa::order_status::ready, 200ms, quick);
    };
    try {
        test::run(context, wait());
        BOOST_TEST(false, "it came to an end");
    } catch (const cubicasa::failure& f) {
        BOOST_TEST((f.details() == errc::deadline_exceeded), f.details());
        BOOST_TEST(f.details().message.find("Pending") != std::string::npos);
    }
    auto unknown = [&]() -> asio::awaitable<cubicasa::order> {
        return cubicasa::wait_until(api(), "b8f31fd8-0000-0000-0000-000000000000", cubicasa::order_status::ready, 60s);
    };
    BOOST_CHECK_EXCEPTION(test::run(context, unknown()), cubicasa::failure,
                          [](const auto& f) { return f.details() == errc::not_found; });
}

BOOST_AUTO_TEST_CASE(a_wait_for_an_order_ends_in_time_although_the_server_hangs) {
    config.timeouts.total = config.timeouts.first_byte = 24h;
    server.inject(fault::never_answer());
    auto wait = [&]() -> asio::awaitable<cubicasa::order> {
        return cubicasa::wait_until(api(), of_status("Pending").front(), cubicasa::order_status::ready, 200ms);
    };
    BOOST_CHECK_EXCEPTION(test::run(context, wait()), cubicasa::failure,
                          [](const auto& f) { return f.details() == errc::deadline_exceeded; });
}

BOOST_AUTO_TEST_CASE(a_wait_for_an_order_may_be_without_end) {
    const std::string id = of_status("Ready").front();
    auto wait = [&]() -> asio::awaitable<cubicasa::order> {
        return cubicasa::wait_until(api(), id, cubicasa::order_status::ready, std::chrono::milliseconds::max());
    };
    BOOST_TEST(test::run(context, wait()).id == id);
}

BOOST_AUTO_TEST_CASE(a_confirmed_event_tells_what_kind_of_delivery_it_was) {
    const std::string ready = of_status("Ready").front();
    auto confirmed = [&](const char* before, const char* now) {
        cubicasa::order_event e;
        e.id = ready;
        e.previous_status = cubicasa::order_status(before);
        e.current_status = cubicasa::order_status(now);
        e.product_type = cubicasa::product_type::tour;
        return test::run(context, cubicasa::confirm(api(), e));
    };
    BOOST_TEST((confirmed("Pending", "Ready").kind == change_kind::first_delivery));
    BOOST_TEST((confirmed("Fixing", "Ready").kind == change_kind::fix));
    BOOST_TEST((confirmed("Ready", "Ready").kind == change_kind::edit));
    BOOST_TEST((confirmed("Ready", "Fixing").kind == change_kind::outdated));
    const auto c = confirmed("Pending", "Ready");
    BOOST_TEST((c.product == cubicasa::product_type::tour));
    BOOST_TEST(c.order.delivery_assets.has_value());
}

BOOST_AUTO_TEST_CASE(an_event_about_an_order_that_does_not_exist_cannot_be_confirmed) {
    cubicasa::order_event e;
    e.id = "b8f31fd8-0000-0000-0000-000000000000";
    e.current_status = cubicasa::order_status::ready;
    BOOST_CHECK_EXCEPTION(test::run(context, cubicasa::confirm(api(), e)), cubicasa::failure,
                          [](const auto& f) { return f.details() == errc::not_found; });
}

BOOST_AUTO_TEST_SUITE_END()
