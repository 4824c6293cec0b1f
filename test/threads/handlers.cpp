// What a handler may rely on: where it is called, when, and whose memory is used for it.
#include "cell.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <cubicasa/download.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>

using namespace test;
using namespace std::chrono_literals;
using cc::errc;

namespace {

struct memory {
    std::atomic<std::size_t> taken{0};
    std::atomic<std::size_t> held{0};
};

template <class T>
class counting_allocator {
public:
    using value_type = T;
    explicit counting_allocator(memory& m) noexcept : memory_(&m) {}
    template <class U>
    counting_allocator(const counting_allocator<U>& other) noexcept : memory_(other.memory_) {}

    T* allocate(std::size_t n) {
        ++memory_->taken;
        ++memory_->held;
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n) noexcept {
        --memory_->held;
        std::allocator<T>().deallocate(p, n);
    }
    bool operator==(const counting_allocator&) const = default;

    memory* memory_;
};

template <class Handler>
auto counted(memory& m, Handler h) {
    return asio::bind_allocator(counting_allocator<std::byte>(m), std::move(h));
}

// Counts what has ended, and what of it has ended too early.
struct endings {
    void note() {
        if (starting_a_call) early = true;
        if (--left == 0) all.set_value();
    }
    void wait() {
        BOOST_TEST_REQUIRE((all.get_future().wait_for(patience) == std::future_status::ready));
        BOOST_TEST(!early);
    }
    explicit endings(int n) : left(n) {}

