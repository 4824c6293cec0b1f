// What a handler is associated with: its executor, kept at work until the handler is called there, and its allocator.
// Light Asio headers only.
#pragma once

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace cubicasa::detail {

namespace asio = boost::asio;

template <class Executor>
class tracked_work {
public:
    explicit tracked_work(const Executor& e) : executor_(asio::prefer(e, asio::execution::outstanding_work.tracked)) {}
    const auto& get_executor() const noexcept { return executor_; }

private:
    std::decay_t<decltype(asio::prefer(std::declval<const Executor&>(), asio::execution::outstanding_work.tracked))>
        executor_;
};

// executor_work_guard of Boost 1.81 takes a strand of an any_io_executor for an executor of the Networking TS, and does
// not compile.
template <class Executor>
using work_of = std::conditional_t<asio::execution::is_executor<Executor>::value, tracked_work<Executor>,
                                   asio::executor_work_guard<Executor>>;

// For those who keep a handler: its own allocator, else that which Asio takes.
template <class Handler>
using allocator_of = asio::associated_allocator_t<Handler, asio::recycling_allocator<void>>;
template <class Handler>
allocator_of<Handler> get_allocator_of(const Handler& h) noexcept {
    return asio::get_associated_allocator(h, asio::recycling_allocator<void>());
}

// A handler on its way to its executor, where `f(handler)` calls it.
template <class Work, class Handler, class F>
class handing_over {
public:
    using allocator_type = allocator_of<Handler>;
    handing_over(Work work, Handler&& h, F&& f) : work_(std::move(work)), handler_(std::move(h)), f_(std::move(f)) {}

    allocator_type get_allocator() const noexcept { return get_allocator_of(handler_); }
    void operator()() {
        work_.reset();
        f_(std::move(handler_));
    }

private:
    std::optional<Work> work_;
    Handler handler_;
    F f_;
};

template <class Work, class Handler, class F>
void hand_over(Work work, Handler handler, F f) {
    const auto there = work.get_executor();
    asio::dispatch(there, handing_over<Work, Handler, F>(std::move(work), std::move(handler), std::move(f)));
}

}  // namespace cubicasa::detail
