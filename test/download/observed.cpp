// What an observer is told of downloads.
#include "../support/download_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

using cubicasa::errc;
using cubicasa::event_kind;
using test::fault;

namespace {

// An event of a download that outlives the observer's call.
struct download_event {
    event_kind kind;
    int attempt, status;
    cubicasa::error_code code;
    std::string host, port, text;
    std::uint64_t connection;
    bool reused;
    std::chrono::microseconds duration;
};

struct downloads_observed : test::download_fixture {
    downloads_observed() {
        config.observer = [this](const cubicasa::event& e) {
            everything += cubicasa::describe(e) + '\n' + std::string(e.path) + std::string(e.reason) + '\n';
            if (e.operation != "download") return;
            told.push_back({e.kind, e.attempt, e.status, e.code, std::string(e.host), std::string(e.port),
                            cubicasa::describe(e), e.connection, e.reused, e.duration});
        };
    }

    std::vector<event_kind> kinds() const {
        std::vector<event_kind> out;
        for (const auto& e : told) out.push_back(e.kind);
        return out;
    }
    std::vector<download_event> all(event_kind k) const {
        std::vector<download_event> out;
        std::copy_if(told.begin(), told.end(), std::back_inserter(out), [&](const auto& e) { return e.kind == k; });
        return out;
    }
    download_event only(event_kind k) const {
        const auto found = all(k);
        BOOST_TEST_REQUIRE(found.size() == 1u);
        return found.front();
    }
    std::vector<download_event> told;
    std::string everything;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(observed_downloads, downloads_observed)

BOOST_AUTO_TEST_CASE(a_download_is_told_as_an_attempt_that_is_answered) {
    check_whole(download("plan.pdf", "plan.pdf"), "plan.pdf", "plan.pdf");
    BOOST_TEST(
        (kinds() == std::vector{event_kind::call_started, event_kind::attempt_answered, event_kind::call_finished}));
    const auto e = only(event_kind::attempt_answered);
    BOOST_TEST(e.attempt == 1);
    BOOST_TEST(e.status == 200);
    BOOST_TEST(!e.code);
    BOOST_TEST(e.connection == 1u);
    BOOST_TEST(!e.reused);
    BOOST_TEST(e.duration.count() > 0);
    BOOST_TEST(e.duration.count() <= only(event_kind::call_finished).duration.count());
}

BOOST_AUTO_TEST_CASE(a_second_download_has_the_connection_of_the_first) {
    download("plan.pdf", "1.pdf");
    download("plan.pdf", "2.pdf");
    const auto answered = all(event_kind::attempt_answered);
    BOOST_TEST_REQUIRE(answered.size() == 2u);
    BOOST_TEST(answered[1].connection == 1u);
    BOOST_TEST(answered[1].reused);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_is_an_attempt_that_fails_and_one_that_brings_the_rest) {
    server.inject(fault::reset_after(300'000).on("", "/files/").times(1));
    check_whole(download("size/1000000/plan.pdf", "plan.pdf"), "size/1000000/plan.pdf", "plan.pdf");
    const auto failed = only(event_kind::attempt_failed);
    BOOST_TEST(failed.attempt == 1);
    BOOST_TEST(failed.status == 0);
    BOOST_TEST(failed.code.failed());
    BOOST_TEST(failed.connection == 1u);
    const auto answered = only(event_kind::attempt_answered);
    BOOST_TEST(answered.attempt == 2);
    BOOST_TEST(answered.status == 206);
    BOOST_TEST(answered.connection == 2u);
    BOOST_TEST(!answered.reused);
    BOOST_TEST(only(event_kind::retry_planned).attempt == 2);
}

BOOST_AUTO_TEST_CASE(a_server_in_trouble_is_told_with_its_status) {
    server.inject(fault::status(503).on("", "/files/").times(1));
    check_whole(download("plan.pdf", "plan.pdf"), "plan.pdf", "plan.pdf");
    const auto failed = only(event_kind::attempt_failed);
    BOOST_TEST(failed.status == 503);
    BOOST_TEST((failed.code == make_error_code(errc::server_error)));
    BOOST_TEST(only(event_kind::attempt_answered).attempt == 2);
}

BOOST_AUTO_TEST_CASE(a_dead_link_is_an_attempt_that_fails_and_is_not_repeated) {
    server.remove_file("plan.pdf", 404);
    BOOST_TEST((error_of_download("plan.pdf", "plan.pdf") == errc::dead_link));
    BOOST_TEST(
        (kinds() == std::vector{event_kind::call_started, event_kind::attempt_failed, event_kind::call_finished}));
    const auto e = only(event_kind::attempt_failed);
    BOOST_TEST(e.attempt == 1);
    BOOST_TEST(e.status == 404);
    BOOST_TEST((e.code == make_error_code(errc::dead_link)));
    BOOST_TEST(e.connection == 1u);
    BOOST_TEST((only(event_kind::call_finished).code == e.code));
}

BOOST_AUTO_TEST_CASE(each_redirect_is_an_attempt_that_is_answered) {
    check_whole(download("redirect/2/plan.pdf", "plan.pdf"), "plan.pdf", "plan.pdf");
    const auto answered = all(event_kind::attempt_answered);
    BOOST_TEST_REQUIRE(answered.size() == 3u);
    for (int i = 0; i < 3; ++i) {
        const auto& e = answered[static_cast<std::size_t>(i)];
        BOOST_TEST(e.attempt == i + 1);
        BOOST_TEST(e.status == (i < 2 ? 302 : 200));
    }
}

BOOST_AUTO_TEST_CASE(an_attempt_is_told_with_the_host_that_was_asked) {
    config.base_url = "https://localhost:1/api";  // of the files' host it is not
    server.inject(fault::status(302, "", {{"Location", "https://localhost:2/plan.pdf"}}));
    cubicasa::download_options once;
    once.max_attempts = 1;
    error_of_download("plan.pdf", "plan.pdf", once);
    const auto answered = only(event_kind::attempt_answered);
    BOOST_TEST(answered.host == "localhost");
    BOOST_TEST(answered.port == std::to_string(server.port()));
    const auto failed = only(event_kind::attempt_failed);
    BOOST_TEST(failed.attempt == 2);
    BOOST_TEST(failed.port == "2");
    BOOST_TEST(failed.connection == 0u);
    BOOST_TEST(!failed.reused);
}

BOOST_AUTO_TEST_CASE(a_link_that_is_refused_is_no_attempt) {
    BOOST_TEST(download_url("http://files.example/plan.pdf", folder / "plan.pdf").has_error());
    BOOST_TEST((kinds() == std::vector{event_kind::call_started, event_kind::call_finished}));
}

BOOST_AUTO_TEST_CASE(no_event_has_a_name_or_the_query_of_a_link) {
    server.inject(fault::status(503, "geheim").on("", "/files/").times(1));
    server.inject(fault::reset_after(300'000).on("", "/files/").times(1));
    const std::string link = url("size/1000000/confidential.pdf") + "?signature=geheim";
    BOOST_TEST(download_url(link, folder / "1.pdf").has_value());
    server.remove_file("size/1000000/confidential.pdf");
    BOOST_TEST(download_url(link, folder / "2.pdf").has_error());
    BOOST_TEST(all(event_kind::attempt_failed).size() == 3u);
    for (const char* secret : {"geheim", "confidential", "signature"}) {
        BOOST_TEST(everything.find(secret) == std::string::npos, secret);
    }
}

BOOST_AUTO_TEST_SUITE_END()