    std::atomic<int> left;
    std::atomic<bool> early{false};
    std::promise<void> all;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(handlers)

BOOST_AUTO_TEST_SUITE(executors)

BOOST_AUTO_TEST_CASE(a_handler_runs_on_its_strand_of_another_context) {
    client_fixture f;
    asio::thread_pool pool(3);
    const auto strand = asio::make_strand(pool);
    std::atomic<int> right{0};
    for (int i = 0; i < 20; ++i) {
        f.api().orders().get(known_id, asio::bind_executor(strand, cc::as_result([&](const cc::result<cc::order>& r) {
                                                               right +=
                                                                   r.has_value() && strand.running_in_this_thread();
                                                           })));
    }
    run_out(f.context);
    pool.join();  // which the handlers' executor keeps at work
    BOOST_TEST(right == 20);
}

BOOST_AUTO_TEST_CASE(a_context_is_kept_at_work_by_the_handlers_that_want_to_run_on_it) {
    client_fixture f;
    asio::io_context other;
    const asio::any_io_executor erased = other.get_executor();
    int called = 0;
    f.api().orders().get(known_id,
                         asio::bind_executor(erased, [&](std::exception_ptr, const cc::order&) { ++called; }));
    f.api().async_drain(40s, asio::bind_executor(asio::make_strand(erased), [&](bool) { ++called; }));
    std::thread runner([&] { f.context.run(); });
    run_out(other);
    runner.join();
    BOOST_TEST(called == 2);
}

BOOST_AUTO_TEST_CASE(a_coroutine_goes_on_where_it_was_spawned) {
    client_fixture f;
    asio::thread_pool pool(2);
    auto work = [](cc::client api, asio::thread_pool& where) -> asio::awaitable<bool> {
        const bool before = where.get_executor().running_in_this_thread();
        const cc::order order = co_await api.orders().get(known_id);
        co_return before && !order.id.empty() && where.get_executor().running_in_this_thread();
    };
    auto stayed = asio::co_spawn(pool, work(f.api(), pool), asio::use_future);
    std::thread runner([&] {
        const auto guard = asio::make_work_guard(f.context);
        f.context.run_for(patience);
    });
    BOOST_TEST(stayed.get());
    f.context.stop();
    runner.join();
}

BOOST_AUTO_TEST_CASE(a_coroutine_gets_a_failure_where_it_was_spawned) {
    client_fixture f;
    asio::thread_pool pool(2);
    auto work = [](cc::client api, asio::thread_pool& where) -> asio::awaitable<bool> {
        bool refused = false;
        try {
            co_await api.orders().get("unknown");
        } catch (const cc::failure& e) {
            refused = e.details() == errc::not_found && e.details().operation == "get_order";
        }
        co_return where.get_executor().running_in_this_thread() && refused;
    };
    auto told = asio::co_spawn(pool, work(f.api(), pool), asio::use_future);
    std::thread runner([&] {
        const auto guard = asio::make_work_guard(f.context);
        f.context.run_for(patience);
    });
    BOOST_TEST(told.get());
    f.context.stop();
    runner.join();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(moments)

// What is known at once would be easiest to tell at once.
BOOST_AUTO_TEST_CASE(no_handler_is_called_inside_the_function_that_starts_its_call) {
    const sandbox server;
    for (const place_kind& kind : every_place) {
        BOOST_TEST_CONTEXT(kind.name) {
            endings ends(9);
            const auto where = kind.make();
            const cc::client api(where->executor(), server.config());
            cc::client closed(where->executor(), server.config());
            closed.close();
            const auto strand = asio::make_strand(where->executor());
            asio::cancellation_signal signal;
            asio::post(strand, [&] {
                cc::call_options no_time;
                no_time.total = 0ms;
                const auto note = cc::as_result([&](const auto&) { ends.note(); });
                const start_of_a_call s;
                api.orders().get(known_id, note);
                api.orders().get("", note);
                api.orders().get(known_id, no_time, note);
                closed.orders().get(known_id, note);
                closed.async_drain(1s, [&](bool) { ends.note(); });
                cc::async_download(api, "no address", "/nowhere", note);
                cc::async_download(closed, "https://localhost/plan.pdf", "/nowhere", note);
                api.start(cc::get_order(known_id), cc::call_options(), [&](const auto&) { ends.note(); }).cancel();
                api.orders().get(known_id,
                                 asio::bind_executor(strand, asio::bind_cancellation_slot(signal.slot(), note)));
                signal.emit(asio::cancellation_type::terminal);
            });
            ends.wait();
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(allocators)

BOOST_AUTO_TEST_CASE(a_call_keeps_its_handler_in_memory_of_the_handlers_allocator) {
    client_fixture f;
    memory m;
    bool called = false;
    f.api().orders().get(known_id, counted(m, [&](std::exception_ptr, const cc::order&) {
                             BOOST_TEST(m.held == 0u);  // given back before, so that the handler can have it again
                             called = true;
                         }));
    BOOST_TEST(m.held > 0u);
    run_out(f.context);
    BOOST_TEST(called);
    BOOST_TEST(m.held == 0u);
}

BOOST_AUTO_TEST_CASE(as_result_passes_the_allocator_on) {
    client_fixture f;
    memory m;
    f.api().orders().get(known_id, cc::as_result(counted(m, [](const cc::result<cc::order>&) {})));
    f.api().orders().get(known_id, counted(m, cc::as_result([](const cc::result<cc::order>&) {})));
    BOOST_TEST(m.held == 2u);
    run_out(f.context);
    BOOST_TEST(m.held == 0u);
}

BOOST_AUTO_TEST_CASE(on_its_way_to_another_context_a_handler_is_kept_there_as_well) {
    client_fixture f;
    asio::io_context other;
    memory m;
    f.api().orders().get(known_id, asio::bind_executor(other, counted(m, [&](std::exception_ptr, const cc::order&) {
                                                           BOOST_TEST(m.held == 0u);
                                                       })));
    run_out(f.context);
    BOOST_TEST(m.held == 1u);
    BOOST_TEST(m.taken == 2u);
    run_out(other);
    BOOST_TEST(m.held == 0u);
}

BOOST_AUTO_TEST_CASE(downloads_and_drains_use_it_too) {
    client_fixture f;
    memory m;
    cc::async_download(f.api(), "no address", "/nowhere", counted(m, [](std::exception_ptr, const cc::downloaded&) {}));
    BOOST_TEST(m.held == 1u);
    f.api().async_drain(40s, counted(m, [](bool) {}));
    BOOST_TEST(m.held == 2u);
    run_out(f.context);
    BOOST_TEST(m.held == 0u);
}

BOOST_AUTO_TEST_CASE(it_is_given_back_when_the_context_goes_first) {
    // However late this thread comes, the call is in its middle.
    sandbox server;
    server.inject(fault::never_answer());
    memory m;
    std::optional<asio::io_context> context(std::in_place);
    const cc::client api(context->get_executor(), server.config());
    api.orders().get(known_id, counted(m, [](std::exception_ptr, const cc::order&) { BOOST_ERROR("called"); }));
    context->poll();
    BOOST_TEST(m.held > 0u);
    context.reset();
    BOOST_TEST(m.held == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(slots)

BOOST_AUTO_TEST_CASE(each_type_ends_a_call_that_has_just_been_started) {
    client_fixture f;
    for (const auto type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                            asio::cancellation_type::terminal, asio::cancellation_type::all}) {
        asio::cancellation_signal signal;
        cc::error e;
        f.api().orders().get(known_id, asio::bind_cancellation_slot(
                                           signal.slot(), cc::as_result([&](const auto& r) { e = r.error(); })));
        signal.emit(type);
        f.context.restart();
        run_out(f.context);
        BOOST_TEST((e == errc::cancelled));
        BOOST_TEST((e.delivery == cc::delivery::never_sent));
        BOOST_TEST(!signal.slot().has_handler());
    }
    BOOST_TEST(f.server.stats().requests == 0u);
}

BOOST_AUTO_TEST_CASE(a_signal_that_comes_when_the_call_has_ended_does_nothing) {
    client_fixture f;
    asio::cancellation_signal signal;
    bool called = false;
    f.api().orders().get(known_id, asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e, cc::order) {
                             called = !e;
                             signal.emit(asio::cancellation_type::terminal);
                         }));
    run_out(f.context);
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()
