// The connections to one origin. The decisions are pool_core's; this is the lock around it, and the connecting.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/detail/pool_core.hpp>
#include <cubicasa/raw.hpp>
#include <cubicasa/result.hpp>
#include <cubicasa/stats.hpp>

#include "connection.hpp"
#include "deadline_queue.hpp"
#include "lookup.hpp"
#include "reporter.hpp"
#include "sleeper.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <random>

namespace cubicasa::detail {

class pool;

// A connection that a call has for itself. Whatever becomes of the call, the connection goes back to the pool: to
// be used again if `reusable` was called, otherwise to be closed.
class lease {
public:
    lease() = default;
    lease(std::shared_ptr<pool> from, std::unique_ptr<connection> c) : pool_(std::move(from)), held_(std::move(c)) {}
    lease(lease&&) noexcept = default;
    lease& operator=(lease&& other) noexcept;
    ~lease() { give_back(); }

    connection& operator*() const noexcept { return *held_; }
    connection* operator->() const noexcept { return held_.get(); }

    explicit operator bool() const noexcept { return held_ != nullptr; }

    // The last exchange was complete, and nothing is left over.
    void reusable() noexcept { reusable_ = true; }

    void give_back() noexcept;

private:
    std::shared_ptr<pool> pool_;
    std::unique_ptr<connection> held_;
    bool reusable_ = false;
};

// Thread-safe.
class pool : public std::enable_shared_from_this<pool> {
public:
    pool(asio::any_io_executor executor, origin to, std::shared_ptr<tls_context> tls, const client_config& config,
         std::shared_ptr<deadline_queue> deadlines, std::shared_ptr<const reporter> report);

    // A connection that was idle and is in good health. Empty if there is none: then a waiter makes or awaits one.
    // `glance`: a failure at once will be made good by the caller.
    lease take_idle(connection::check how);

    // Waits for a connection on behalf of `owner`; it was idle and is in good health, or is new. Ends at once when the
    // owner stops, which it does after `longest_wait`. No coroutine of its own, since those in line are many:
    //     while (me.waits()) co_await me.turn();
    class waiter {
    public:
        waiter(pool& from, stoppable& owner, std::chrono::milliseconds longest_wait, connection::check how, lease& out,
               result<raw_response>& outcome);
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        // False at the end: the connection is in `out`, or `outcome` says why there is none.
        bool waits();
        auto turn() { return sleep_until_woken(wait_, *this); }
        void operator()(wake_up wake);

    private:
        friend class pool;
        static void interrupt(void* waiting);
        bool fail(error why);

        pool& from_;
        stoppable& owner_;
        lease& out_;
        result<raw_response>& outcome_;
        connection::check how_;
        bool tried_ = false;
        bool in_line_ = false;
        bool failed_ = false;
        std::list<waiter*>::iterator place_{};
        wake_up wake_;
        const deadline_queue::phase phase_;
        stoppable::waiting wait_;
    };

    deadline_queue& deadlines() const noexcept { return *deadlines_; }

    const origin& to() const noexcept { return origin_; }
    pool_stats stats() const;

    // Closes idle connections, ends connects and fails all who wait. Leased connections end with their calls.
    void close();

    // The execution context ends: the same, but nobody is called any more.
    void shut_down();

private:
    friend class lease;

    using core_type = pool_core<std::unique_ptr<connection>, waiter*>;

    bool line_up(waiter& me, bool first);
    bool fit(lease& granted, connection::check how, connection::clock::time_point now);
    void release(std::unique_ptr<connection> c, bool reusable) noexcept;
    void after_step(std::unique_lock<std::mutex> lock, core_type::actions act, error failure = error());
    std::vector<std::shared_ptr<stoppable>> unwanted_connects();
    void report(event_kind what, const connection& c, std::string_view reason = {}) const;
    void report_closed(const connection& c) const;
    void begin_connect();
    static task<void> connect(std::shared_ptr<pool> self, std::shared_ptr<stoppable> owner);
    static task<error> open(std::shared_ptr<pool> self, std::shared_ptr<stoppable> owner, connection& c);

    asio::any_io_executor executor_;
    origin origin_;
    std::shared_ptr<tls_context> tls_;
    timeout_options timeouts_;
    pool_options options_;
    std::shared_ptr<deadline_queue> deadlines_;
    std::shared_ptr<lookup> lookup_;
    std::shared_ptr<const reporter> report_;

    mutable std::mutex mutex_;
    core_type core_;
    std::vector<std::weak_ptr<stoppable>> connects_;
    std::minstd_rand jitter_;
    pool_stats counted_;
    // Of the same, without the lock: each call counts here.
    std::atomic<std::uint64_t> reused_{0};
    std::atomic<std::uint64_t> stale_{0};
    bool closed_ = false;
    bool dead_ = false;
};

}  // namespace cubicasa::detail
