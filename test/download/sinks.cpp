// Downloads into something else than a file.
#include "../support/download_fixture.hpp"
#include "../support/shown.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <random>
#include <string>

using cubicasa::condition;
using cubicasa::errc;
using test::fault;
namespace asio = boost::asio;

namespace {

const std::string some_file = "size/1000000/plan.pdf";

struct sinks_fixture : test::download_fixture {
    // Keeps what comes.
    cubicasa::download_sink keep() {
        return [this](std::string_view bytes) -> asio::awaitable<void> {
            kept.append(bytes);
            ++pieces;
            co_return;
        };
    }

    cubicasa::result<cubicasa::downloaded> into(cubicasa::download_sink sink,
                                                const cubicasa::download_options& how = cubicasa::download_options(),
                                                asio::cancellation_slot slot = {}) {
        std::optional<cubicasa::result<cubicasa::downloaded>> out;
        auto take = [&](cubicasa::result<cubicasa::downloaded> r) { out.emplace(std::move(r)); };
        auto token = asio::bind_cancellation_slot(slot, cubicasa::as_result(take));
        cubicasa::async_download(api(), url(some_file), std::move(sink), how, token);
        context.restart();
        test::run_out(context);
        BOOST_TEST_REQUIRE(out.has_value());
        return std::move(*out);
    }

    std::string kept;
    int pieces = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sinks, sinks_fixture)

BOOST_AUTO_TEST_CASE(a_sink_gets_each_byte_once_and_in_order) {
    const auto r = into(keep());
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    const bool same = kept == server.file_bytes(some_file);
    BOOST_TEST(same);
    BOOST_TEST(r->path.empty());
    BOOST_TEST(pieces > 1);
}

BOOST_AUTO_TEST_CASE(a_sink_gets_each_byte_once_although_the_connection_is_lost) {
    server.inject(fault::reset_after(100'000).times(5));
    const auto r = into(keep());
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    const bool same = kept == server.file_bytes(some_file);
    BOOST_TEST(same);
    BOOST_TEST(r->attempts == 6);
}

BOOST_AUTO_TEST_CASE(a_digest_is_that_of_a_file) {
    const auto as_file = download(some_file, "plan");
    const auto r = into(keep());
    BOOST_TEST_REQUIRE((r.has_value() && as_file.has_value()));
    BOOST_TEST(r->sha256 == as_file->sha256);
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_in_the_middle_is_an_error_since_nothing_can_be_taken_back) {
    server.inject(fault::truncate_after(300'000).times(1));
    auto changing = [&](std::string_view bytes) -> asio::awaitable<void> {
        if (kept.empty()) server.change_file(some_file);
        kept.append(bytes);
        co_return;
    };
    const auto r = into(changing);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::file_changed), r.error());
}

BOOST_AUTO_TEST_CASE(nothing_more_is_fetched_than_the_sink_has_taken_but_for_what_is_on_its_way) {
    std::uint64_t told = 0;
    cubicasa::download_options how;
    how.progress_interval = std::chrono::milliseconds(0);
    how.progress = [&](const cubicasa::download_progress& p) { told = p.bytes; };
    auto slow = [&](std::string_view bytes) -> asio::awaitable<void> {
        BOOST_TEST(told <= kept.size() + 64 * 1024);
        asio::steady_timer turn(context, std::chrono::milliseconds(1));
        co_await turn.async_wait(asio::use_awaitable);
        kept.append(bytes);
    };
    BOOST_TEST(into(slow, how).has_value());
    BOOST_TEST(kept.size() == 1'000'000u);
}

BOOST_AUTO_TEST_CASE(what_a_sink_throws_ends_the_download) {
    auto failing = [](std::string_view) -> asio::awaitable<void> {
        throw std::runtime_error("the printer is out of paper");
        co_return;
    };
    const auto r = into(failing);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::callback_failed), r.error());
    BOOST_TEST(r.error().describe().find("out of paper") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_error_of_a_sink_is_passed_on_as_it_is) {
    auto failing = [](std::string_view) -> asio::awaitable<void> {
        throw boost::system::system_error(asio::error::broken_pipe);
        co_return;
    };
    const auto r = into(failing);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error().code == asio::error::broken_pipe), r.error());
}

BOOST_AUTO_TEST_CASE(cancelling_reaches_a_sink_that_waits) {
    asio::cancellation_signal stop;
    bool interrupted = false;
    auto stuck = [&](std::string_view) -> asio::awaitable<void> {
        asio::steady_timer never(context, std::chrono::hours(1));
        asio::post(context, [&] { stop.emit(asio::cancellation_type::total); });
        try {
            co_await never.async_wait(asio::use_awaitable);
        } catch (const boost::system::system_error& e) {
            interrupted = e.code() == asio::error::operation_aborted;
        }
    };
    const auto r = into(stuck, {}, stop.slot());
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::cancelled), r.error());
    BOOST_TEST(interrupted);
}

