// Calls that compete: the loser is cancelled. The coroutines run on a strand, for signals are not for many threads at
// once.
#include "cell.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

using namespace test;
using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;
using cc::errc;

namespace {

struct race {
    race() { server.inject(fault::never_answer().on("GET", "/orders/slow")); }

    template <class T>
    T run(asio::awaitable<T> work) {
        auto later = asio::co_spawn(strand, std::move(work), asio::use_future);
        BOOST_TEST_REQUIRE((later.wait_for(patience) == std::future_status::ready));
        return later.get();
    }

    sandbox server;
    pool_place where{3};
    asio::strand<asio::any_io_executor> strand = asio::make_strand(where.executor());
    cc::client api{where.executor(), server.config()};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(races)

BOOST_AUTO_TEST_CASE(a_parallel_group_cancels_the_call_that_loses) {
    race r;
    auto work = [](race& x) -> asio::awaitable<cc::error> {
        auto group = asio::experimental::make_parallel_group(
            x.api.orders().get("slow", cc::as_result(asio::bind_executor(x.strand, asio::deferred))),
            x.api.orders().get(known_id, cc::as_result(asio::bind_executor(x.strand, asio::deferred))));
        const asio::experimental::wait_for_one one;
        auto [sequence, slow, quick] = co_await group.async_wait(one, asio::use_awaitable);
        if (sequence[0] != 1 || !quick) co_return cc::error();
        co_return slow.error();
    };
    BOOST_TEST((r.run(work(r)) == errc::cancelled));
}

BOOST_AUTO_TEST_CASE(a_timer_that_ends_first_cancels_the_call) {
    race r;
    auto work = [](race& x) -> asio::awaitable<std::size_t> {
        asio::steady_timer timer(x.strand, 5ms);
        auto first = co_await (x.api.orders().get("slow") || timer.async_wait(asio::use_awaitable));
        co_return first.index();
    };
    BOOST_TEST(r.run(work(r)) == 1u);
    BOOST_TEST(r.api.async_drain(patience, asio::use_future).get());
}

BOOST_AUTO_TEST_CASE(many_races_at_once_have_one_winner_each) {
    race r;
    auto work = [](race& x) -> asio::awaitable<int> {
        int won = 0;
        for (int i = 0; i < 20; ++i) {
            auto first = co_await (x.api.orders().get(known_id) || x.api.orders().get(known_id));
            won += first.index() == 0 ? !std::get<0>(first).id.empty() : !std::get<1>(first).id.empty();
        }
        co_return won;
    };
    std::vector<std::future<int>> all;
    for (int i = 0; i < 8; ++i) {
        all.push_back(asio::co_spawn(asio::make_strand(r.where.executor()), work(r), asio::use_future));
    }
    for (auto& one : all) BOOST_TEST(one.get() == 20);
}

BOOST_AUTO_TEST_CASE(the_handle_of_start_cancels_from_any_thread) {
    race r;
    for (int i = 0; i < 50; ++i) {
        std::promise<cc::error> ended;
        auto later = ended.get_future();
        const auto handle = r.api.start(cc::get_order("slow"), cc::call_options(),
                                        [&](const cc::result<cc::order>& o) { ended.set_value(o.error()); });
        std::thread one([&] { handle.cancel(); });
        std::thread another([&] { handle.cancel(); });
        BOOST_TEST((later.get() == errc::cancelled));
        one.join();
        another.join();
    }
}

BOOST_AUTO_TEST_SUITE_END()
