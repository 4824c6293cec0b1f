// What an observer is told, and what nobody is told: keys, passwords, arguments, query strings.
#include "support/client_fixture.hpp"
#include "support/every_request.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace test;
using namespace std::chrono_literals;
using cc::event_kind;

namespace {

// An event that outlives the observer's call.
struct seen {
    event_kind kind;
    std::uint64_t call;
    std::string operation, method, path, host, reason, text;
    int attempt, status;
    std::string code;
    std::uint64_t connection;
    std::size_t records;
    std::chrono::microseconds duration;
    bool reused;
};

struct observed_fixture : client_fixture {
    explicit observed_fixture(sandbox_options options = sandbox_options()) : client_fixture(std::move(options)) {
        config.retry.base = 1ms;
        config.retry.max_pause = 2ms;
        config.observer = [this](const cc::event& e) {
            const std::lock_guard lock(mutex);
            events.push_back({e.kind, e.call, std::string(e.operation), std::string(e.method), std::string(e.path),
                              std::string(e.host), std::string(e.reason), cc::describe(e), e.attempt, e.status,
                              e.code ? e.code.message() : std::string(), e.connection, e.records, e.duration,
                              e.reused});
        };
    }

    std::vector<event_kind> kinds() const {
        std::vector<event_kind> out;
        for (const auto& e : events) out.push_back(e.kind);
        return out;
    }
    std::vector<seen> all(event_kind k) const {
        std::vector<seen> out;
        std::copy_if(events.begin(), events.end(), std::back_inserter(out), [&](const seen& e) { return e.kind == k; });
        return out;
    }
    const seen& only(event_kind k) const {
        const auto found = std::find_if(events.begin(), events.end(), [&](const seen& e) { return e.kind == k; });
        BOOST_TEST_REQUIRE((found != events.end()));
        return *found;
    }
    std::size_t count(event_kind k) const {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [&](const seen& e) { return e.kind == k; }));
    }

    std::mutex mutex;
    std::vector<seen> events;
};

const std::string key = "k3y-of-the-company-0123456789";

}  // namespace

BOOST_AUTO_TEST_SUITE(observing)

BOOST_AUTO_TEST_CASE(a_call_is_told_from_its_begin_to_its_end) {
    observed_fixture f;
    f.get();
    BOOST_TEST((f.kinds() == std::vector{event_kind::call_started, event_kind::connection_opened,
                                         event_kind::attempt_answered, event_kind::call_finished}));
    const auto& end = f.only(event_kind::call_finished);
    BOOST_TEST(end.call == 1u);
    BOOST_TEST(end.operation == "get_order");
    BOOST_TEST(end.method == "GET");
    BOOST_TEST(end.path == "/orders/{id}");
    BOOST_TEST(end.host == "localhost");
    BOOST_TEST(end.status == 200);
    BOOST_TEST(end.attempt == 1);
    BOOST_TEST(end.code.empty());
    BOOST_TEST(end.text.starts_with("get_order GET /orders/{id} 200 in "), end.text);
    f.events.clear();
    f.get();
    BOOST_TEST((f.kinds() == std::vector{event_kind::call_started, event_kind::connection_reused,
                                         event_kind::attempt_answered, event_kind::call_finished}));
    BOOST_TEST(f.events[3].call == 2u);
    BOOST_TEST(f.events[1].connection == 1u);
}

BOOST_AUTO_TEST_CASE(an_attempt_is_told_with_its_time_and_its_connection) {
    observed_fixture f;
    f.get();
    f.get();
    const auto answered = f.all(event_kind::attempt_answered);
    const auto finished = f.all(event_kind::call_finished);
    BOOST_TEST_REQUIRE(answered.size() == 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        const seen& e = answered[i];
        BOOST_TEST(e.call == i + 1);
        BOOST_TEST(e.operation == "get_order");
        BOOST_TEST(e.method == "GET");
        BOOST_TEST(e.path == "/orders/{id}");
        BOOST_TEST(e.host == "localhost");
        BOOST_TEST(e.attempt == 1);
        BOOST_TEST(e.status == 200);
        BOOST_TEST(e.code.empty());
        BOOST_TEST(e.connection == 1u);
        BOOST_TEST(e.reused == (i == 1));
        BOOST_TEST(e.duration.count() > 0);
        BOOST_TEST(e.duration.count() <= finished[i].duration.count());
    }
    // The first one had to wait for its connection.
    BOOST_TEST(answered[0].duration.count() >= f.only(event_kind::connection_opened).duration.count());
    BOOST_TEST(answered[1].text.starts_with("attempt_answered get_order GET /orders/{id} connection 1 200 in "),
               answered[1].text);
}

