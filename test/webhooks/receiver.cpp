// The receiver inside of other people's servers: what is answered, and what becomes of events.
#include <cubicasa/webhook.hpp>

#include "../support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <string>
#include <thread>

using cubicasa::errc;
using cubicasa::webhook_options;
using cubicasa::webhook_receiver;
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

const std::string token = "0123456789abcdef0123456789abcdef";
const std::string path = "/webhooks/cubicasa/" + token;

std::string event_json(const std::string& id, const std::string& status = "Ready") {
    return R"({"id":")" + id + R"(","current_status":")" + status + R"(","previous_status":"Pending"})";
}

struct receiver_fixture {
    static webhook_options options() { return webhook_options(token); }

    int post(const std::string& body) { return hooks.receive("POST", path, body).status; }

    // The ids of events until there are no more; closes the receiver.
    std::vector<std::string> rest() {
        hooks.close();
        auto walk = [](webhook_receiver from) -> asio::awaitable<std::vector<std::string>> {
            std::vector<std::string> ids;
            auto events = from.events();
            while (auto e = co_await events.next()) ids.push_back(e->id);
            co_return ids;
        };
        return test::run(context, walk(hooks));
    }

    asio::io_context context;
    webhook_receiver hooks{options()};
};

template <class F>
cubicasa::error refusal_of(F f) {
    try {
        f();
    } catch (const cubicasa::failure& e) {
        return e.details();
    }
    BOOST_TEST_REQUIRE(false, "it was accepted");
    return {};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(receiver, receiver_fixture)

BOOST_AUTO_TEST_CASE(an_event_is_answered_before_anybody_handles_it) {
    BOOST_TEST(post(event_json("a")) == 200);
    BOOST_TEST(hooks.stats().waiting == 1u);
    BOOST_TEST(rest() == std::vector<std::string>{"a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_answered_like_a_path_that_does_not_exist) {
    for (const std::string& t : {std::string("x"), std::string(), token.substr(1), token + "0", token + "/more",
                                 std::string(32, '0'), std::string(5000, 'a')}) {
        BOOST_TEST(hooks.receive("POST", "/webhooks/cubicasa/" + t, event_json("a")).status == 404);
    }
    BOOST_TEST(hooks.receive("GET", "/webhooks/cubicasa/x", "").status == 404);
    BOOST_TEST(hooks.stats().wrong_token == 8u);
    BOOST_TEST(rest().empty());
}

BOOST_AUTO_TEST_CASE(a_query_behind_the_token_does_no_harm) {
    BOOST_TEST(hooks.receive("POST", path + "?source=cubicasa", event_json("a")).status == 200);
}

BOOST_AUTO_TEST_CASE(another_method_is_refused_with_the_one_that_is_right) {
    const auto reply = hooks.receive("GET", path, "");
    BOOST_TEST(reply.status == 405);
    BOOST_TEST(reply.allow == "POST");
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_refused_and_counted) {
    for (const std::string& body :
         {std::string(), std::string("no JSON"), std::string("[]"), std::string("{}"), std::string(R"({"id":"a"})"),
          std::string("{\"id\":\"\xff\",\"current_status\":\"Ready\"}"), std::string(1000, '[')}) {
        BOOST_TEST(post(body) == 400);
    }
    BOOST_TEST(post(std::string(17 * 1024, ' ')) == 413);
    BOOST_TEST(hooks.stats().refused == 8u);
    BOOST_TEST(rest().empty());
}

BOOST_AUTO_TEST_CASE(new_fields_and_new_values_are_no_reason_to_refuse_an_event) {
    BOOST_TEST(post(R"({"id":"a","current_status":"Failed","reason":{"code":7},"previous_status":null})") == 200);
}

BOOST_AUTO_TEST_CASE(a_repeat_is_answered_well_and_handed_out_once) {
    BOOST_TEST(post(event_json("a")) == 200);
    BOOST_TEST(post(event_json("a")) == 200);
    BOOST_TEST(hooks.stats().repeated == 1u);
    BOOST_TEST(rest().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_asks_the_sender_to_come_again) {
    webhook_options small = options();
    small.waiting = 2;
    hooks = webhook_receiver(small);
    BOOST_TEST(post(event_json("a")) == 200);
    BOOST_TEST(post(event_json("b")) == 200);
    const auto reply = hooks.receive("POST", path, event_json("c"));
    BOOST_TEST(reply.status == 503);
    BOOST_TEST(reply.retry_after > 0);
    BOOST_TEST(hooks.stats().full == 1u);
    BOOST_TEST(rest().size() == 2u);
}

BOOST_AUTO_TEST_CASE(after_close_events_are_not_accepted_and_none_is_lost) {
    BOOST_TEST(post(event_json("a")) == 200);
    hooks.close();
    BOOST_TEST(post(event_json("b")) == 503);
    BOOST_TEST(rest() == std::vector<std::string>{"a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_generator_that_waits_is_woken_by_an_event_of_another_thread) {
    auto first = [](webhook_receiver from) -> asio::awaitable<std::string> {
        auto events = from.events();
        auto e = co_await events.next();
        co_return e->id;
    };
    std::thread sender([this] { post(event_json("a")); });
    BOOST_TEST(test::run(context, first(hooks)) == "a");
    sender.join();
}

BOOST_AUTO_TEST_CASE(a_generator_that_waits_ends_when_the_receiver_is_closed) {
    auto first = [](webhook_receiver from) -> asio::awaitable<bool> {
        auto events = from.events();
        auto e = co_await events.next();
        co_return e.has_value();
    };
    asio::post(context, [this] { hooks.close(); });
    BOOST_TEST(!test::run(context, first(hooks)));
}

BOOST_AUTO_TEST_CASE(cancelling_a_wait_loses_no_event) {
    asio::cancellation_signal stop;
    std::optional<bool> cancelled;
    auto wait = [](webhook_receiver from) -> asio::awaitable<bool> {
        auto events = from.events();
        const auto r = co_await events.try_next();
        co_return r.has_error() && r.error() == errc::cancelled;
    };
    asio::co_spawn(context, wait(hooks),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, bool c) { cancelled = c; }));
    asio::post(context, [&] { stop.emit(asio::cancellation_type::terminal); });
    test::run_out(context);
    BOOST_TEST_REQUIRE(cancelled.has_value());
    BOOST_TEST(*cancelled);
    BOOST_TEST(post(event_json("a")) == 200);
    BOOST_TEST(rest().size() == 1u);
}

BOOST_AUTO_TEST_CASE(two_waits_at_once_are_an_error_and_not_a_race) {
    auto two = [](webhook_receiver from) -> asio::awaitable<cubicasa::error> {
        auto other = [](webhook_receiver same) -> asio::awaitable<void> {
            auto events = same.events();
            auto e = co_await events.next();
        };
        const auto executor = co_await asio::this_coro::executor;
        asio::co_spawn(executor, other(from), [](std::exception_ptr) {});
        co_await asio::post(executor, asio::use_awaitable);
        auto events = from.events();
        auto r = co_await events.try_next();
        from.close();
        co_return r.has_error() ? r.error() : cubicasa::error();
    };
    BOOST_TEST((test::run(context, two(hooks)) == errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_destroyed_generator_loses_no_event) {
    post(event_json("a"));
    post(event_json("b"));
    auto first = [](webhook_receiver from) -> asio::awaitable<std::string> {
        auto events = from.events();
        auto e = co_await events.next();
        co_return e->id;
    };
    BOOST_TEST(test::run(context, first(hooks)) == "a");
    BOOST_TEST(rest() == std::vector<std::string>{"b"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tokens_that_can_be_guessed_or_not_be_sent_are_refused) {
    for (const char* bad : {"", "short", "0123456789abcde/", "0123456789abcdef 1", "0123456789abcd%41"}) {
        const auto e = refusal_of([bad] { webhook_receiver{webhook_options(bad)}; });
        BOOST_TEST((e == errc::invalid_configuration));
    }
    webhook_options odd = options();
    for (const char* bad : {"", "x/", "/x", "/x?y/", "/x y/"}) {
        odd.path = bad;
        BOOST_TEST((refusal_of([&] { webhook_receiver{odd}; }) == errc::invalid_configuration));
    }
}

BOOST_AUTO_TEST_CASE(made_tokens_are_long_and_all_different) {
    const auto a = cubicasa::make_webhook_token();
    const auto b = cubicasa::make_webhook_token();
    BOOST_TEST(a.reveal().size() == 32u);
    BOOST_TEST(a.reveal() != b.reveal());
    BOOST_TEST(webhook_receiver{webhook_options(a)}.owns("/webhooks/cubicasa/"));
}

BOOST_AUTO_TEST_CASE(the_url_to_register_has_the_token) {
    BOOST_TEST(hooks.url("https://hooks.example.com") == "https://hooks.example.com" + path);
    BOOST_TEST(hooks.url("https://hooks.example.com/") == "https://hooks.example.com" + path);
}

BOOST_AUTO_TEST_CASE(a_beast_server_takes_the_receiver_in_with_a_line) {
    using request_type = http::request<http::string_body>;
    using response_type = http::response<http::string_body>;
    auto handle = [this](const request_type& request) -> response_type {
        if (auto answer = hooks.answer<response_type>(request)) return std::move(*answer);
        response_type own(http::status::ok, request.version(), "the server's own page");
        own.prepare_payload();
        return own;
    };
    request_type request(http::verb::post, path, 11, event_json("a"));
    auto response = handle(request);
    BOOST_TEST(response.result_int() == 200u);
    BOOST_TEST(response[http::field::content_type] == "application/json");
    BOOST_TEST(response.keep_alive());
    request.target("/");
    BOOST_TEST(handle(request).body() == "the server's own page");
    request.target("/webhooks/cubicasa/wrong");
    request.keep_alive(false);
    response = handle(request);
    BOOST_TEST(response.result_int() == 404u);
    BOOST_TEST(!response.keep_alive());
    BOOST_TEST(rest().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
