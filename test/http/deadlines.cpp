// The time for a call and for each of its phases: what ends, by which code, and what the server may have done.
#include "support/client_fixture.hpp"
#include "support/unresponsive.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace test;
using namespace std::chrono_literals;

namespace {

constexpr auto soon = 50ms;

}  // namespace

BOOST_AUTO_TEST_SUITE(deadlines)

BOOST_AUTO_TEST_CASE(a_call_waits_in_line_no_longer_than_it_may) {
    client_fixture f;
    f.config.pool.max_connections = 1;
    f.config.timeouts.pool_wait = soon;
    f.config.timeouts.first_byte = 1s;
    f.server.inject(fault::never_answer().on("GET", "/orders/" + known_id).times(1));
    bool first_ended = false;
    f.api().async_call(cc::get_order(known_id), cc::as_result([&](cc::result<cc::order>) { first_ended = true; }));
    const cc::error e = f.error_of(cc::list_orders());
    BOOST_TEST((e == cc::errc::pool_timeout));
    BOOST_TEST((e == cc::condition::timeout));
    BOOST_TEST((e.delivery == cc::delivery::never_sent));
    BOOST_TEST(first_ended);
    BOOST_TEST(f.api().stats().waiting == 0u);
}

BOOST_AUTO_TEST_CASE(a_name_must_be_looked_up_in_time) {
    const hanging_names names;
    client_fixture f;
    f.config.base_url = "https://slow.example/";
    f.config.timeouts.resolve = soon;
    const cc::error e = f.get_error();
    BOOST_TEST((e == cc::errc::resolve_timeout), e);
    BOOST_TEST((e.delivery == cc::delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_look_up_that_hangs_holds_no_call_past_its_deadline_and_no_context) {
    const hanging_names names;
    client_fixture f;
    f.config.base_url = "https://slow.example/";
    f.config.timeouts.total = soon;
    BOOST_TEST((f.get_error() == cc::errc::deadline_exceeded));  // and run() has returned
}

BOOST_AUTO_TEST_CASE(a_look_up_that_hangs_does_not_hold_other_names) {
    const hanging_names names;
    client_fixture f;
    auto slow = f.config;
    slow.base_url = "https://slow.example/";
    const cc::client other(f.context.get_executor(), slow);
    cc::call_options options;
    options.total = 1s;
    cc::result<cc::order> hung;
    other.async_call(cc::get_order("1"), options, cc::as_result([&](cc::result<cc::order> r) { hung = r; }));
    bool done = false;
    f.api().async_call(cc::get_order(known_id), cc::as_result([&](cc::result<cc::order> r) {
                           done = r.has_value();
                           BOOST_TEST(!hung.has_error());  // still waiting
                           other.close();
                       }));
    run_out(f.context);
    BOOST_TEST(done);
    BOOST_TEST_REQUIRE(hung.has_error());
    BOOST_TEST((hung.error() == cc::errc::client_closed));
}

BOOST_AUTO_TEST_CASE(a_look_up_that_hangs_does_not_hold_the_end_of_its_context) {
    hanging_names names;
    {
        asio::io_context context;
        cc::client_config config;
        config.base_url = "https://slow.example/";
        config.api_key = "key";
        const cc::client api(context.get_executor(), config);
        api.async_call(cc::get_order("1"), [](std::exception_ptr, cc::order) { BOOST_ERROR("called"); });
        context.poll();
        names.wait_until_asked();
    }
    BOOST_TEST(true);  // we are here
}

BOOST_AUTO_TEST_CASE(a_connection_must_be_made_in_time) {
    const full_server full;
    client_fixture f;
    f.config.base_url = full.url();
    f.config.timeouts.connect = soon;
    const cc::error e = f.get_error();
    BOOST_TEST((e == cc::errc::connect_timeout), e);
    BOOST_TEST((e == cc::condition::timeout));
    BOOST_TEST((e == cc::condition::network));
    BOOST_TEST((e.delivery == cc::delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_handshake_must_end_in_time) {
    client_fixture f;
    f.server.inject(fault::hang_handshake());
    f.config.timeouts.handshake = soon;
    const cc::error e = f.get_error();
    BOOST_TEST((e == cc::errc::handshake_timeout));
    BOOST_TEST((e.delivery == cc::delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_request_must_be_taken_in_time) {
    deaf_server deaf;
    client_fixture f;
    f.config.base_url = deaf.url();
    f.config.timeouts.write = soon;
    const cc::error e = f.error_of(cc::raw_request("POST", "/x", {}, std::string(32 * 1024 * 1024, 'x')));
    BOOST_TEST((e == cc::errc::write_timeout), e);
    BOOST_TEST((e.delivery == cc::delivery::maybe_processed));
}

BOOST_AUTO_TEST_CASE(an_answer_must_begin_in_time) {
    client_fixture f;
    f.server.inject(fault::never_answer());
    f.config.timeouts.first_byte = soon;
    const cc::error e = f.get_error();
    BOOST_TEST((e == cc::errc::first_byte_timeout));
    BOOST_TEST((e.delivery == cc::delivery::maybe_processed));
    BOOST_TEST(f.api().stats().leased == 0u);
    BOOST_TEST(f.api().stats().idle == 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_must_go_on_in_time) {
    client_fixture f;
    f.server.inject(fault::drip(400, std::chrono::minutes(5)));
    f.config.timeouts.read_idle = soon;
    const cc::error e = f.get_error();
    BOOST_TEST((e == cc::errc::read_timeout));
    BOOST_TEST((e.delivery == cc::delivery::maybe_processed));
}

BOOST_AUTO_TEST_CASE(an_answer_that_drips_for_ever_ends_with_the_call) {
    client_fixture f;
    f.server.inject(fault::drip(1, 20ms));
    f.config.timeouts.read_idle = 30s;
    f.config.timeouts.total = 200ms;
    const cc::error e = f.get_error();
    BOOST_TEST((e == cc::errc::deadline_exceeded));
}

BOOST_AUTO_TEST_CASE(an_answer_that_drips_is_no_failure_as_long_as_it_goes_on) {
    client_fixture f;
    f.server.inject(fault::drip(64, 1ms));
    f.config.timeouts.read_idle = 20s;
    BOOST_TEST(f.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_call_may_have_times_of_its_own) {
    client_fixture f;
    f.server.inject(fault::never_answer());
    cc::call_options options;
    options.first_byte = soon;
    BOOST_TEST((f.error_of(cc::get_order(known_id), options) == cc::errc::first_byte_timeout));
    options.first_byte.reset();
    options.total = soon;
    BOOST_TEST((f.error_of(cc::get_order(known_id), options) == cc::errc::deadline_exceeded));
    f.server.clear_faults();
    f.server.inject(fault::drip(400, std::chrono::minutes(5)));
    options.total.reset();
    options.read_idle = soon;
    BOOST_TEST((f.error_of(cc::get_order(known_id), options) == cc::errc::read_timeout));
}

BOOST_AUTO_TEST_CASE(the_times_of_one_call_do_not_concern_another) {
    client_fixture f;
    f.server.inject(fault::delay(300ms).on("GET", "/orders/" + known_id));
    f.server.inject(fault::never_answer().on("GET", "/users"));
    cc::call_options hasty;
    hasty.first_byte = soon;
    cc::result<cc::order> patient;
    f.api().async_call(cc::get_order(known_id), cc::as_result([&](cc::result<cc::order> r) { patient = r; }));
    BOOST_TEST((f.error_of(cc::list_users(), hasty) == cc::errc::first_byte_timeout));
    BOOST_TEST(patient.has_value());
}

BOOST_AUTO_TEST_CASE(the_smaller_of_a_phase_and_the_whole_counts) {
    client_fixture f;
    f.server.inject(fault::never_answer());
    f.config.timeouts.first_byte = 40s;
    f.config.timeouts.total = soon;
    BOOST_TEST((f.get_error() == cc::errc::deadline_exceeded));
}

BOOST_AUTO_TEST_SUITE_END()