BOOST_AUTO_TEST_CASE(an_answer_that_no_repetition_changes_is_an_answer) {
    observed_fixture f;
    f.get("no-such-order");
    BOOST_TEST(f.only(event_kind::attempt_answered).status == 404);
    BOOST_TEST(f.only(event_kind::attempt_answered).code.empty());
    BOOST_TEST(f.only(event_kind::attempt_answered).connection == 1u);
    BOOST_TEST(f.count(event_kind::attempt_failed) == 0u);
}

BOOST_AUTO_TEST_CASE(the_last_attempt_may_be_a_failed_one) {
    observed_fixture f;
    f.server.inject(fault::status(500));
    f.get();
    BOOST_TEST(f.only(event_kind::attempt_failed).status == 500);
    BOOST_TEST(f.only(event_kind::attempt_failed).duration.count() > 0);
    BOOST_TEST(f.count(event_kind::attempt_answered) == 0u);
    BOOST_TEST(f.count(event_kind::retry_planned) == 0u);
}

BOOST_AUTO_TEST_CASE(a_failed_attempt_and_its_repetition_have_each_their_own_time_and_connection) {
    observed_fixture f;
    f.config.retry.max_attempts = 3;
    f.server.inject(fault::status(500).times(1));
    f.server.inject(fault::close_before_answer().times(1));
    BOOST_TEST(f.get().has_value());
    const auto failed = f.all(event_kind::attempt_failed);
    BOOST_TEST_REQUIRE(failed.size() == 2u);
    BOOST_TEST(failed[0].attempt == 1);
    BOOST_TEST(failed[0].status == 500);
    BOOST_TEST(failed[0].code.empty());
    BOOST_TEST(failed[0].connection == 1u);
    BOOST_TEST(!failed[0].reused);
    BOOST_TEST(failed[1].attempt == 2);
    BOOST_TEST(failed[1].status == 0);
    BOOST_TEST(!failed[1].code.empty());
    BOOST_TEST(failed[1].connection == 1u);
    BOOST_TEST(failed[1].reused);
    const seen& last = f.only(event_kind::attempt_answered);
    BOOST_TEST(last.attempt == 3);
    BOOST_TEST(last.status == 200);
    BOOST_TEST(last.connection == 2u);
    BOOST_TEST(!last.reused);
    const auto sum = failed[0].duration + failed[1].duration + last.duration;
    BOOST_TEST(sum.count() <= f.only(event_kind::call_finished).duration.count());
}

BOOST_AUTO_TEST_CASE(an_attempt_that_gets_no_connection_has_none) {
    observed_fixture f;
    f.config.base_url = "https://localhost:1/api/integrate/v3";
    BOOST_TEST(f.get().has_error());
    const seen& e = f.only(event_kind::attempt_failed);
    BOOST_TEST(!e.code.empty());
    BOOST_TEST(e.connection == 0u);
    BOOST_TEST(!e.reused);
    BOOST_TEST(e.status == 0);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_gets_no_connection_does_not_have_that_of_the_one_before) {
    observed_fixture f;
    std::optional<sandbox> gone(std::in_place);
    const auto note = f.config.observer;
    f.config = gone->config();
    f.config.retry.max_attempts = 1;  // besides the one that follows when a kept connection is closed
    f.config.observer = [&](const cc::event& e) {
        note(e);
        if (e.kind == event_kind::attempt_failed) gone.reset();
    };
    BOOST_TEST(f.get().has_value());
    gone->inject(fault::close_before_answer());
    BOOST_TEST(f.get().has_error());
    const auto failed = f.all(event_kind::attempt_failed);
    BOOST_TEST_REQUIRE(failed.size() >= 2u);
    BOOST_TEST(failed[0].connection == 1u);
    BOOST_TEST(failed[0].reused);
    BOOST_TEST(failed[1].attempt == 2);
    BOOST_TEST(failed[1].connection == 0u);
    BOOST_TEST(!failed[1].reused);
}

