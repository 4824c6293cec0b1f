// How to test your own code: the sandbox is a server in the test's own process, over real TLS, and fails as it is told.
// Here with Boost.Test; `8_own_tests --report_level=detailed` prints what was checked.
#define BOOST_TEST_MODULE own_tests
#include <boost/asio.hpp>
#include <boost/test/included/unit_test.hpp>

#include <cubicasa/cubicasa.hpp>
#include <cubicasa/testing/sandbox.hpp>

#include <string>

namespace asio = boost::asio;
using cubicasa::testing::fault;

// The code that is tested: places an order for a flat once, however often it is called and whatever gets lost.
asio::awaitable<std::string> place_order(cubicasa::client api, cubicasa::create_draft flat, bool again = true) {
    try {
        const cubicasa::order order = co_await api.drafts().create_or_find(flat);
        co_return order.id;
    } catch (const cubicasa::failure& e) {
        if (!again || !(e.details() == cubicasa::condition::server_error)) throw;
    }
    co_return co_await place_order(api, flat, false);
}

namespace {

cubicasa::testing::sandbox_options empty() {
    cubicasa::testing::sandbox_options options;
    options.examples = false;
    return options;
}

// Each test has a server of its own, without orders.
struct office {
    std::string place(std::string owner = "manager@cubicasa.com") {
        asio::thread_pool threads(1);
        const cubicasa::client api(threads.get_executor(), server.config());
        cubicasa::create_draft flat("Bulevardi 1", "Helsinki", "Finland", owner);
        flat.external_id = "flat-7";
        return asio::co_spawn(threads, place_order(api, flat), asio::use_future).get();
    }
    std::size_t sent() const { return server.stats().requests_per_path["POST /orders/draft"]; }

    cubicasa::testing::sandbox server{empty()};
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(a_flat_that_is_ordered_twice_is_one_order, office) {
    const std::string id = place();
    BOOST_TEST(place() == id);
    BOOST_TEST(server.order_ids().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(an_order_is_placed_although_the_server_is_busy_at_first, office) {
    server.inject(fault::status(503).on("POST", "/orders/draft").times(1));
    const std::string id = place();
    BOOST_TEST(server.order_ids().at(0) == id);
    BOOST_TEST(sent() == 2u);
}

BOOST_FIXTURE_TEST_CASE(an_order_whose_answer_was_lost_is_not_placed_again, office) {
    server.inject(fault::reset_after(0).on("POST", "/orders/draft").times(1));
    const std::string id = place();
    BOOST_TEST(server.order_ids().at(0) == id);
    BOOST_TEST(sent() == 1u);
}

BOOST_FIXTURE_TEST_CASE(what_the_server_refuses_is_told_and_not_sent_again, office) {
    const auto names_the_owner = [](const cubicasa::failure& e) {
        return e.details().http_status == 400 && e.details().fields.at(0).path == "owner_email";
    };
    BOOST_CHECK_EXCEPTION(place("nobody@example.com"), cubicasa::failure, names_the_owner);
    BOOST_TEST(sent() == 1u);
    BOOST_TEST(server.order_ids().empty());
}
