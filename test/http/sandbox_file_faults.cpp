// Faults on files, whose bytes are made while they are sent, and the faults of ranges.
#include "../support/file_host.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

using boost::system::error_code;
using cubicasa::testing::fault;
using test::file_host;
using test::gib;
using test::large_file;
using test::reply;
using test::small_file;
namespace asio = boost::asio;

BOOST_AUTO_TEST_SUITE(sandbox_file_faults)

BOOST_AUTO_TEST_CASE(reset_after_counts_the_head_of_a_file_too) {
    file_host h(fault::reset_after(3'000'000));
    const std::string bytes = h.bytes("GET", large_file);
    BOOST_TEST(h.end == error_code(asio::error::connection_reset));
    BOOST_TEST(bytes.size() == 3'000'000U);
    const std::size_t head = bytes.find("\r\n\r\n") + 4;
    BOOST_TEST((bytes.substr(head) == h.server.file_bytes(large_file, 0, bytes.size() - head)));
}

BOOST_AUTO_TEST_CASE(truncate_after_counts_bytes_of_the_file) {
    file_host h(fault::truncate_after(200'001));
    const std::string bytes = h.bytes("GET", large_file, {{"Range", "bytes=4294967296-"}});
    BOOST_TEST(h.end == error_code(asio::error::eof));
    BOOST_TEST((bytes.substr(bytes.find("\r\n\r\n") + 4) == h.server.file_bytes(large_file, 4 * gib, 200'001)));
}

BOOST_AUTO_TEST_CASE(a_file_can_come_in_drops_in_chunks_or_without_a_length) {
    for (const fault& f : {fault::drip(333, std::chrono::milliseconds(0)), fault::chunked(), fault::until_eof()}) {
        file_host h(f);
        h.check_whole(h.get("size/200000/a"), "size/200000/a");
    }
    file_host empty(fault::chunked());
    empty.check_whole(empty.get("size/0/a"), "size/0/a");
}

BOOST_AUTO_TEST_CASE(a_length_can_lie_about_a_file) {
    file_host longer(fault::lying_length(7));
    const std::string bytes = longer.bytes("GET", small_file);
    BOOST_TEST(bytes.find("\r\nContent-Length: 1007\r\n") != std::string::npos);
    BOOST_TEST((bytes.substr(bytes.find("\r\n\r\n") + 4) == longer.server.file_bytes(small_file)));
    file_host shorter(fault::lying_length(-7));
    BOOST_TEST((shorter.get(small_file).body == shorter.server.file_bytes(small_file, 0, 993)));
    BOOST_TEST(shorter.client.surplus() == 7U);
}

BOOST_AUTO_TEST_CASE(what_follows_a_file_follows_it) {
    file_host h(fault::extra_after_answer("more").also(fault::no_close_notify()));
    const std::string bytes = h.bytes("GET", small_file);
    BOOST_TEST((bytes.substr(bytes.find("\r\n\r\n") + 4) == h.server.file_bytes(small_file) + "more"));
    BOOST_TEST(h.end != error_code(asio::error::eof));
}

BOOST_AUTO_TEST_CASE(a_header_is_added_or_replaced) {
    file_host h(fault::header("Content-Encoding", "gzip").also(fault::header("etag", "\"mine\"")));
    const reply r = h.get(small_file);
    h.check_whole(r, small_file);
    BOOST_TEST(r.header("Content-Encoding") == "gzip");
    BOOST_TEST(r.header("ETag") == "\"mine\"");
    BOOST_TEST(std::count_if(r.headers.begin(), r.headers.end(),
                             [](const auto& field) { return field.first == "ETag" || field.first == "etag"; }) == 1);
}

BOOST_AUTO_TEST_CASE(ignore_range_answers_with_the_whole_file) {
    file_host h(fault::ignore_range());
    h.check_whole(h.get_range(small_file, "500-"), small_file);
}

BOOST_AUTO_TEST_CASE(ignore_if_range_mixes_two_files) {
    file_host h(fault::ignore_if_range());
    const std::string etag = h.get(small_file).header("ETag");
    h.server.change_file(small_file);
    const reply r = h.get_range(small_file, "500-", {{"If-Range", etag}});
    h.check_part(r, small_file, 500, 500);
    BOOST_TEST(r.header("ETag") != etag);
}

BOOST_AUTO_TEST_CASE(wrong_content_range_answers_with_another_range) {
    file_host earlier(fault::wrong_content_range(-10));
    earlier.check_part(earlier.get_range(small_file, "500-599"), small_file, 490, 110);
    earlier.check_part(earlier.get_range(small_file, "5-599"), small_file, 0, 600);
    file_host later(fault::wrong_content_range(10));
    later.check_part(later.get_range(small_file, "500-599"), small_file, 510, 90);
    later.check_part(later.get_range(small_file, "995-"), small_file, 999, 1);
}

BOOST_AUTO_TEST_CASE(no_content_range_leaves_it_out) {
    file_host h(fault::no_content_range());
    const reply r = h.get_range(small_file, "500-");
    BOOST_TEST(r.status == 206);
    BOOST_TEST(r.header("Content-Range") == "");
    BOOST_TEST((r.body == h.server.file_bytes(small_file, 500)));
}

BOOST_AUTO_TEST_CASE(short_range_answers_with_less_and_says_so) {
    file_host h(fault::short_range(100));
    h.check_part(h.get_range(small_file, "500-"), small_file, 500, 100);
    h.check_part(h.get_range(small_file, "500-509"), small_file, 500, 10);
    h.check_whole(h.get(small_file), small_file);
}

BOOST_AUTO_TEST_CASE(range_not_satisfiable_refuses_any_range) {
    file_host h(fault::range_not_satisfiable());
    BOOST_TEST(h.get_range(small_file, "0-0").status == 416);
    h.check_whole(h.get(small_file), small_file);
}

BOOST_AUTO_TEST_CASE(no_validators_are_none) {
    file_host h(fault::no_validators().times(2));
    const reply r = h.get(small_file);
    BOOST_TEST(r.header("ETag") == "");
    BOOST_TEST(r.header("Last-Modified") == "");
    h.check_part(h.get_range(small_file, "500-"), small_file, 500, 500);
}

BOOST_AUTO_TEST_CASE(a_weak_etag_does_not_match_if_range) {
    file_host h(fault::weak_etag());
    const std::string etag = h.get(small_file).header("ETag");
    BOOST_TEST(etag.starts_with("W/\""));
    h.check_whole(h.get_range(small_file, "500-", {{"If-Range", etag}}), small_file);
    h.check_part(h.get_range(small_file, "500-"), small_file, 500, 500);
}

BOOST_AUTO_TEST_SUITE_END()
