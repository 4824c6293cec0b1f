// Downloads that are cut off, and what a server may answer to the request for the rest.
#include "../support/download_fixture.hpp"
#include "../support/shown.hpp"

#include <string>

#include <openssl/evp.h>

using cubicasa::condition;
using cubicasa::delivery;
using cubicasa::errc;
using test::fault;

namespace {

const std::string large = "size/1000000/plan.pdf";

struct resuming_fixture : test::download_fixture {
    // The file after a first answer that ends in the middle, while `wrong` happens to the second request.
    cubicasa::result<cubicasa::downloaded> after_cut(const fault& wrong) {
        server.inject(fault::reset_after(400'000).times(1));
        server.inject(wrong.times(1));
        const auto before = server.stats().faults;
        auto r = download(large, "plan.pdf");
        BOOST_TEST(server.stats().faults == before + 2);
        return r;
    }
    // The error of one attempt that ends in the middle, and leaves a part.
    cubicasa::error cut_once(const std::string& from) {
        server.inject(fault::truncate_after(300'000).times(1));
        cubicasa::download_options once;
        once.max_attempts = 1;
        const auto r = download_url(from, folder / "plan.pdf", once);
        BOOST_TEST_REQUIRE(r.has_error());
        return r.error();
    }
    // How often the file was asked for, and how often only for the rest of it.
    std::size_t requests() const { return server.requests().size(); }
    std::size_t ranged() const {
        std::size_t n = 0;
        for (const auto& r : server.requests()) n += !r.header("Range").empty();
        return n;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(resuming, resuming_fixture)

BOOST_AUTO_TEST_CASE(a_file_that_comes_in_one_piece_is_asked_for_once) {
    const auto r = download(large, "plan.pdf");
    check_whole(r, large, "plan.pdf");
    BOOST_TEST(r->fetched == 1'000'000u);
    BOOST_TEST(r->attempts == 1);
    BOOST_TEST(requests() == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_reset_in_the_middle_costs_only_what_was_on_its_way) {
    server.inject(fault::reset_after(600'000).times(1));
    const auto r = download(large, "plan.pdf");
    check_whole(r, large, "plan.pdf");
    BOOST_TEST(ranged() == 1u);
    BOOST_TEST(r->fetched == 1'000'000u);
}

BOOST_AUTO_TEST_CASE(the_rest_is_asked_for_on_condition_that_the_file_is_the_same) {
    server.inject(fault::truncate_after(300'000).times(1));
    check_whole(download(large, "plan.pdf"), large, "plan.pdf");
    const auto last = server.requests().back();
    BOOST_TEST(last.header("Range") == "bytes=300000-");
    BOOST_TEST(!last.header("If-Range").empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_has_changed_meanwhile_is_fetched_anew) {
    server.inject(fault::truncate_after(300'000).times(1));
    auto how = cubicasa::download_options();
    bool changed = false;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [&](const cubicasa::download_progress& p) {
        if (p.bytes >= 300'000 && !std::exchange(changed, true)) server.change_file(large);
    };
    check_whole(download(large, "plan.pdf", how), large, "plan.pdf");
    BOOST_TEST(changed);
}

BOOST_AUTO_TEST_CASE(a_server_that_sends_the_whole_file_instead_of_the_rest_is_understood) {
    check_whole(after_cut(fault::ignore_range()), large, "plan.pdf");
    BOOST_TEST(requests() == 2u);
}

BOOST_AUTO_TEST_CASE(a_rest_from_the_wrong_place_is_not_taken) {
    for (const long delta : {-1L, 1L, 1000L, -400'000L}) {
        check_whole(after_cut(fault::wrong_content_range(delta)), large, "plan.pdf");
    }
}

BOOST_AUTO_TEST_CASE(a_rest_without_content_range_is_not_taken) {
    check_whole(after_cut(fault::no_content_range()), large, "plan.pdf");
    BOOST_TEST(requests() == 3u);
}

BOOST_AUTO_TEST_CASE(a_rest_that_the_server_refuses_is_fetched_as_a_whole) {
    check_whole(after_cut(fault::range_not_satisfiable()), large, "plan.pdf");
    BOOST_TEST(requests() == 3u);
}

BOOST_AUTO_TEST_CASE(less_than_the_rest_is_taken_and_the_rest_of_it_asked_for) {
    check_whole(after_cut(fault::short_range(100'000)), large, "plan.pdf");
    BOOST_TEST(requests() == 3u);
    BOOST_TEST(ranged() == 2u);
}

BOOST_AUTO_TEST_CASE(a_rest_that_is_said_to_be_longer_or_shorter_than_its_range_is_not_taken) {
    for (const long delta : {-1000L, 1000L}) {
        check_whole(after_cut(fault::lying_length(delta)), large, "plan.pdf");
        std::filesystem::remove(folder / "plan.pdf");
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_look_at_the_condition_does_not_make_a_joined_file_of_two) {
    server.inject(fault::truncate_after(300'000).times(1));
    server.inject(fault::ignore_if_range());
    cubicasa::download_options how;
    bool changed = false;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [&](const cubicasa::download_progress& p) {
        if (p.bytes >= 300'000 && !std::exchange(changed, true)) server.change_file(large);
    };
    check_whole(download(large, "plan.pdf", how), large, "plan.pdf");
}

BOOST_AUTO_TEST_CASE(a_file_without_validators_is_fetched_anew) {
    server.inject(fault::no_validators().also(fault::truncate_after(300'000)).times(1));
    check_whole(download(large, "plan.pdf"), large, "plan.pdf");
    BOOST_TEST(ranged() == 0u);
}

BOOST_AUTO_TEST_CASE(a_weak_entity_tag_is_not_relied_on) {
    server.inject(fault::weak_etag().also(fault::truncate_after(300'000)).times(1));
    check_whole(download(large, "plan.pdf"), large, "plan.pdf");
    // The date is good enough.
    BOOST_TEST(!server.requests().back().header("If-Range").starts_with("W/"));
}

BOOST_AUTO_TEST_CASE(chunked_bodies_are_whole_only_with_their_end) {
    server.inject(fault::chunked().also(fault::truncate_after(500'000)).times(1));
    server.inject(fault::chunked());
    check_whole(download(large, "plan.pdf"), large, "plan.pdf");
    BOOST_TEST(ranged() == 1u);
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_the_connection_is_whole_if_tls_says_so) {
    server.inject(fault::until_eof());
    check_whole(download(large, "plan.pdf"), large, "plan.pdf");
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_the_connection_is_not_whole_without_a_word) {
    server.inject(fault::until_eof().also(fault::no_close_notify()).times(1));
    check_whole(download(large, "plan.pdf"), large, "plan.pdf");
    BOOST_TEST(requests() == 2u);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_shorter_than_it_was_said_to_be_is_not_whole) {
    server.inject(fault::lying_length(1000));
    const auto e = error_of_download("plan.pdf", "plan.pdf");
    BOOST_TEST((e == errc::truncated), e);
    BOOST_TEST(!std::filesystem::exists(folder / "plan.pdf"));
}

BOOST_AUTO_TEST_CASE(attempts_that_bring_nothing_new_come_to_an_end) {
    server.inject(fault::reset_after(0));
    cubicasa::download_options how;
    how.max_attempts = 3;
    const auto e = error_of_download(large, "plan.pdf", how);
    BOOST_TEST((e == condition::network), e);
    BOOST_TEST(e.attempts == 3);
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(attempts_that_bring_something_are_not_counted) {
    server.inject(fault::reset_after(100'000));
    cubicasa::download_options how;
    how.max_attempts = 2;
    check_whole(download(large, "plan.pdf", how), large, "plan.pdf");
    BOOST_TEST(requests() > 10u);
}

BOOST_AUTO_TEST_CASE(a_server_that_fails_is_asked_again) {
    for (const int status : {429, 500, 502, 503, 504}) {
        server.inject(fault::status(status, "busy", {{"Retry-After", "0"}}).times(1));
        check_whole(download("plan.pdf", "plan.pdf"), "plan.pdf", "plan.pdf");
    }
}

BOOST_AUTO_TEST_CASE(a_later_call_goes_on_where_an_earlier_one_ended) {
    const auto e = cut_once(url(large));
    BOOST_TEST((e == errc::truncated), e);
    const std::vector<std::string> left{"plan.pdf.part", "plan.pdf.part.info"};
    BOOST_TEST(folder.names() == left, boost::test_tools::per_element());
    const auto r = download(large, "plan.pdf");
    check_whole(r, large, "plan.pdf");
    BOOST_TEST(r->fetched == 700'000u);
}

BOOST_AUTO_TEST_CASE(the_digest_is_of_the_whole_file_however_it_came) {
    const auto at_once = download(large, "a");
    BOOST_TEST_REQUIRE(at_once.has_value());
    const std::string bytes = server.file_bytes(large);
    unsigned char expected[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    BOOST_TEST_REQUIRE(EVP_Digest(bytes.data(), bytes.size(), expected, &size, EVP_sha256(), nullptr) == 1);
    std::string digits;
    for (unsigned int i = 0; i < size; ++i) {
        constexpr char hex[] = "0123456789abcdef";
        digits.append({hex[expected[i] >> 4], hex[expected[i] & 15]});
    }
    BOOST_TEST(at_once->sha256 == digits);
    server.inject(fault::truncate_after(300'000).times(1));
    cubicasa::download_options once;
    once.max_attempts = 1;
    error_of_download(large, "b", once);
    const auto in_two_calls = download(large, "b");
    BOOST_TEST_REQUIRE(in_two_calls.has_value());
    BOOST_TEST(in_two_calls->sha256 == at_once->sha256);
    server.inject(fault::truncate_after(300'000).times(1));
    const auto in_two_requests = download(large, "c");
    BOOST_TEST_REQUIRE(in_two_requests.has_value());
    BOOST_TEST(in_two_requests->sha256 == at_once->sha256);
}

BOOST_AUTO_TEST_CASE(a_part_of_another_address_is_not_gone_on_with) {
    cut_once(url("size/1000000/other.pdf"));
    const auto r = download(large, "plan.pdf");
    check_whole(r, large, "plan.pdf");
    BOOST_TEST(r->fetched == 1'000'000u);
}

BOOST_AUTO_TEST_CASE(a_part_whose_note_is_torn_is_not_gone_on_with) {
    folder.write("plan.pdf.part", std::string(5000, 'x'));
    for (const char* note : {"", "{\"url\":\"", "no JSON", "{}"}) {
        folder.write("plan.pdf.part.info", note);
        check_whole(download(large, "plan.pdf"), large, "plan.pdf");
    }
}

BOOST_AUTO_TEST_CASE(a_part_from_before_a_restart_of_the_machine_is_not_gone_on_with) {
    const auto e = cut_once(url(large));
    BOOST_TEST((e == errc::truncated), e);
    std::string note = folder.read("plan.pdf.part.info");
    const std::size_t boot = note.find("\"boot\":\"") + 8;
    BOOST_TEST_REQUIRE(boot < note.size());
    note[boot] = note[boot] == '0' ? '1' : '0';
    folder.write("plan.pdf.part.info", note);
    const auto r = download(large, "plan.pdf");
    check_whole(r, large, "plan.pdf");
    BOOST_TEST(r->fetched == 1'000'000u);
}

BOOST_AUTO_TEST_CASE(the_signature_in_the_query_of_a_link_is_not_written_to_disk) {
    const auto e = cut_once(url(large) + "?signature=secret");
    BOOST_TEST((e == errc::truncated), e);
    const std::string note = folder.read("plan.pdf.part.info");
    BOOST_TEST(note.find(large) != std::string::npos);
    BOOST_TEST(note.find("secret") == std::string::npos);
    BOOST_TEST(e.describe().find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_complete_part_is_only_renamed) {
    const auto first = download(large, "first");
    BOOST_TEST_REQUIRE(first.has_value());
    // Cut off after the last byte, as if the process had died before it could rename.
    server.inject(fault::reset_after(500'000).times(1));
    cubicasa::download_options once;
    once.max_attempts = 1;
    error_of_download(large, "plan.pdf", once);
    folder.write("plan.pdf.part", server.file_bytes(large));
    const auto r = download(large, "plan.pdf");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(r->fetched == 0u);
    BOOST_TEST(r->sha256 == first->sha256);
    const bool same = folder.read("plan.pdf") == server.file_bytes(large);
    BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE(a_part_that_is_longer_than_the_file_is_thrown_away) {
    server.inject(fault::reset_after(500'000).times(1));
    cubicasa::download_options once;
    once.max_attempts = 1;
    error_of_download(large, "plan.pdf", once);
    folder.write("plan.pdf.part", server.file_bytes(large) + "x");
    check_whole(download(large, "plan.pdf"), large, "plan.pdf");
}

BOOST_AUTO_TEST_SUITE_END()
