// What the head of an answer means for a file of which a part may be here.
#include <cubicasa/detail/progress_meter.hpp>
#include <cubicasa/detail/range_core.hpp>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(range_core)

using namespace cubicasa::detail;

namespace {

part_facts part() {
    part_facts out;
    out.size = 200;
    out.etag = "\"a\"";
    out.last_modified = "Mon, 01 Jan 2024 00:00:00 GMT";
    out.length = 1000;
    return out;
}

file_head rest_from(std::string_view range) {
    file_head out;
    out.status = 206;
    out.ranged = true;
    out.content_range = range;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_200_is_the_whole_file_whatever_was_asked_for) {
    file_head head;
    head.status = 200;
    for (const bool ranged : {false, true}) {
        head.ranged = ranged;
        BOOST_TEST((decide(part(), head) == file_step::whole));
    }
}

BOOST_AUTO_TEST_CASE(a_206_is_the_rest_only_if_place_length_and_validators_fit) {
    BOOST_TEST((decide(part(), rest_from("bytes 200-999/1000")) == file_step::rest));
    BOOST_TEST((decide(part(), rest_from("bytes 200-500/1000")) == file_step::rest));
    for (const char* odd : {"", "bytes 199-999/1000", "bytes 201-999/1000", "bytes 200-999/1001", "bytes 200-999/*",
                            "bytes 200-1000/1000", "bytes 500-200/1000", "items 200-999/1000", "bytes 200-999/1000 ",
                            "bytes 200-99999999999999999999/1000", "bytes=200-999/1000", "bytes */1000"}) {
        BOOST_TEST((decide(part(), rest_from(odd)) == file_step::start_over), odd);
    }
    file_head head = rest_from("bytes 200-999/1000");
    head.content_length = 799;
    BOOST_TEST((decide(part(), head) == file_step::start_over));
    head.content_length = 800;
    head.etag = "\"b\"";
    BOOST_TEST((decide(part(), head) == file_step::start_over));
    head.etag = "\"a\"";
    BOOST_TEST((decide(part(), head) == file_step::rest));
    head.last_modified = "Tue, 02 Jan 2024 00:00:00 GMT";
    BOOST_TEST((decide(part(), head) == file_step::start_over));
}

BOOST_AUTO_TEST_CASE(a_206_that_nobody_asked_for_is_an_error) {
    file_head head = rest_from("bytes 0-999/1000");
    head.ranged = false;
    BOOST_TEST((decide(part_facts(), head) == file_step::fail));
}

BOOST_AUTO_TEST_CASE(a_416_means_that_the_part_is_whole_only_if_its_length_says_so) {
    file_head head;
    head.status = 416;
    head.ranged = true;
    part_facts whole = part();
    whole.size = 1000;
    head.content_range = "bytes */1000";
    BOOST_TEST((decide(whole, head) == file_step::complete));
    BOOST_TEST((decide(part(), head) == file_step::start_over));
    for (const char* odd : {"", "bytes */1001", "bytes */", "bytes */x", "bytes 0-999/1000"}) {
        head.content_range = odd;
        BOOST_TEST((decide(whole, head) == file_step::start_over), odd);
    }
    head.content_range = "bytes */1000";
    head.etag = "\"b\"";
    BOOST_TEST((decide(whole, head) == file_step::start_over));
    head.ranged = false;
    BOOST_TEST((decide(whole, head) == file_step::fail));
}

BOOST_AUTO_TEST_CASE(other_statuses_have_their_meanings) {
    const auto of = [](int status) {
        file_head head;
        head.status = status;
        return decide(part(), head);
    };
    for (const int status : {301, 302, 303, 307, 308}) BOOST_TEST((of(status) == file_step::redirect));
    for (const int status : {403, 404, 410}) BOOST_TEST((of(status) == file_step::dead_link));
    for (const int status : {408, 429, 500, 502, 503, 504}) BOOST_TEST((of(status) == file_step::retry));
    for (const int status : {204, 300, 304, 400, 401, 409, 501}) BOOST_TEST((of(status) == file_step::fail));
}

BOOST_AUTO_TEST_CASE(a_part_can_be_gone_on_with_only_if_it_has_a_validator_and_is_not_too_long) {
    BOOST_TEST(part().resumable());
    part_facts odd = part();
    odd.size = 0;
    BOOST_TEST(!odd.resumable());
    odd = part();
    odd.size = 1001;
    BOOST_TEST(!odd.resumable());
    odd = part();
    odd.etag.clear();
    BOOST_TEST(odd.resumable());
    BOOST_TEST(odd.validator() == part().last_modified);
    odd.last_modified.clear();
    BOOST_TEST(!odd.resumable());
}

BOOST_AUTO_TEST_CASE(progress_is_due_once_in_an_interval_and_knows_the_rate_of_late) {
    using namespace std::chrono_literals;
    const progress_meter::time_point begin{};
    progress_meter meter(100ms, begin, 1000);
    BOOST_TEST(!meter.due(begin + 99ms, 2000));
    BOOST_TEST(meter.due(begin + 100ms, 2000));
    BOOST_TEST(meter.rate() == 10'000, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(!meter.due(begin + 150ms, 3000));
    BOOST_TEST(meter.due(begin + 200ms, 2000));  // nothing came
    BOOST_TEST(meter.rate() == 6000, boost::test_tools::tolerance(1e-9));
    meter.note(begin + 300ms, 0);  // began again: no rate can be told
    BOOST_TEST(meter.rate() == 6000, boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()
