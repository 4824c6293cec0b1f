// ensure_webhooks: the settings are replaced, the echo is compared, and what is wrong is said without saying secrets.
#include "support/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace test;
using cc::webhook_trigger;
using cc::testing::recorded_request;

namespace {

using url_list = std::vector<std::string>;
using trigger_list = std::vector<webhook_trigger>;

const std::string secret_url = "https://a.example/hooks/t0ken";
const std::string other_url = "https://b.example:8443/hooks/t0ken?key=t0ken";

struct ensuring_fixture : client_fixture {
    cc::webhook_report ensure(const url_list& urls, const trigger_list& at = {webhook_trigger::moved_to_ready},
                              const std::optional<cc::webhook_settings>& before = std::nullopt) {
        return run(context, cc::ensure_webhooks(api(), urls, at, before));
    }

    cc::error ensure_error(const url_list& urls, const trigger_list& at = {webhook_trigger::moved_to_ready}) {
        try {
            ensure(urls, at);
        } catch (const cc::failure& e) {
            BOOST_TEST(std::string(e.what()).find("t0ken") == std::string::npos, e.what());
            return e.details();
        }
        BOOST_FAIL("no error");
        return cc::error();
    }

    cc::webhook_failure mismatch(const url_list& urls, const trigger_list& at, const std::string& echo) {
        server.inject(fault::status(200, echo).times(1));
        try {
            ensure(urls, at);
        } catch (const cc::webhook_failure& e) {
            BOOST_TEST(std::string(e.what()).find("t0ken") == std::string::npos, e.what());
            return e;
        }
        throw std::runtime_error("no error");
    }

    // Refused before anything is sent, for this reason.
    void check_refused(const url_list& urls, const trigger_list& at, const std::string& why) {
        const cc::error e = ensure_error(urls, at);
        BOOST_TEST((e == cc::errc::invalid_argument));
        BOOST_TEST((e.delivery == cc::delivery::never_sent));
        BOOST_TEST(e.message == why);
        BOOST_TEST(server.requests().empty());
    }
    void check_refused(const std::string& url, const std::string& why) {
        check_refused({"https://good.example/", url}, {webhook_trigger::moved_to_ready}, "webhook_urls[1]: " + why);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ensuring_webhooks)

BOOST_AUTO_TEST_CASE(what_is_asked_for_is_sent_in_one_request_and_reported_as_stored) {
    ensuring_fixture f;
    const auto report = f.ensure({secret_url, other_url});
    BOOST_TEST(report.complete());
    BOOST_TEST((report.stored.webhook_urls == url_list{secret_url, other_url}));
    BOOST_TEST((report.stored.webhook_triggers == trigger_list{webhook_trigger::moved_to_ready}));
    BOOST_TEST(!report.changes.has_value());
    BOOST_TEST_REQUIRE(f.server.requests().size() == 1u);
    BOOST_TEST(f.server.requests()[0].method == "PATCH");
    BOOST_TEST(f.server.requests()[0].target == "/api/integrate/v3/companies/webhook");
}

BOOST_AUTO_TEST_CASE(order_and_repetitions_do_not_matter) {
    ensuring_fixture f;
    f.server.inject(fault::status(200, R"({"webhook_urls": [")" + other_url + R"(", ")" + secret_url +
                                           R"("], "webhook_triggers": ["moved_to_ready", "moved_to_ready"]})"));
    BOOST_TEST(f.ensure({secret_url, other_url, secret_url}).complete());
}

BOOST_AUTO_TEST_CASE(what_changed_is_told_against_what_the_caller_remembers) {
    ensuring_fixture f;
    const auto first = f.ensure({"https://a.example/", "https://b.example/"}, {webhook_trigger::moved_to_draft});
    const auto second =
        f.ensure({"https://b.example/", "https://c.example/"}, {webhook_trigger::moved_to_ready}, first.stored);
    BOOST_TEST_REQUIRE(second.changes.has_value());
    BOOST_TEST((second.changes->added_urls == url_list{"https://c.example/"}));
    BOOST_TEST((second.changes->removed_urls == url_list{"https://a.example/"}));
    BOOST_TEST((second.changes->added_triggers == trigger_list{webhook_trigger::moved_to_ready}));
    BOOST_TEST((second.changes->removed_triggers == trigger_list{webhook_trigger::moved_to_draft}));
    BOOST_TEST(!second.changes->empty());
}