BOOST_AUTO_TEST_CASE(a_silence_that_an_attempt_waits_for_is_not_its_time) {
    observed_fixture f;
    f.config.retry.base = 200ms;
    f.config.retry.max_attempts = 2;
    f.server.inject(fault::status(429).times(1));
    BOOST_TEST(f.get().has_value());
    const auto attempts = f.only(event_kind::attempt_failed).duration + f.only(event_kind::attempt_answered).duration;
    BOOST_TEST((f.only(event_kind::call_finished).duration - attempts >= 100ms));
}

BOOST_AUTO_TEST_CASE(a_request_that_is_not_sent_has_no_attempt) {
    observed_fixture f;
    BOOST_TEST(f.get("").has_error());
    BOOST_TEST((f.kinds() == std::vector{event_kind::call_started, event_kind::call_finished}));
}

BOOST_AUTO_TEST_CASE(failed_attempts_and_plans_are_told) {
    observed_fixture f;
    f.config.retry.max_attempts = 3;
    f.server.inject(fault::status(500).times(1));
    f.server.inject(fault::close_before_answer().times(1));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.count(event_kind::attempt_failed) == 2u);
    BOOST_TEST(f.count(event_kind::retry_planned) == 2u);
    BOOST_TEST(f.only(event_kind::attempt_failed).status == 500);
    BOOST_TEST(f.only(event_kind::retry_planned).attempt == 2);
    BOOST_TEST(f.only(event_kind::call_finished).attempt == 3);
}

BOOST_AUTO_TEST_CASE(the_path_is_the_one_that_the_configuration_has_instead) {
    observed_fixture f;
    f.config.paths["get_order"] = "/somewhere/else/{id}";
    f.get();
    BOOST_TEST(f.only(event_kind::call_started).path == "/somewhere/else/{id}");
    BOOST_TEST(f.only(event_kind::attempt_answered).path == "/somewhere/else/{id}");
    BOOST_TEST(f.only(event_kind::call_finished).path == "/somewhere/else/{id}");
}

BOOST_AUTO_TEST_CASE(an_outcome_that_is_an_error_has_its_code) {
    observed_fixture f;
    f.server.inject(fault::html());
    f.get();
    const auto& end = f.only(event_kind::call_finished);
    BOOST_TEST(end.status == 200);
    BOOST_TEST(end.code == make_error_code(cc::errc::html_instead_of_json).message());
}

BOOST_AUTO_TEST_CASE(silence_is_told) {
    observed_fixture f;
    f.config.retry.max_attempts = 2;
    f.server.inject(fault::status(429).times(1));
    BOOST_TEST(f.get().has_value());
    BOOST_TEST(f.count(event_kind::throttled) == 1u);
}

BOOST_AUTO_TEST_CASE(the_reason_why_a_connection_is_closed_is_told) {
    const auto reason = [](auto wrong) {
        observed_fixture f;
        wrong(f);
        f.api().close();
        return f.only(event_kind::connection_closed).reason;
    };
    BOOST_TEST(reason([](observed_fixture& f) { f.get(); }) == "client closed");
    BOOST_TEST(reason([](observed_fixture& f) {
                   f.server.inject(fault::connection_close());
                   f.get();
               }) == "not kept by the server");
    BOOST_TEST(reason([](observed_fixture& f) {
                   f.server.inject(fault::truncate_after(1));
                   f.get();
               }) == "failed");
    BOOST_TEST(reason([](observed_fixture& f) {
                   f.get();
                   f.server.close_idle_connections();
                   cc::upgrade_order buys(known_id);  // a read might be tried on it
                   buys.add_ons = {cc::add_on::cad_files};
                   BOOST_TEST(f.call(buys).has_value());
               }) == "closed by the server while idle");
    BOOST_TEST(reason([](observed_fixture& f) {
                   f.config.pool.max_idle = std::chrono::milliseconds(0);
                   f.get();
                   f.get();
               }) == "idle limit");
    BOOST_TEST(reason([](observed_fixture& f) {
                   f.config.pool.max_age = std::chrono::milliseconds(0);
                   f.get();
               }) == "age limit");
}

