// The door before each attempt: keeps to a rate, and keeps silent when the server wants it. The decisions are
// admission_core's; this is the line of calls, the lock and the timer.
#pragma once

#include <cubicasa/detail/admission_core.hpp>
#include <cubicasa/raw.hpp>
#include <cubicasa/result.hpp>

#include "sleeper.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace cubicasa::detail {

class admission;

// An attempt that has been let in. The one that probes whether the server has enough of silence says what came of it;
// otherwise another one has to probe.
class permit {
public:
    permit() = default;
    explicit permit(std::shared_ptr<admission> probe_of) : probe_of_(std::move(probe_of)) {}
    permit(permit&&) noexcept = default;
    permit& operator=(permit&& other) noexcept {
        give_up();
        probe_of_ = std::move(other.probe_of_);
        return *this;
    }
    ~permit() { give_up(); }

    // The server has answered, and did not ask for silence, or did.
    void answered(bool welcome) noexcept;

private:
    void give_up() noexcept;
    std::shared_ptr<admission> probe_of_;
};

// Thread-safe.
class admission : public std::enable_shared_from_this<admission> {
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;

    admission(asio::any_io_executor executor, double rate, double burst);

    // Whether there is nothing to wait for: no rate, and no silence.
    bool wide_open() const noexcept { return wide_open_.load(std::memory_order_acquire); }

    // Lets an attempt of `owner` in, in order of arrival. False when it is not: `outcome` says why. Ends at once when
    // the owner stops. errc::throttled: the server wants silence for longer than the owner has time.
    task<bool> enter(stoppable& owner, permit& out, result<raw_response>& outcome);

    // The server wants no attempts until then.
    void close_until(time_point when);

    std::size_t waiting() const;
    bool closed() const;

    // The execution context ends.
    void shut_down();

private:
    friend class permit;

    struct waiter {
        admission* from = nullptr;
        const stoppable* owner = nullptr;
        result<raw_response>* outcome = nullptr;
        bool in_line = false;
        bool probes = false;
        bool refused = false;
        std::list<waiter*>::iterator place;
        wake_up wake;
    };

    static void interrupt(void* waiting);
    bool line_up(waiter& me, const stoppable& owner, result<raw_response>& outcome);
    static bool still_wanted(const stoppable& owner, permit& p, result<raw_response>& outcome);
    error refusal(time_point now) const;
    void probe_ended(bool answered, bool welcome) noexcept;
    void let_in(std::unique_lock<std::mutex> lock);
    void arm(time_point when);
    void disarm_if_idle();

    asio::any_io_executor executor_;
    mutable std::mutex mutex_;
    admission_core core_;
    std::list<waiter*> line_;
    std::optional<asio::steady_timer> timer_;
    std::atomic<bool> wide_open_;
    bool dead_ = false;
};

}  // namespace cubicasa::detail
