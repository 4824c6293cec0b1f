// Cancelling, deadlines, stalls, and clients and contexts that go away.
#include "../support/download_fixture.hpp"
#include "../support/shown.hpp"
#include "../support/tls_server.hpp"
#include "../support/unresponsive.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <future>
#include <string>
#include <thread>

using cubicasa::condition;
using cubicasa::errc;
using test::fault;
namespace asio = boost::asio;

namespace {

// A body without a length, its end by TLS in the same packet, and a TCP connection that stays open.
void answer_until_close_notify(SSL* connection) {
    if (!test::read_request(connection)) return;
    const int socket = SSL_get_fd(connection);
    int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nall there is";
    SSL_write(connection, answer.data(), static_cast<int>(answer.size()));
    SSL_shutdown(connection);
    on = 0;
    ::setsockopt(socket, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    char byte = 0;
    while (::recv(socket, &byte, 1, 0) > 0) {
    }
}

const std::string long_file = "size/3000000/plan.pdf";

struct endings_fixture : test::download_fixture {
    // Downloads, and does something when so many bytes are here.
    template <class F>
    cubicasa::result<cubicasa::downloaded> at(std::uint64_t bytes, F what) {
        cubicasa::download_options how;
        how.progress_interval = std::chrono::milliseconds(0);
        how.progress = [&](const cubicasa::download_progress& p) {
            if (p.bytes >= bytes && !std::exchange(done, true)) what();
        };
        std::optional<cubicasa::result<cubicasa::downloaded>> out;
        auto take = [&](cubicasa::result<cubicasa::downloaded> r) { out.emplace(std::move(r)); };
        auto token = cubicasa::as_result(take);
        cubicasa::async_download(api(), url(long_file), folder / "plan.pdf", how,
                                 asio::bind_cancellation_slot(stop.slot(), token));
        context.restart();
        test::run_out(context);
        BOOST_TEST_REQUIRE(out.has_value());
        return std::move(*out);
    }

    asio::cancellation_signal stop;
    bool done = false;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(endings, endings_fixture)

BOOST_AUTO_TEST_CASE(cancelling_keeps_what_is_here_and_a_later_call_goes_on) {
    for (const auto type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
        done = false;
        const auto r = at(1'000'000, [&] { asio::post(context, [&, type] { stop.emit(type); }); });
        BOOST_TEST_REQUIRE(r.has_error());
        BOOST_TEST((r.error() == errc::cancelled), r.error());
        BOOST_TEST(std::filesystem::file_size(folder / "plan.pdf.part") >= 1'000'000u);
        const auto rest = download(long_file, "plan.pdf");
        check_whole(rest, long_file, "plan.pdf");
        BOOST_TEST(rest->fetched <= 2'000'000u);
        std::filesystem::remove(folder / "plan.pdf");
    }
}

BOOST_AUTO_TEST_CASE(a_download_that_waits_for_bytes_leaves_its_thread_to_others) {
    server.inject(fault::drip(100, std::chrono::milliseconds(10)).on("GET", "/files/"));
    std::optional<cubicasa::result<cubicasa::downloaded>> out;
    auto take = [&](cubicasa::result<cubicasa::downloaded> r) { out.emplace(std::move(r)); };
    cubicasa::async_download(api(), url("size/1000000000/slow.mp4"), folder / "slow.mp4",
                             cubicasa::as_result(asio::bind_cancellation_slot(stop.slot(), take)));
    // While the file would take a day.
    asio::steady_timer other(context);
    int turns = 0;
    const std::function<void()> next = [&] {
        other.expires_after(std::chrono::milliseconds(1));
        other.async_wait([&](const cubicasa::error_code&) {
            if (++turns == 200) return stop.emit(asio::cancellation_type::total);
            next();
        });
    };
    next();
    test::run_out(context);
    BOOST_TEST_REQUIRE(out.has_value());
    BOOST_TEST((out->error() == errc::cancelled), out->error());
}

BOOST_AUTO_TEST_CASE(closing_the_client_ends_downloads_and_keeps_what_is_here) {
    const auto r = at(1'000'000, [&] { api().close(); });
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::client_closed), r.error());
    BOOST_TEST(std::filesystem::file_size(folder / "plan.pdf.part") >= 1'000'000u);
}

BOOST_AUTO_TEST_CASE(a_closed_client_downloads_nothing) {
    api().close();
    const auto e = error_of_download(long_file, "plan.pdf");
    BOOST_TEST((e == errc::client_closed), e);
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(draining_waits_for_downloads) {
    bool quiet = false;
    const auto r =
        at(1'000'000, [&] { api().async_drain(std::chrono::seconds(40), [&](bool value) { quiet = value; }); });
    check_whole(r, long_file, "plan.pdf");
    BOOST_TEST(quiet);
}

BOOST_AUTO_TEST_CASE(a_download_may_ask_for_a_new_link_while_the_client_drains) {
    const auto order = get();
    BOOST_TEST_REQUIRE(order.has_value());
    server.inject(fault::truncate_after(1'500'000).on("", "/files/").times(1));
    server.inject(fault::status(404).on("", "/files/"));
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [&](const cubicasa::download_progress&) {
        if (!std::exchange(done, true)) api().async_drain(std::chrono::seconds(40), [](bool) {});
    };
    how.source = cubicasa::asset_source(test::known_id, cubicasa::asset());
    how.source->position = 99;
    const auto e = error_of_download(long_file, "plan.pdf", how);
    // That the order has no such file could only be known from the order.
    BOOST_TEST((e == errc::dead_link), e);
    BOOST_TEST(e.describe().find(test::known_id) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_time_for_the_whole_is_unlimited_unless_it_is_set) {
    config.timeouts.total = std::chrono::milliseconds(1);
    check_whole(download(long_file, "plan.pdf"), long_file, "plan.pdf");
    cubicasa::download_options how;
    how.total = std::chrono::milliseconds(0);
    const auto e = error_of_download(long_file, "other.pdf", how);
    BOOST_TEST((e == errc::deadline_exceeded), e);
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_more_is_left_and_asked_for_the_rest) {
    server.inject(fault::never_answer().times(1));
    cubicasa::download_options how;
    how.stall = std::chrono::milliseconds(200);
    const auto r = download(long_file, "plan.pdf", how);
    check_whole(r, long_file, "plan.pdf");
    BOOST_TEST(r->attempts == 2);
}

BOOST_AUTO_TEST_CASE(a_server_that_never_says_anything_is_an_error) {
    server.inject(fault::never_answer());
    cubicasa::download_options how;
    how.stall = std::chrono::milliseconds(50);
    how.max_attempts = 2;
    const auto e = error_of_download(long_file, "plan.pdf", how);
    BOOST_TEST((e == errc::first_byte_timeout), e);
    BOOST_TEST((e == condition::timeout));
    BOOST_TEST(e.attempts == 2);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_slow_but_goes_on_is_no_stall) {
    server.inject(fault::drip(20'000, std::chrono::milliseconds(20)).times(1));
    cubicasa::download_options how;
    how.stall = std::chrono::milliseconds(2000);
    const auto r = download("size/400000/plan.pdf", "plan.pdf", how);
    check_whole(r, "size/400000/plan.pdf", "plan.pdf");
    BOOST_TEST(r->attempts == 1);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_trusted_is_not_tried_again) {
    test::sandbox stranger;
    const std::string base = stranger.base_url();
    const auto r = download_url(base.substr(0, base.find("/api/")) + "/files/plan.pdf", folder / "plan.pdf");
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::certificate_untrusted), r.error());
    BOOST_TEST(r.error().attempts == 1);
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(a_dead_host_is_a_network_error) {
    cubicasa::download_options how;
    how.max_attempts = 2;
    const auto r = download_url("https://localhost:1/plan.pdf", folder / "plan.pdf", how);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == condition::network), r.error());
    BOOST_TEST((r.error().delivery == cubicasa::delivery::never_sent));
}

BOOST_AUTO_TEST_CASE(a_context_that_is_destroyed_in_the_middle_leaves_a_part) {
    auto own = std::make_unique<asio::io_context>();
    const cubicasa::client client(own->get_executor(), config);
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [&](const cubicasa::download_progress& p) {
        if (p.bytes >= 1'000'000) own->stop();
    };
    cubicasa::async_download(client, url(long_file), folder / "plan.pdf", how,
                             [](std::exception_ptr, const cubicasa::downloaded&) {});
    own->run();
    own.reset();
    BOOST_TEST(std::filesystem::exists(folder / "plan.pdf.part"));
    check_whole(download(long_file, "plan.pdf"), long_file, "plan.pdf");
}

BOOST_AUTO_TEST_CASE(the_last_handle_may_go_while_a_download_runs) {
    std::optional<cubicasa::result<cubicasa::downloaded>> out;
    auto take = [&](cubicasa::result<cubicasa::downloaded> r) { out.emplace(std::move(r)); };
    cubicasa::async_download(api(), url(long_file), folder / "plan.pdf", cubicasa::as_result(take));
    made.reset();
    test::run_out(context);
    BOOST_TEST_REQUIRE(out.has_value());
    check_whole(*out, long_file, "plan.pdf");
}

BOOST_AUTO_TEST_CASE(many_downloads_run_at_once_on_several_threads) {
    asio::thread_pool threads(3);
    const cubicasa::client client(threads.get_executor(), config);
    std::vector<std::future<cubicasa::downloaded>> running;
    for (int i = 0; i < 40; ++i) {
        const std::string name = "size/" + std::to_string(100'000 + i * 10'000) + "/" + std::to_string(i);
        if (i % 3 == 0) server.inject(fault::reset_after(50'000).on("", "/files/" + name).times(1));
        running.push_back(cubicasa::async_download(client, url(name), folder / std::to_string(i), asio::use_future));
    }
    for (int i = 0; i < 40; ++i) {
        const auto r = running[static_cast<std::size_t>(i)].get();
        const std::string name = "size/" + std::to_string(100'000 + i * 10'000) + "/" + std::to_string(i);
        const bool same = folder.read(std::to_string(i)) == server.file_bytes(name);
        BOOST_TEST(same);
        BOOST_TEST(r.bytes == 100'000u + static_cast<unsigned>(i) * 10'000u);
    }
    BOOST_TEST(folder.names().size() == 40u);
}

BOOST_AUTO_TEST_CASE(cancelling_from_another_thread_at_any_moment_leaves_a_part_or_a_file) {
    asio::thread_pool threads(2);
    const cubicasa::client client(threads.get_executor(), config);
    const std::string wanted = server.file_bytes(long_file);
    for (int i = 0; i < 20; ++i) {
        // A signal is for one thread at a time, and the handler's end touches it as well.
        const auto strand = asio::make_strand(threads);
        asio::cancellation_signal signal;
        std::atomic<std::uint64_t> bytes{0};
        std::promise<cubicasa::result<cubicasa::downloaded>> outcome;
        cubicasa::download_options how;
        how.progress_interval = std::chrono::milliseconds(0);
        how.progress = [&](const cubicasa::download_progress& p) { bytes = p.bytes; };
        auto take = [&](cubicasa::result<cubicasa::downloaded> r) { outcome.set_value(std::move(r)); };
        auto token = cubicasa::as_result(asio::bind_executor(strand, take));
        cubicasa::async_download(client, url(long_file), folder / "plan.pdf", how,
                                 asio::bind_cancellation_slot(signal.slot(), token));
        while (bytes < static_cast<std::uint64_t>(i) * 150'000) std::this_thread::yield();
        asio::post(strand, asio::use_future([&] { signal.emit(asio::cancellation_type::terminal); })).get();
        const auto r = outcome.get_future().get();
        BOOST_TEST((r.has_value() || r.error() == errc::cancelled));
        // What is under the final name is whole, always.
        const bool there = std::filesystem::exists(folder / "plan.pdf");
        BOOST_TEST(there == r.has_value());
        if (there) BOOST_TEST((folder.read("plan.pdf") == wanted));
        std::filesystem::remove(folder / "plan.pdf");
    }
}

BOOST_AUTO_TEST_CASE(progress_is_told_in_rising_bytes_and_ends_with_the_whole) {
    std::vector<cubicasa::download_progress> told;
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [&](const cubicasa::download_progress& p) { told.push_back(p); };
    check_whole(download(long_file, "plan.pdf", how), long_file, "plan.pdf");
    BOOST_TEST_REQUIRE(told.size() > 3u);
    for (std::size_t i = 1; i < told.size(); ++i) BOOST_TEST(told[i].bytes >= told[i - 1].bytes);
    BOOST_TEST(told.back().bytes == 3'000'000u);
    BOOST_TEST((told.back().total == std::uint64_t{3'000'000}));
    BOOST_TEST(told.back().rate > 0);
    BOOST_TEST(told.back().file == folder / "plan.pdf");
}

BOOST_AUTO_TEST_CASE(progress_is_told_no_more_often_than_wanted) {
    int told = 0;
    cubicasa::download_options how;
    how.progress_interval = std::chrono::hours(1);
    how.progress = [&](const cubicasa::download_progress&) { ++told; };
    check_whole(download(long_file, "plan.pdf", how), long_file, "plan.pdf");
    BOOST_TEST(told == 1);  // the last word
}

BOOST_AUTO_TEST_CASE(a_display_that_throws_does_not_harm_the_download) {
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [](const cubicasa::download_progress&) { throw std::runtime_error("no terminal"); };
    check_whole(download(long_file, "plan.pdf", how), long_file, "plan.pdf");
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_tls_is_whole_although_the_tcp_connection_stays_open) {
    const auto identity = test::new_identity();
    const test::tls_server peer([&](int) { return identity.context.get(); }, &answer_until_close_notify);
    config = peer.config(identity.ca_pem);
    config.retry.max_attempts = 1;
    cubicasa::download_options how;
    how.stall = std::chrono::seconds(5);
    how.max_attempts = 1;
    const auto r = download_url(config.base_url + "/plan.txt", folder / "plan.txt", how);
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(folder.read("plan.txt") == "all there is");
}

BOOST_AUTO_TEST_SUITE_END()
