// A coroutine that waits for news which another thread brings, and may be cancelled meanwhile. Light Asio headers only.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace cubicasa::detail {

namespace asio = boost::asio;

// One waiter at a time. wake() and drop() may be called from any thread.
class waiting_consumer {
public:
    // True when woken, false when the waiting was cancelled (all three types). `ready` is asked under the lock that
    // wake() takes: if it is true already, nothing is waited for.
    template <class Ready>
    asio::awaitable<bool> wait(Ready ready) {
        return asio::async_initiate<const asio::use_awaitable_t<>, void(bool)>(begin_wait(ready), asio::use_awaitable);
    }

    // The same for others than asio::awaitable: what to call with a handler of bool.
    template <class Ready>
    auto begin_wait(Ready ready) {
        return [this, ready](auto handler) {
            const auto executor = asio::get_associated_executor(handler);
            auto slot = asio::get_associated_cancellation_slot(handler);
            const auto s = shared_;  // without the lock the coroutine may go on elsewhere, and we be gone
            std::unique_lock lock(s->mutex);
            s->sleeper.emplace(std::move(handler), asio::any_io_executor(executor));
            if (slot.is_connected()) {
                slot.assign([weak = std::weak_ptr(s)](asio::cancellation_type) {
                    if (const auto alive = weak.lock()) alive->resume(false);
                });
            }
            const bool now = ready();
            lock.unlock();
            if (now) s->resume(true);
        };
    }

    void wake() noexcept { shared_->resume(true); }

    // Destroys the coroutine that waits.
    void drop() noexcept {
        const auto s = shared_;  // we may go with the coroutine
        std::unique_lock lock(s->mutex);
        if (!s->sleeper) return;
        const waiter dropped = std::move(*s->sleeper);
        s->sleeper.reset();
        lock.unlock();
    }

private:
    class waiter {
    public:
        waiter(asio::any_completion_handler<void(bool)> h, const asio::any_io_executor& executor)
            : handler_(std::move(h)), work_(executor) {}
        waiter(waiter&&) = default;

        void operator()(bool value) { std::move(handler_)(value); }
        asio::any_io_executor executor() const { return work_.get_executor(); }

    private:
        asio::any_completion_handler<void(bool)> handler_;
        asio::executor_work_guard<asio::any_io_executor> work_;
    };

    // A class, since a lambda could be copied, and copying an any_completion_handler recurses without end in
    // Boost 1.81.
    class resumption {
    public:
        resumption(waiter w, bool value) : waiter_(std::move(w)), value_(value) {}
        resumption(resumption&&) = default;
        void operator()() { waiter_(value_); }

    private:
        waiter waiter_;
        bool value_;
    };

    struct state {
        void resume(bool value) noexcept {
            std::unique_lock lock(mutex);
            if (!sleeper) return;
            waiter w = std::move(*sleeper);
            sleeper.reset();
            lock.unlock();
            const auto executor = w.executor();
            asio::post(executor, resumption(std::move(w), value));
        }

        std::mutex mutex;
        std::optional<waiter> sleeper;
    };

    std::shared_ptr<state> shared_ = std::make_shared<state>();
};

}  // namespace cubicasa::detail