BOOST_AUTO_TEST_CASE(the_same_settings_again_are_no_change) {
    ensuring_fixture f;
    const auto first = f.ensure({secret_url});
    const auto second = f.ensure({secret_url}, {webhook_trigger::moved_to_ready}, first.stored);
    BOOST_TEST_REQUIRE(second.changes.has_value());
    BOOST_TEST(second.changes->empty());
}

BOOST_AUTO_TEST_CASE(an_echo_that_lacks_a_url_is_an_error_that_has_the_report) {
    ensuring_fixture f;
    const auto e = f.mismatch({secret_url, other_url}, {webhook_trigger::moved_to_ready},
                              R"({"webhook_urls": [")" + secret_url + R"("], "webhook_triggers": ["moved_to_ready"]})");
    BOOST_TEST((e.details() == cc::errc::not_applied));
    BOOST_TEST((e.details().delivery == cc::delivery::answered));
    BOOST_TEST(e.details().http_status == 200);
    BOOST_TEST(e.details().operation == "update_webhooks");
    BOOST_TEST(e.details().message == "webhook_urls: https://b.example:8443 was not stored");
    BOOST_TEST(!e.report().complete());
    BOOST_TEST((e.report().missing_urls == url_list{other_url}));
    BOOST_TEST((e.report().stored.webhook_urls == url_list{secret_url}));
    BOOST_TEST(e.report().unexpected_urls.empty());
    BOOST_TEST(e.report().missing_triggers.empty());
}

BOOST_AUTO_TEST_CASE(an_echo_that_has_more_than_was_asked_for_is_an_error_as_well) {
    ensuring_fixture f;
    const auto e = f.mismatch({secret_url}, {webhook_trigger::moved_to_ready},
                              R"({"webhook_urls": [")" + secret_url + R"(", "https://old.example/t0ken"],
                                  "webhook_triggers": ["moved_to_ready", "moved_to_fixing"]})");
    BOOST_TEST(e.details().message ==
               "webhook_urls: https://old.example is stored besides; "
               "webhook_triggers: moved_to_fixing is stored besides");
    BOOST_TEST((e.report().unexpected_urls == url_list{"https://old.example/t0ken"}));
    BOOST_TEST((e.report().unexpected_triggers == trigger_list{webhook_trigger::moved_to_fixing}));
    BOOST_TEST(e.report().missing_urls.empty());
}

