// A coroutine that can be told to stop, from any thread, and that has deadlines. Asio without sockets.
#pragma once

#include <cubicasa/error.hpp>

#include "task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/set.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

namespace cubicasa::detail {

namespace asio = boost::asio;

class deadline_queue;

// Calls and connects are stoppables. A coroutine waits by a `waiting` on its stack; a stop ends that wait, and whatever
// the coroutine wants to wait for next finds stopped() true.
//
// A lock of its own takes the place of a strand, whose layers cost a call more than its own code: a wait is begun, and
// interrupted, with the lock held, and in between nobody but the coroutine touches what it works on.
class stoppable : public std::enable_shared_from_this<stoppable>,
                  public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // The executor must outlive what runs on it.
    explicit stoppable(const asio::any_io_executor& executor) : executor_(executor) {}
    virtual ~stoppable() = default;

    // Where the coroutine runs.
    const asio::any_io_executor& executor() const noexcept { return executor_; }

    // From any thread. The first reason stays.
    void request_stop(errc reason) {
        const std::lock_guard lock(mutex_);
        stop(reason);
    }
    // The same, unless what the coroutine does may have had an effect.
    void request_stop_unless_committed(errc reason) {
        const std::lock_guard lock(mutex_);
        if (!committed_) stop(reason);
    }

    // The rest is for the coroutine.

    bool stopped() const noexcept { return stopped_.load(std::memory_order_acquire); }
    errc reason() const {
        const std::lock_guard lock(mutex_);
        return reason_;
    }

    // What follows can have an effect. False when it was stopped before: then it must not follow.
    bool commit() {
        const std::lock_guard lock(mutex_);
        if (stopped()) return false;
        committed_ = true;
        return true;
    }
    // It has had none.
    void take_back() {
        const std::lock_guard lock(mutex_);
        committed_ = false;
    }

    // What was stopped by the end of a phase only goes on. False when it was stopped altogether.
    bool survive_phase() {
        if (!stopped()) return true;
        const std::lock_guard lock(mutex_);
        if (!by_phase_) return false;
        by_phase_ = false;
        stopped_.store(false, std::memory_order_release);
        return true;
    }

    time_point deadline() const noexcept { return total_; }

    class waiting {
    public:
        // `interrupt(target)` must make the wait end soon, must not resume the coroutine itself, and must not throw.
        waiting(stoppable& owner, void (*interrupt)(void*), void* target)
            : owner_(owner), interrupt_(interrupt), target_(target) {}
        ~waiting() {
            const std::lock_guard lock(owner_.mutex_);
            owner_.now_ = nullptr;
        }
        waiting(const waiting&) = delete;
        waiting& operator=(const waiting&) = delete;

        // Calls f(), which begins what is waited for. A stop comes after it, and is not missed.
        template <class F>
        void begin(F f) {
            // What begins may end the coroutine, on another thread, before f returns.
            const auto alive = owner_.shared_from_this();
            const std::lock_guard lock(alive->mutex_);
            alive->now_ = this;
            f();
            if (alive->stopped()) interrupt_(target_);
        }

        const asio::any_io_executor& executor() const noexcept { return owner_.executor_; }

    private:
        friend class stoppable;
        stoppable& owner_;
        void (*interrupt_)(void*);
        void* target_;
    };

private:
    friend class deadline_queue;

    // With the lock held.
    void stop(errc reason) {
        // The end of a phase may be survived by another attempt, but the wish to end the whole is not to be lost.
        if (stopped() && !by_phase_) return;
        by_phase_ = false;
        reason_ = reason;
        if (stopped_.exchange(true, std::memory_order_acq_rel)) return;
        if (now_ != nullptr) now_->interrupt_(now_->target_);
    }

    void stop_by_phase(errc reason) {
        if (stopped()) return;
        stop(reason);
        by_phase_ = true;
    }

    const asio::any_io_executor& executor_;
    // Recursive: if there is no memory to begin a wait with, the coroutine is destroyed with the lock held.
    mutable std::recursive_mutex mutex_;
    std::atomic<bool> stopped_{false};
    bool by_phase_ = false;
    bool committed_ = false;
    errc reason_{};
    waiting* now_ = nullptr;

    time_point total_ = time_point::max();
    time_point phase_ = time_point::max();
    errc phase_reason_{};
    time_point queued_ = time_point::max();  // what the queue knows; not after the earlier of the two

    time_point due_ = time_point::max();  // the same, guarded by the deadline_queue's mutex
};

// An operation to be awaited by a task, as a tuple of its results: `operation(handler)` begins it. Both must outlive
// the wait.
template <class... Results, class Operation>
auto interruptible(stoppable::waiting& wait, Operation& operation) {
    auto initiation = [&wait, &operation](auto handler) { wait.begin([&] { operation(std::move(handler)); }); };
    return await_operation<Results...>(initiation);
}

}  // namespace cubicasa::detail
