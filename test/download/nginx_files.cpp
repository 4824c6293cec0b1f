// Downloads from nginx, which is not ours.
#include <cubicasa/download.hpp>

#include "../support/nginx.hpp"
#include "../support/run.hpp"
#include "../support/shown.hpp"
#include "../support/temporary_folder.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <optional>
#include <string>

using cubicasa::errc;
namespace asio = boost::asio;

namespace {

std::string bytes_of(std::size_t size, unsigned seed) {
    std::string out(size, '\0');
    for (char& c : out) {
        seed = seed * 1664525u + 1013904223u;
        c = static_cast<char>(seed >> 24);
    }
    return out;
}

struct nginx_files_fixture {
    nginx_files_fixture() : server(std::string()), config(server.config()) {
        server.put_file("api/plan.pdf", content);
        config.retry.max_attempts = 1;
    }

    cubicasa::result<cubicasa::downloaded> download(const std::string& name, std::uint64_t until = UINT64_MAX) {
        asio::io_context context;
        const cubicasa::client api(context.get_executor(), config);
        asio::cancellation_signal stop;
        cubicasa::download_options how;
        how.progress_interval = std::chrono::milliseconds(0);
        how.progress = [&](const cubicasa::download_progress& p) {
            if (p.bytes >= until) asio::post(context, [&] { stop.emit(asio::cancellation_type::terminal); });
        };
        std::optional<cubicasa::result<cubicasa::downloaded>> out;
        auto take = [&](cubicasa::result<cubicasa::downloaded> r) { out.emplace(std::move(r)); };
        auto token = cubicasa::as_result(take);
        cubicasa::async_download(api, config.base_url + "/" + name, folder / "plan.pdf", how,
                                 asio::bind_cancellation_slot(stop.slot(), token));
        test::run_out(context);
        BOOST_TEST_REQUIRE(out.has_value());
        return std::move(*out);
    }

    // What is left after some bytes of it.
    void begin(std::uint64_t bytes) {
        const auto r = download("plan.pdf", bytes);
        BOOST_TEST_REQUIRE(r.has_error());
        BOOST_TEST((r.error() == errc::cancelled), r.error());
    }

    const std::string content = bytes_of(5'000'000, 1);
    test::nginx server;
    cubicasa::client_config config;
    test::temporary_folder folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(nginx_files, nginx_files_fixture)

BOOST_AUTO_TEST_CASE(a_file_comes_whole) {
    const auto r = download("plan.pdf");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST((folder.read("plan.pdf") == content));
    BOOST_TEST(!r->etag.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_too_large_for_the_page_cache_comes_whole) {
    std::string large(100'000'000, 'x');
    for (std::size_t at = 0; at + 1000 < large.size(); at += 13'000'000)
        large.replace(at, 1000, bytes_of(1000, static_cast<unsigned>(at)));

    server.put_file("api/video.mp4", large);
    const auto r = download("video.mp4");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    const bool same = folder.read("plan.pdf") == large;
    BOOST_TEST(same);
}

BOOST_AUTO_TEST_CASE(a_part_is_gone_on_with) {
    begin(2'000'000);
    const auto part = std::filesystem::file_size(folder / "plan.pdf.part");
    BOOST_TEST(part >= 2'000'000u);
    const auto r = download("plan.pdf");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(r->fetched == content.size() - part);
    BOOST_TEST((folder.read("plan.pdf") == content));
    BOOST_TEST(server.stop().back().status == 206);
}

BOOST_AUTO_TEST_CASE(a_part_of_a_file_that_has_changed_is_not_gone_on_with) {
    begin(2'000'000);
    const std::string changed = bytes_of(5'000'001, 2);
    server.put_file("api/plan.pdf", changed);
    const auto r = download("plan.pdf");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST((folder.read("plan.pdf") == changed));
    BOOST_TEST(server.stop().back().status == 200);
}

BOOST_AUTO_TEST_CASE(a_complete_part_is_only_renamed) {
    begin(2'000'000);
    folder.write("plan.pdf.part", content);
    const auto r = download("plan.pdf");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(r->fetched == 0u);
    BOOST_TEST((folder.read("plan.pdf") == content));
    BOOST_TEST(server.stop().back().status == 416);
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_a_file) {
    server.put_file("api/empty", "");
    const auto r = download("empty");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(folder.read("plan.pdf").empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_a_dead_link) {
    const auto r = download("nothing.pdf");
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::dead_link), r.error());
    BOOST_TEST(r.error().http_status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
