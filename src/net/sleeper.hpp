// A coroutine that waits until somebody else wakes it up. Asio without sockets.
#pragma once

#include "stoppable.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <utility>

namespace cubicasa::detail {

// How to go on with a coroutine that sleeps: by whoever takes it out of the list it is kept in, exactly once.
class wake_up {
public:
    wake_up() = default;
    wake_up(wake_up&&) = default;
    // any_completion_handler's own move assignment recurses without end in Boost 1.81.
    wake_up& operator=(wake_up&& other) noexcept {
        handler_.swap(other.handler_);
        std::swap(executor_, other.executor_);
        return *this;
    }
    wake_up(asio::any_completion_handler<void()> handler, const asio::any_io_executor& executor)
        : handler_(std::move(handler)), executor_(&executor) {}

    explicit operator bool() const noexcept { return static_cast<bool>(handler_); }

    // From any thread. The executor lives as long as the coroutine, so it is copied first.
    void operator()() {
        const asio::any_io_executor executor = *executor_;
        asio::post(executor, resumption(std::move(handler_)));
    }

private:
    // A class that cannot be copied, since copying an any_completion_handler compiles and recurses without end as well.
    class resumption {
    public:
        explicit resumption(asio::any_completion_handler<void()>&& h) : handler_(std::move(h)) {}
        resumption(resumption&&) = default;
        void operator()() { std::move(handler_)(); }

    private:
        asio::any_completion_handler<void()> handler_;
    };

    asio::any_completion_handler<void()> handler_;
    const asio::any_io_executor* executor_ = nullptr;
};

// To be awaited: suspends the calling task, and gives enter(wake_up) the means to go on. Both arguments must outlive
// the wait.
template <class Enter>
auto sleep_until_woken(stoppable::waiting& wait, Enter& enter) {
    auto initiation = [&wait, &enter](auto handler) {
        wait.begin([&] { enter(wake_up(std::move(handler), wait.executor())); });
    };
    return await_operation<>(initiation);
}

// Lets the owner wait for a while, or until it stops.
inline task<void> pause(stoppable& owner, std::chrono::milliseconds time) {
    asio::steady_timer timer(owner.executor(), time);
    auto interrupt = [](void* t) { static_cast<asio::steady_timer*>(t)->cancel(); };
    stoppable::waiting wait(owner, interrupt, &timer);
    auto expiry = [&timer](auto handler) { timer.async_wait(std::move(handler)); };
    co_await interruptible<error_code>(wait, expiry);
}

}  // namespace cubicasa::detail
