// error, failure, codes and conditions.
#include <cubicasa/result.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <sstream>

BOOST_AUTO_TEST_SUITE(errors)

using namespace cubicasa;

BOOST_AUTO_TEST_CASE(each_code_has_a_text_of_its_own) {
    std::set<std::string> texts;
    const int last = static_cast<int>(errc::file_busy);
    for (int i = 1; i <= last; ++i) texts.insert(error_code(i, cubicasa::error_category()).message());
    BOOST_TEST(texts.size() == static_cast<std::size_t>(last));
    BOOST_TEST(texts.count("unknown cubicasa error") == 0u);
}

BOOST_AUTO_TEST_CASE(each_code_belongs_to_at_least_one_condition) {
    for (int i = 1; i <= static_cast<int>(errc::file_busy); ++i) {
        int groups = 0;
        for (int c = 1; c <= static_cast<int>(condition::local_file); ++c) {
            groups += error_code(i, cubicasa::error_category()) == make_error_condition(static_cast<condition>(c));
        }
        BOOST_TEST(groups >= 1, "code " << i);
    }
}

BOOST_AUTO_TEST_CASE(codes_of_the_system_and_of_dns_are_network_errors) {
    BOOST_TEST((error(asio::error::connection_refused) == condition::network));
    BOOST_TEST((error(asio::error::host_not_found) == condition::network));
    BOOST_TEST((error(asio::error::eof) == condition::network));
    BOOST_TEST(!(error(asio::error::connection_refused) == condition::timeout));
}

BOOST_AUTO_TEST_CASE(a_deadline_is_a_timeout_and_no_network_error) {
    BOOST_TEST((error(errc::deadline_exceeded) == condition::timeout));
    BOOST_TEST(!(error(errc::deadline_exceeded) == condition::network));
    BOOST_TEST((error(errc::connect_timeout) == condition::timeout));
}

BOOST_AUTO_TEST_CASE(generic_code_sees_a_cancelled_call_as_operation_canceled) {
    BOOST_TEST((make_error_code(errc::cancelled) == boost::system::errc::operation_canceled));
    BOOST_TEST((make_error_code(errc::deadline_exceeded) == boost::system::errc::timed_out));
}

BOOST_AUTO_TEST_CASE(what_the_system_says_about_files_is_an_error_of_local_files) {
    const error full(make_error_code(boost::system::errc::no_space_on_device));
    BOOST_TEST((full == condition::local_file));
    BOOST_TEST(!(full == condition::network));
}

BOOST_AUTO_TEST_CASE(no_error_belongs_to_no_condition) {
    for (int c = 1; c <= static_cast<int>(condition::local_file); ++c) {
        BOOST_TEST(!(error() == static_cast<condition>(c)));
    }
}

BOOST_AUTO_TEST_CASE(a_description_says_what_happened_and_what_the_server_may_have_done) {
    error e(errc::bad_request, "look at the fields", delivery::answered);
    e.operation = "create_redraw";
    e.http_status = 400;
    e.attempts = 2;
    e.fields = {{"body_params", "street", "field required"}};
    e.server_message = "no";
    e.retry_after = std::chrono::seconds(7);
    e.request_id = "r-1";
    const std::string text = e.describe();
    for (const char* part : {"create_redraw", "HTTP 400", "look at the fields", "street: field required",
                             "the server says: no", "7 s", "the server answered", "2 attempts", "r-1"}) {
        BOOST_TEST(text.find(part) != std::string::npos, part);
    }
}

BOOST_AUTO_TEST_CASE(a_failure_carries_the_error_and_its_description) {
    const failure f(error(errc::not_found, "gone"));
    BOOST_TEST(f.code() == make_error_code(errc::not_found));
    BOOST_TEST(f.what() == f.details().describe());
}

BOOST_AUTO_TEST_CASE(taking_the_value_of_a_failed_result_throws_the_failure) {
    const result<int> r = error(errc::not_found, "gone");
    BOOST_CHECK_EXCEPTION(r.value(), failure, [](const failure& f) { return f.details().message == "gone"; });
}

BOOST_AUTO_TEST_CASE(an_error_can_be_printed) {
    std::ostringstream out;
    out << error(errc::throttled);
    BOOST_TEST(out.str() == error(errc::throttled).describe());
}

BOOST_AUTO_TEST_SUITE_END()
