// A coroutine on a strand of its own that can be told to stop, from any thread, and that has deadlines. Asio without
// sockets.
#pragma once

#include <cubicasa/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/strand.hpp>
#include <boost/intrusive/set.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace cubicasa::detail {

namespace asio = boost::asio;

class deadline_queue;

// Calls and connects are stoppables. A coroutine tells where it waits by a `waiting` on its stack; a stop ends that
// wait, and whatever the coroutine wants to wait for next finds stopped() true.
class stoppable : public std::enable_shared_from_this<stoppable>,
                  public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    using strand_type = asio::strand<asio::any_io_executor>;
    using time_point = std::chrono::steady_clock::time_point;

    explicit stoppable(const asio::any_io_executor& executor) : strand_(asio::make_strand(executor)) {}
    virtual ~stoppable() = default;

    const strand_type& strand() const noexcept { return strand_; }

    // From any thread. The first reason stays.
    void request_stop(errc reason) {
        asio::dispatch(strand_, [self = shared_from_this(), reason] { self->stop(reason); });
    }

    // The rest: on the strand only.

    bool stopped() const noexcept { return stopped_; }
    errc reason() const noexcept { return reason_; }

    void stop(errc reason) {
        // The end of a phase may be survived by another attempt, but the wish to end the whole is not to be lost.
        if (stopped_ && !by_phase_) return;
        by_phase_ = false;
        reason_ = reason;
        if (std::exchange(stopped_, true)) return;
        if (interrupt_ != nullptr) interrupt_(target_);
    }

    // What was stopped by the end of a phase only goes on. False when it was stopped altogether.
    bool survive_phase() noexcept {
        if (stopped_ && !by_phase_) return false;
        stopped_ = by_phase_ = false;
        return true;
    }

    time_point deadline() const noexcept { return total_; }

    class waiting {
    public:
        // `interrupt(target)` must make the wait end soon, and must not resume the coroutine itself.
        waiting(stoppable& owner, void (*interrupt)(void*), void* target) : owner_(owner) {
            owner_.interrupt_ = interrupt;
            owner_.target_ = target;
        }
        ~waiting() { owner_.interrupt_ = nullptr; }
        waiting(const waiting&) = delete;
        waiting& operator=(const waiting&) = delete;

    private:
        stoppable& owner_;
    };

private:
    friend class deadline_queue;

    void stop_by_phase(errc reason) {
        if (stopped_) return;
        stop(reason);
        by_phase_ = true;
    }

    strand_type strand_;
    bool stopped_ = false;
    bool by_phase_ = false;
    errc reason_{};
    void (*interrupt_)(void*) = nullptr;
    void* target_ = nullptr;

    time_point total_ = time_point::max();
    time_point phase_ = time_point::max();
    errc phase_reason_{};
    time_point queued_ = time_point::max();  // what the queue knows; not after the earlier of the two

    time_point due_ = time_point::max();  // the same, guarded by the deadline_queue's mutex
};

}  // namespace cubicasa::detail