BOOST_AUTO_TEST_CASE(a_trigger_that_the_server_does_not_know_is_missing) {
    ensuring_fixture f;
    const webhook_trigger unknown("moved_to_mars");
    try {
        f.ensure({secret_url}, {webhook_trigger::moved_to_ready, unknown});
        BOOST_FAIL("no error");
    } catch (const cc::webhook_failure& e) {
        BOOST_TEST(e.details().message == "webhook_triggers: moved_to_mars was not stored");
        BOOST_TEST((e.report().missing_triggers == trigger_list{unknown}));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_without_an_echo_is_never_taken_for_success) {
    for (const fault& wrong : {fault::empty_body(), fault::html(), fault::broken_json(), fault::status(200, "{}"),
                               fault::status(200, R"({"message": "ok"})"), fault::status(204)}) {
        ensuring_fixture f;
        f.server.inject(wrong);
        const cc::error e = f.ensure_error({secret_url});
        BOOST_TEST((e == cc::condition::bad_answer), e);
        BOOST_TEST((e.delivery == cc::delivery::answered));
    }
}

BOOST_AUTO_TEST_CASE(urls_that_cannot_be_called_safely_are_refused) {
    ensuring_fixture f;
    f.check_refused("", "is not an absolute URL");
    f.check_refused("/hooks/t0ken", "is not an absolute URL");
    f.check_refused("a.example/t0ken", "is not an absolute URL");
    f.check_refused("https://a.example/t0ken with blanks", "is not an absolute URL");
    f.check_refused("ftp://a.example/t0ken", "must begin with https://");
    f.check_refused("https:///t0ken", "has no host");
    f.check_refused("https://user:t0ken@a.example/", "must not hold a user name or password");
    const std::string readable =
        "must begin with https:// unless it leads to this machine: events could be read on the way";
    f.check_refused("http://a.example/t0ken", readable);
    f.check_refused("http://localhost.a.example/t0ken", readable);
    f.check_refused("http://192.0.2.1/t0ken", readable);
    const std::string begin = "https://a.example/t0ken/";
    f.check_refused(begin + std::string(2001 - begin.size(), 'x'), "is longer than 2000 characters");
}

BOOST_AUTO_TEST_CASE(nothing_to_call_and_no_occasion_are_refused) {
    ensuring_fixture f;
    f.check_refused({}, {webhook_trigger::moved_to_ready}, "webhook_urls: at least one is required");
    f.check_refused({secret_url}, {}, "webhook_triggers: at least one is required");
    f.check_refused({secret_url}, {webhook_trigger()}, "webhook_triggers: is required");
}

BOOST_AUTO_TEST_CASE(this_machine_may_be_called_without_tls_and_long_urls_are_taken) {
    ensuring_fixture f;
    const std::string begin = "https://a.example/";
    BOOST_TEST(f.ensure({"http://localhost:8080/h", "http://127.0.0.1/h", "http://[::1]:80/h",
                         begin + std::string(2000 - begin.size(), 'x')})
                   .complete());
}

BOOST_AUTO_TEST_CASE(a_lost_answer_is_asked_for_again) {
    ensuring_fixture f;
    f.config.retry.max_attempts = 2;
    f.config.retry.base = std::chrono::milliseconds(1);
    f.server.inject(fault::close_before_answer().times(1));
    BOOST_TEST(f.ensure({secret_url}).complete());
    BOOST_TEST(f.server.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_wrong_key_is_told_as_such) {
    ensuring_fixture f;
    f.config.api_key = "another";
    BOOST_TEST((f.ensure_error({secret_url}) == cc::errc::unauthorized));
}

BOOST_AUTO_TEST_CASE(a_dead_server_is_told_as_such) {
    ensuring_fixture f;
    asio::ip::tcp::acceptor nobody(f.context, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    const auto port = nobody.local_endpoint().port();
    nobody.close();
    f.config.base_url = "https://localhost:" + std::to_string(port);
    const cc::error e = f.ensure_error({secret_url});
    BOOST_TEST((e == cc::condition::network));
    BOOST_TEST((e.delivery == cc::delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(cancelled_on_the_way_it_may_have_replaced_the_settings) {
    asio::io_context context;
    asio::cancellation_signal stop;
    sandbox_options options;
    options.on_request = [&](const recorded_request&) {
        asio::post(context, [&] { stop.emit(asio::cancellation_type::terminal); });
    };
    sandbox server(options);
    server.inject(fault::never_answer());
    const cc::client api(context.get_executor(), server.config());
    std::exception_ptr problem;
    asio::co_spawn(context, cc::ensure_webhooks(api, {secret_url}, {webhook_trigger::moved_to_ready}),
                   asio::bind_cancellation_slot(stop.slot(),
                                                [&](std::exception_ptr e, const cc::webhook_report&) { problem = e; }));
    run_out(context);
    BOOST_TEST_REQUIRE(static_cast<bool>(problem));
    try {
        std::rethrow_exception(problem);
    } catch (const cc::failure& e) {
        BOOST_TEST((e.details() == cc::errc::cancelled));
        BOOST_TEST((e.details().delivery == cc::delivery::maybe_processed));
    }
}

BOOST_AUTO_TEST_SUITE_END()
