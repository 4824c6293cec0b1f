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

// Longer than anybody waits; time points can still be computed with it.
inline constexpr std::chrono::milliseconds unlimited = std::chrono::hours(24 * 365);

// Each stoppable has a deadline for the whole and one for the phase it is in. The queue learns of a phase only when it
// would end before everything that the queue waits for already: most phases cost it nothing. Thread-safe; a
// stoppable's own deadlines are set by its coroutine.
class deadline_queue : public std::enable_shared_from_this<deadline_queue> {
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    explicit deadline_queue(const asio::any_io_executor& executor);
    ~deadline_queue();

    // The life of `s`: it is asked to stop after `limit`, for errc::deadline_exceeded. `first_check`: phases that are
    // not longer than this cost nothing while the life is shorter.
    class guard {
    public:
        guard(std::shared_ptr<deadline_queue> queue, stoppable& s, milliseconds limit, milliseconds first_check);
        ~guard();
        guard(const guard&) = delete;
        guard& operator=(const guard&) = delete;

    private:
        std::shared_ptr<deadline_queue> queue_;
        stoppable& stoppable_;
    };

    // A phase in the life of `s`, which is asked to stop when it takes longer than `limit`.
    class phase {
    public:
        // Without a limit until restart().
        phase(deadline_queue& queue, stoppable& s) noexcept : queue_(queue), stoppable_(s) {}
        phase(deadline_queue& queue, stoppable& s, milliseconds limit, errc reason);
        ~phase();
        phase(const phase&) = delete;
        phase& operator=(const phase&) = delete;

        // The limit counts from now.
        void restart(milliseconds limit, errc reason);

    private:
        deadline_queue& queue_;
        stoppable& stoppable_;
    };

    // To be called when what had a deadline has ended and has said so: without deadlines the timer keeps no work alive.
    // Most often the next call has begun by then, so that no call pays for a timer.
    void disarm_if_idle() noexcept;

    // Asks all to stop now.
    void stop_all(errc reason);

    // The execution context ends: lets go of the timer.
    void shut_down();

private:
    struct by_due {
        bool operator()(const stoppable& a, const stoppable& b) const noexcept { return a.due_ < b.due_; }
    };
    using set_type = boost::intrusive::multiset<stoppable, boost::intrusive::compare<by_due>>;

    void set(stoppable& s, time_point when);
    void clear(stoppable& s);
    void check(stoppable& s);
    void arm();  // with the mutex held
    void fire(std::uint64_t generation);

    std::mutex mutex_;
    set_type entries_;
    std::optional<asio::steady_timer> timer_;
    std::optional<time_point> armed_;
    std::uint64_t generation_ = 0;
};

}  // namespace cubicasa::detail
