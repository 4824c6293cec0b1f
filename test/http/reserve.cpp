// Connections that are kept without ever having been used.
#include "support/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace test;

namespace {

// One connection waits for an answer, another one was made for a call that was given up before it got it.
struct reserve_fixture : client_fixture {
    reserve_fixture() {
        server.inject(fault::never_answer().times(1));
        for (auto* const call : {&unanswered, &given_up}) {
            api().async_call(cc::get_order(known_id),
                             asio::bind_cancellation_slot(call->slot(), [](std::exception_ptr, cc::order) {}));
        }
        asio::post(context, [this] { given_up.emit(asio::cancellation_type::terminal); });
        while (api().stats().idle == 0) BOOST_TEST_REQUIRE(context.run_one_for(patience) == 1u);
        BOOST_TEST_REQUIRE(api().stats().leased == 1u);
    }
    ~reserve_fixture() { unanswered.emit(asio::cancellation_type::terminal); }

    asio::cancellation_signal unanswered;
    asio::cancellation_signal given_up;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reserve)

BOOST_AUTO_TEST_CASE(a_connection_in_reserve_that_the_server_closed_is_noticed_before_anything_is_sent) {
    reserve_fixture f;
    // The server may not know yet that the connection is there.
    while (f.server.stats().open_connections == 2) f.server.close_idle_connections();
    cc::upgrade_order buys(known_id);
    buys.add_ons = {cc::add_on::cad_files};
    std::optional<cc::result<cc::upgrade_order::response>> bought;
    f.api().start(buys, {}, [&](auto r) { bought.emplace(std::move(r)); });
    while (!bought) BOOST_TEST_REQUIRE(f.context.run_one_for(patience) == 1u);
    BOOST_TEST(bought->has_value(), bought->error());
    BOOST_TEST(f.api().stats().stale == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_in_reserve_is_used) {
    reserve_fixture f;
    std::optional<cc::result<cc::order>> answer;
    f.api().start(cc::get_order(known_id), {}, [&](auto r) { answer.emplace(std::move(r)); });
    while (!answer) BOOST_TEST_REQUIRE(f.context.run_one_for(patience) == 1u);
    BOOST_TEST(answer->has_value(), answer->error());
    BOOST_TEST(f.server.stats().connections == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
