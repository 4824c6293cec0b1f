// All deadlines of a client on one timer, which is armed only when an earlier one than the armed comes.
#pragma once

#include "stoppable.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace cubicasa::detail {

// Thread-safe. While no deadline is set the timer keeps no work alive.
class deadline_queue : public std::enable_shared_from_this<deadline_queue> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit deadline_queue(asio::any_io_executor executor);
    ~deadline_queue();

    // At `when`, `s` is asked to stop for `reason`. Replaces the deadline that `s` had.
    void set(stoppable& s, time_point when, errc reason);
    void clear(stoppable& s);

    // Asks all to stop now. They stay here until they clear themselves.
    void stop_all(errc reason);

    // The execution context ends: lets go of the timer.
    void shut_down();

    // Clears the deadline of `s` when it goes out of scope.
    class guard {
    public:
        guard(deadline_queue& queue, stoppable& s) : queue_(queue), stoppable_(s) {}
        ~guard() { queue_.clear(stoppable_); }
        guard(const guard&) = delete;
        guard& operator=(const guard&) = delete;

    private:
        deadline_queue& queue_;
        stoppable& stoppable_;
    };

private:
    struct by_due {
        bool operator()(const stoppable& a, const stoppable& b) const noexcept { return a.due_ < b.due_; }
    };
    using set_type = boost::intrusive::multiset<stoppable, boost::intrusive::compare<by_due>>;

    void arm();  // with the mutex held
    void fire(std::uint64_t generation);
    void disarm_if_idle();

    asio::any_io_executor executor_;
    std::mutex mutex_;
    set_type entries_;
    std::optional<asio::steady_timer> timer_;
    std::optional<time_point> armed_;
    std::uint64_t generation_ = 0;
    bool check_posted_ = false;
};

}  // namespace cubicasa::detail
