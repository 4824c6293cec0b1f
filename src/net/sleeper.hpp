// A coroutine that waits until somebody else wakes it up. Asio without sockets.
#pragma once

#include "stoppable.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

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
        std::swap(strand_, other.strand_);
        return *this;
    }
    wake_up(asio::any_completion_handler<void()> handler, const stoppable::strand_type& strand)
        : handler_(std::move(handler)), strand_(&strand) {}

    explicit operator bool() const noexcept { return static_cast<bool>(handler_); }

    // From any thread, with no lock held. The strand lives in the coroutine's stoppable, so it is copied first.
    void operator()() {
        const stoppable::strand_type strand = *strand_;
        asio::post(strand, resumption(std::move(handler_)));
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
    const stoppable::strand_type* strand_ = nullptr;
};

// Suspends the calling coroutine, which runs on the owner's strand, and gives enter(wake_up) the means to go on.
template <class Enter>
asio::awaitable<void> sleep_until_woken(stoppable& owner, Enter& enter) {
    auto initiation = [&owner, &enter](auto handler) { enter(wake_up(std::move(handler), owner.strand())); };
    return asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiation, asio::use_awaitable);
}

// Lets the owner, on whose strand this runs, wait for a while, or until it stops.
inline asio::awaitable<void> pause(stoppable& owner, std::chrono::milliseconds time) {
    if (owner.stopped()) co_return;
    asio::steady_timer timer(owner.strand(), time);
    auto interrupt = [](void* t) { static_cast<asio::steady_timer*>(t)->cancel(); };
    const stoppable::waiting waiting(owner, interrupt, &timer);
    error_code ec;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
}

}  // namespace cubicasa::detail