// A sink may work before it gives what is to be awaited.
BOOST_AUTO_TEST_CASE(closing_the_client_while_a_sink_is_being_called_reaches_what_it_waits_for) {
    asio::thread_pool threads(2);
    const cubicasa::client api(threads.get_executor(), config);
    std::promise<void> called;
    std::promise<void> closed;
    auto waits = []() -> asio::awaitable<void> {
        asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::hours(1));
        co_await never.async_wait(asio::use_awaitable);
    };
    auto sink = [&](std::string_view) {
        called.set_value();
        closed.get_future().wait();
        return waits();
    };
    std::promise<cubicasa::result<cubicasa::downloaded>> ended;
    cubicasa::async_download(api, url(some_file), sink, cubicasa::download_options(),
                             cubicasa::as_result([&](auto r) { ended.set_value(std::move(r)); }));
    called.get_future().wait();
    api.close();
    closed.set_value();
    const auto r = ended.get_future().get();
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::client_closed), r.error());
    threads.join();
}

BOOST_AUTO_TEST_CASE(downloads_into_sinks_are_cancelled_at_any_moment_on_several_threads) {
    asio::thread_pool threads(4);
    const cubicasa::client api(threads.get_executor(), config);
    constexpr int rounds = 200;
    std::atomic<int> ended = 0;
    std::minstd_rand dice(1);
    auto sink = [](std::string_view) -> asio::awaitable<void> {
        asio::steady_timer soon(co_await asio::this_coro::executor, std::chrono::microseconds(1));
        co_await soon.async_wait(asio::use_awaitable);
    };
    for (int i = 0; i < rounds; ++i) {
        const auto strand = asio::make_strand(threads);
        auto stop = std::make_shared<asio::cancellation_signal>();
        std::promise<void> over;
        asio::post(strand, [&, stop] {
            cubicasa::async_download(
                api, url(some_file), sink, cubicasa::download_options(),
                asio::bind_cancellation_slot(stop->slot(), asio::bind_executor(strand, cubicasa::as_result([&](auto) {
                                                                                   ++ended;
                                                                                   over.set_value();
                                                                               }))));
        });
        asio::steady_timer moment(strand, std::chrono::microseconds(dice() % 3000));
        moment.async_wait([stop](auto) { stop->emit(asio::cancellation_type::terminal); });
        over.get_future().wait();
        std::promise<void> quiet;
        asio::post(strand, [&] {
            moment.cancel();
            quiet.set_value();
        });
        quiet.get_future().wait();
    }
    threads.join();
    BOOST_TEST(ended == rounds);
}

BOOST_AUTO_TEST_CASE(a_sink_gets_nothing_after_the_download_was_cancelled) {
    for (int moment = 1; moment <= 12; ++moment) {
        asio::cancellation_signal stop;
        int told = 0;
        bool late = false;
        auto sink = [&](std::string_view) -> asio::awaitable<void> {
            late = late || told >= moment;
            co_return;
        };
        cubicasa::download_options how;
        how.progress_interval = std::chrono::milliseconds(0);
        how.progress = [&](const cubicasa::download_progress&) {
            if (++told == moment) stop.emit(asio::cancellation_type::total);
        };
        const auto r = into(sink, how, stop.slot());
        BOOST_TEST(!late);
        if (told >= moment && r.has_error()) BOOST_TEST((r.error() == errc::cancelled), r.error());
    }
}

BOOST_AUTO_TEST_CASE(the_deadline_reaches_a_sink_that_waits) {
    cubicasa::download_options how;
    how.total = std::chrono::milliseconds(50);
    auto stuck = [&](std::string_view) -> asio::awaitable<void> {
        asio::steady_timer never(context, std::chrono::hours(1));
        co_await never.async_wait(asio::use_awaitable);
    };
    const auto r = into(stuck, how);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::deadline_exceeded), r.error());
}

BOOST_AUTO_TEST_CASE(a_sink_that_takes_long_is_no_stall_of_the_server) {
    cubicasa::download_options how;
    how.stall = std::chrono::milliseconds(200);
    auto slow = [&](std::string_view bytes) -> asio::awaitable<void> {
        if (kept.empty()) {
            asio::steady_timer turn(context, std::chrono::milliseconds(600));
            co_await turn.async_wait(asio::use_awaitable);
        }
        kept.append(bytes);
    };
    const auto r = into(slow, how);
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(r->attempts == 1);
}

BOOST_AUTO_TEST_SUITE_END()
