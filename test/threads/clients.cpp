// Clients and threads: one for many, one for each, and those that live until the program ends.
#include "cell.hpp"

#include "support/download_fixture.hpp"

#include <cubicasa/download.hpp>

#include <atomic>
#include <thread>

using namespace test;

namespace {

using result_future = std::future<cc::result<cc::order>>;

int served_to(const cc::client& api, int calls) {
    std::vector<result_future> all;
    for (int i = 0; i < calls; ++i) all.push_back(api.orders().get(known_id, cc::as_result(asio::use_future)));
    int served = 0;
    for (auto& one : all) served += one.get().has_value();
    return served;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clients)

BOOST_AUTO_TEST_CASE(one_serves_many_threads) {
    const sandbox server;
    auto config = server.config();
    config.pool.max_connections = 8;
    for (const place_kind& kind : every_place) {
        BOOST_TEST_CONTEXT(kind.name) {
            const auto where = kind.make();
            const cc::client api(where->executor(), config);
            std::atomic<int> served{0};
            std::vector<std::thread> threads;
            for (int i = 0; i < 8; ++i) threads.emplace_back([&] { served += served_to(api, 100); });
            for (auto& t : threads) t.join();
            BOOST_TEST(served == 800);
        }
    }
}

BOOST_AUTO_TEST_CASE(handles_are_copied_and_dropped_by_many_threads) {
    const sandbox server;
    pool_place where(3);
    std::atomic<int> served{0};
    {
        const cc::client api(where.executor(), server.config());
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, mine = api] {
                for (int n = 0; n < 25; ++n) {
                    const cc::client copy = mine;
                    copy.orders().get(known_id, cc::as_result([&](const auto& r) { served += r.has_value(); }));
                }
            });
        }
        for (auto& t : threads) t.join();
        api.async_drain(patience, asio::use_future).get();
    }
    BOOST_TEST(served == 100);
}

BOOST_AUTO_TEST_CASE(each_thread_has_its_own) {
    const sandbox server;
    std::atomic<int> served{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            asio::io_context context(1);
            const cc::client api(context.get_executor(), server.config());
            const auto self = std::this_thread::get_id();
            for (int n = 0; n < 25; ++n) {
                api.orders().get(known_id, cc::as_result([&, self](const auto& r) {
                                     served += r.has_value() && std::this_thread::get_id() == self;
                                 }));
            }
            context.run_for(patience);
        });
    }
    for (auto& t : threads) t.join();
    BOOST_TEST(served == 100);
}

BOOST_AUTO_TEST_CASE(on_a_strand_all_handlers_run_on_it) {
    const sandbox server;
    asio::thread_pool pool(3);
    const auto strand = asio::make_strand(pool);
    {
        const cc::client api(strand, server.config());
        int served = 0;  // needs no lock
        for (int i = 0; i < 50; ++i) {
            api.orders().get(known_id, cc::as_result([&](const auto& r) {
                                 served += r.has_value() && strand.running_in_this_thread();
                             }));
        }
        pool.join();
        BOOST_TEST(served == 50);
    }
}

// Of the two that live longer than main(), one is destroyed before the system's context, and one never. It is to
// OpenSSL's disadvantage that the context was there first: OpenSSL cleans up before it.
BOOST_AUTO_TEST_CASE(on_the_system_executor_may_live_until_the_program_ends) {
    [[maybe_unused]] const auto& first = asio::query(asio::system_executor(), asio::execution::context);
    download_fixture f;
    static const cc::client destroyed(asio::system_executor(), f.config);
    static const auto* const kept = new cc::client(asio::system_executor(), f.config);
    for (const cc::client* api : {&destroyed, kept}) {
        BOOST_TEST(served_to(*api, 10) == 10);
        const auto to = f.folder / "plan.pdf";
        BOOST_TEST(cc::async_download(*api, f.url("plan.pdf"), to, asio::use_future).get().bytes > 0u);
        BOOST_TEST(api->stats().idle > 0u);
    }
}

BOOST_AUTO_TEST_CASE(on_the_system_executor_may_leave_with_calls_that_run) {
    sandbox server;
    server.inject(fault::delay(std::chrono::milliseconds(20)));
    std::vector<result_future> all;
    {
        const cc::client api(asio::system_executor(), server.config());
        for (int i = 0; i < 10; ++i) all.push_back(api.orders().get(known_id, cc::as_result(asio::use_future)));
    }
    for (auto& one : all) BOOST_TEST(one.get().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
