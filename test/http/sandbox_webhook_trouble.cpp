// What the sandbox's webhooks suffer on their way when it is told to: loss, repetition, disorder.
#include "../support/sandbox_support.hpp"
#include "../support/webhook_receiver.hpp"

#include <set>

using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using cubicasa::testing::webhook_call;
using namespace test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t many = 40;

// One event for each of many orders, in the order of their list.
void change_all(sandbox& server, const std::string& url) {
    const auto ids = server.order_ids();
    for (const std::string& id : ids) server.set_status(id, "Pending");  // of which nobody is told yet
    register_urls(server, {url});
    for (const std::string& id : ids) server.set_status(id, "Fixing");
}

std::vector<std::string> next_ids(webhook_receiver& receiver, std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(text_of(receiver.next().body, "id"));
    return out;
}

// Of the calls that are to be sent.
std::vector<std::string> ids_to_send(const sandbox& server) {
    std::vector<std::string> out;
    for (const webhook_call& c : server.webhook_calls()) {
        if (!c.lost) out.push_back(text_of(json::parse(c.body), "id"));
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_webhook_trouble)

BOOST_AUTO_TEST_CASE(a_lost_event_is_never_sent_and_recorded_as_lost) {
    sandbox_options options = generated(1);
    options.webhooks_lost = 1;
    sandbox server(options);
    change_all(server, "http://127.0.0.1:9/hook");
    const auto calls = server.webhook_calls();
    BOOST_REQUIRE_EQUAL(calls.size(), 1U);
    BOOST_TEST(calls.front().lost);
    BOOST_TEST(calls.front().done);
    BOOST_TEST(calls.front().tries == 0U);
    BOOST_TEST(calls.front().status == 0);
}

BOOST_AUTO_TEST_CASE(some_events_are_lost_and_the_others_arrive_in_their_order) {
    webhook_receiver receiver;
    sandbox_options options = generated(many);
    options.webhooks_lost = 0.5;
    sandbox server(options);
    change_all(server, receiver.url());
    const auto expected = ids_to_send(server);
    BOOST_TEST(server.webhook_calls().size() == many);
    BOOST_TEST(expected.size() > many / 4);
    BOOST_TEST(expected.size() < many * 3 / 4);
    check_equal(next_ids(receiver, expected.size()), expected);
}

BOOST_AUTO_TEST_CASE(the_same_events_are_lost_in_each_run_whatever_else_happens_to_the_others) {
    const auto run = [](double repeated, bool shuffled) {
        sandbox_options options = generated(many);
        options.webhooks_lost = 0.5;
        options.webhooks_repeated = repeated;
        options.webhooks_shuffled = shuffled;
        sandbox server(options);
        change_all(server, "https://elsewhere.example");
        std::vector<std::string> lost;
        for (const webhook_call& c : server.webhook_calls()) {
            if (c.lost) lost.push_back(text_of(json::parse(c.body), "id"));
        }
        return lost;
    };
    const auto first = run(0, false);
    check_equal(run(0, false), first);
    check_equal(run(0.5, true), first);
}

BOOST_AUTO_TEST_CASE(an_event_is_repeated_although_it_was_answered_well) {
    webhook_receiver receiver({204, 200});
    sandbox_options options = generated(1);
    options.webhooks_repeated = 1;
    sandbox server(options);
    const std::string id = server.order_ids().front();
    register_urls(server, {receiver.url()});
    server.set_status(id, "Fixing");
    BOOST_TEST((receiver.next().body == receiver.next().body));
    server.set_status(id, "Pending");
    BOOST_TEST(step(receiver.next()) == "Fixing > Pending");
    // What came before has come to its end.
    const auto calls = server.webhook_calls();
    BOOST_REQUIRE_EQUAL(calls.size(), 4U);
    BOOST_TEST(!calls[0].repeat);
    BOOST_TEST(calls[0].status == 204);
    BOOST_TEST(calls[1].repeat);
    BOOST_TEST(calls[1].status == 200);
    BOOST_TEST(calls[1].tries == 1U);
    BOOST_TEST(calls[1].body == calls[0].body);
    BOOST_TEST(calls[1].done);
}

BOOST_AUTO_TEST_CASE(a_repeated_event_is_tried_again_as_any_other) {
    webhook_receiver receiver({200, 500, 200});
    sandbox_options options = generated(1);
    options.webhooks_repeated = 1;
    options.webhook_retry_interval = 1ms;
    sandbox server(options);
    change_all(server, receiver.url());
    for (int i = 0; i < 3; ++i) BOOST_TEST(step(receiver.next()) == "Pending > Fixing");
}

BOOST_AUTO_TEST_CASE(later_events_overtake_by_three_places_at_most_and_the_same_way_in_each_run) {
    const auto arrived = [] {
        webhook_receiver receiver;
        sandbox_options options = generated(many);
        options.webhooks_shuffled = true;
        options.webhook_retry_interval = 1h;  // nothing goes because of the time
        sandbox server(options);
        change_all(server, receiver.url());
        const auto sent = server.order_ids();
        const auto got = next_ids(receiver, many - 3);  // the last ones may still wait to be overtaken
        BOOST_TEST(std::set(got.begin(), got.end()).size() == got.size());
        BOOST_TEST(!std::equal(got.begin(), got.end(), sent.begin()));
        for (std::size_t i = 0; i < got.size(); ++i) {
            const auto place = std::find(sent.begin(), sent.end(), got[i]) - sent.begin();
            BOOST_TEST(std::abs(place - static_cast<std::ptrdiff_t>(i)) <= 3);
        }
        std::vector<std::string> places;
        for (const std::string& id : got) {
            places.push_back(std::to_string(std::find(sent.begin(), sent.end(), id) - sent.begin()));
        }
        return places;
    };
    check_equal(arrived(), arrived());
}

BOOST_AUTO_TEST_CASE(an_event_that_nothing_overtakes_goes_after_the_retry_interval) {
    webhook_receiver receiver;
    sandbox_options options = generated(4);
    options.webhooks_shuffled = true;
    options.webhook_retry_interval = 1ms;
    sandbox server(options);
    register_urls(server, {receiver.url()});
    for (const std::string& id : server.order_ids()) {
        server.set_status(id, "Draft");
        BOOST_TEST(text_of(receiver.next().body, "id") == id);
    }
}

BOOST_AUTO_TEST_CASE(all_that_is_not_lost_arrives_whatever_happens_on_the_way) {
    webhook_receiver receiver({500, 200, 503, 200, 200, 500});
    sandbox_options options = generated(many);
    options.webhooks_lost = 0.25;
    options.webhooks_repeated = 0.25;
    options.webhooks_shuffled = true;
    options.webhook_retry_interval = 1ms;
    sandbox server(options);
    change_all(server, receiver.url());
    auto expected = ids_to_send(server);
    auto got = next_ids(receiver, expected.size() + 3);  // three were not taken at first
    const std::set<std::string> both(expected.begin(), expected.end());
    BOOST_TEST(expected.size() > both.size());
    BOOST_TEST((std::set(got.begin(), got.end()) == both));
}

BOOST_AUTO_TEST_SUITE_END()