BOOST_AUTO_TEST_CASE(pages_of_a_walk_are_told) {
    observed_fixture f(with_orders(30));
    auto all = [](cc::client api) -> asio::awaitable<int> {
        cc::list_orders query;
        query.limit = 20;
        auto walk = api.orders().list(query);
        int n = 0;
        while (auto o = co_await walk.next()) ++n;
        co_return n;
    };
    BOOST_TEST(run(f.context, all(f.api())) == 32);
    BOOST_TEST(f.count(event_kind::page_fetched) == 2u);
    BOOST_TEST(f.only(event_kind::page_fetched).records == 20u);
    BOOST_TEST(f.count(event_kind::page_irregular) == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_that_leads_nowhere_is_told) {
    observed_fixture f;
    f.server.inject(fault::status(200, R"({"pagination":{"has_more":true},"items":[]})"));
    auto walk = f.api().orders().list();
    BOOST_CHECK_THROW(run(f.context, walk.next()), cc::failure);
    BOOST_TEST(f.only(event_kind::page_irregular).reason == "no next offset");
}

BOOST_AUTO_TEST_CASE(an_observer_that_throws_harms_no_call) {
    observed_fixture f;
    f.config.observer = [](const cc::event&) { throw std::runtime_error("disk full"); };
    BOOST_TEST(f.get().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(redaction)

// In success and in every kind of failure, even when the server sends back what it was sent.
BOOST_AUTO_TEST_CASE(no_error_event_or_exception_has_a_secret) {
    const std::string echo = R"({"message":"the key )" + key + R"( is not valid"})";
    const std::string link = "https://files.example/1.pdf?X-Amz-Date=1&X-Amz-Signature=" + token;
    std::vector<std::optional<fault>> faults{std::nullopt,
                                             fault::status(401, echo),
                                             fault::status(500, echo),
                                             fault::status(302, echo, {{"Location", "https://x.example/?k=" + key}}),
                                             fault::status(200, "<html>" + key),
                                             fault::status(400, "{\"message\":\"cannot read " + link + "\"}"),
                                             fault::status(500, "cannot read " + link),
                                             fault::status(200, "<html><a href='" + link + "'>"),
                                             fault::status(200, "{\"id\":\"1\",\"url\":\"" + link),
                                             fault::status(200, "{\"url\":\"" + link + "\"}"),
                                             fault::status(200, "[\"" + link + "\"]"),
                                             fault::status(302, "", {{"Location", link}}),
                                             fault::html(),
                                             fault::broken_json(),
                                             fault::empty_body(),
                                             fault::close_before_answer(),
                                             fault::truncate_after(3),
                                             fault::garbage()};
    for (const auto& wrong : faults) {
        sandbox_options options;
        options.api_key = key;
        observed_fixture f(options);
        f.config.retry.max_attempts = 2;
        f.config.retry.budget = 1e6;
        std::string everything;
        if (wrong) f.server.inject(*wrong);
        for (const any_request& request : every_request()) {
            const ending e = request.call(f.context, f.api());
            if (e.error) everything += e.error.describe() + cc::failure(e.error).what() + "\n";
        }
        std::ostringstream text;
        for (const auto& e : f.events) {
            text << e.text << e.operation << e.method << e.path << e.host << e.reason << e.code << '\n';
        }
        everything += text.str();
        BOOST_TEST(everything.size() > 1000u);
        BOOST_TEST(f.count(event_kind::attempt_answered) + f.count(event_kind::attempt_failed) > 0u);
        for (const std::string& secret : {key, password, token, std::string("one@example.com"), known_id}) {
            BOOST_TEST(everything.find(secret) == std::string::npos, "found " << secret << " in\n" << everything);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
