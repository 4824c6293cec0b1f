// The engine: what a client's handles share, and the coroutine that carries out one call.
#pragma once

#include <cubicasa/detail/engine.hpp>
#include <cubicasa/detail/retry_core.hpp>

#include "net/admission.hpp"
#include "net/deadline_queue.hpp"
#include "net/exchange.hpp"
#include "net/origin.hpp"
#include "net/pool.hpp"
#include "net/pools.hpp"
#include "net/stoppable.hpp"
#include "reporter.hpp"

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace cubicasa::detail {

// A request that is to be sent, in as few bytes as possible: many may wait. What all requests of the client have in
// common is added when it is sent.
class outgoing {
public:
    // Takes what it needs of `r`, whose path is `path` from now on, and sets `r.problem` if there can be no such
    // request.
    outgoing(wire_request& r, std::string_view path);
    outgoing(const outgoing&) = default;
    outgoing& operator=(const outgoing&) = delete;
    ~outgoing() { forget(); }

    std::string_view method() const noexcept { return std::string_view(line_).substr(0, line_.find(' ')); }
    std::string_view target() const noexcept { return std::string_view(line_).substr(line_.find(' ') + 1); }
    // The fields of the body, the empty line and the body.
    std::string_view rest() const noexcept { return rest_.empty() ? std::string_view("\r\n") : rest_; }
    // It may have a password.
    void forget() noexcept {
        if (!rest_.empty()) wipe(rest_);
    }

    std::string_view operation;
    cubicasa::effect effect;

private:
    std::string line_;  // "GET /orders/1?x=y"
    std::string rest_;  // empty for "\r\n"
};

// What only an observer asks for.
struct told {
    std::uint64_t number = 0;
    std::string path;  // the template
    std::chrono::steady_clock::time_point begun{};
    std::chrono::steady_clock::time_point attempt_begun{};
    std::uint64_t connection = 0;  // of the attempt that runs, as the next one
    bool reused = false;
};

// One call, from its preparation to its answer.
class call : public stoppable {
public:
    call(std::shared_ptr<engine> e, wire_request&& r, const call_options& o);
    // One that begins anew.
    call(const call& other);

    // See call_handle::cancel.
    void cancel(asio::cancellation_type type);

    std::shared_ptr<engine> owner;
    outgoing request;
    std::chrono::milliseconds total;
    exchange_limits limits;
    attempt_facts facts;  // of the attempt that runs
    int attempt = 0;
    delivery known = delivery::never_sent;  // the most that an attempt may have come to
    bool harmless;                          // to do it twice
    bool sent_before = false;               // an attempt before it has sent something
    bool welcome = true;                    // false: it came when the client had begun to drain
    std::unique_ptr<told> observed;         // null without an observer
    result<raw_response> outcome;           // at first an error if the request cannot be sent as it is
    answer_handler handler;
};

// The wait for the end of all calls.
class draining : public stoppable {
public:
    explicit draining(std::shared_ptr<engine> e);

    std::shared_ptr<engine> owner;
    std::list<draining*>::iterator place;
    wake_up wake;
    bool quiet = false;
    drain_handler handler;
};

// Failures of the transport that another attempt would not cure, and those that are not the transport's.
bool would_come_again(const error& e) noexcept;

// The same as launch(), for a call on behalf of something that runs already, which a drain waits for.
void launch_within(std::shared_ptr<call> c, answer_handler handler);

// For jitter.
std::uint32_t random_number();

class engine : public std::enable_shared_from_this<engine> {
public:
    // Throws `failure` with errc::invalid_configuration.
    engine(const asio::any_io_executor& executor, client_config config);

    // The outcome is in the call then.
    static task<void> run(std::shared_ptr<call> running);

    const asio::any_io_executor& executor() const noexcept { return executor_; }
    const client_config& config() const noexcept { return config_; }
    const reporter& report() const noexcept { return *report_; }
    const std::shared_ptr<deadline_queue>& deadlines() const noexcept { return deadlines_; }
    bool closed() const noexcept { return closed_; }
    std::uint64_t next_number() noexcept { return ++calls_; }
    // The request's own template, or what the configuration has instead.
    std::string_view path_of(const wire_request& r) const;
    // What downloads have for themselves.
    pools& file_pools() noexcept { return file_pools_; }
    retry_budget& file_budget() noexcept { return file_budget_; }
    // An event of a call, with what is known of the call.
    event about(event_kind what, const call& c) const;
    pool_stats stats() const;
    void close();

    // A call begins, and ends. False: it comes too late.
    bool begin() noexcept { return (running_.fetch_add(one_call) & no_more) == 0; }
    void end() noexcept;

    // Whether all is quiet is in `d` then.
    static task<void> drain(std::shared_ptr<engine> self, std::shared_ptr<draining> d, std::chrono::milliseconds limit);

    // The execution context ends: everything that belongs to it is let go.
    void shut_down();

private:
    // What follows an attempt.
    struct next_step {
        retry_step step = retry_step::done;
        bool again = false;
        std::chrono::milliseconds wait{0};
    };

    std::string message(const call& c) const;
    void note_outcome(permit& admitted, call& c);
    next_step plan(call& c, retry_core& retry);
    std::chrono::milliseconds silence_after(const call& c) const;
    void report_attempt(event_kind what, const call& c) const;
    // True when the call has ended; its outcome is final then.
    bool settle(call& c, bool again);
    void note_answer(permit& p, call& c, const raw_response& answer);
    static void complete_error(call& c);
    void hide_key(const call& c, raw_response& answer) const;
    static void interrupt_drain(void* waiting);

    asio::any_io_executor executor_;
    client_config config_;
    base_url base_;
    std::string fixed_fields_;  // of every request, without the key
    std::shared_ptr<const reporter> report_;
    std::atomic<std::uint64_t> calls_{0};
    std::shared_ptr<deadline_queue> deadlines_;
    std::shared_ptr<pool> pool_;
    std::shared_ptr<admission> admission_;
    pools file_pools_;
    retry_budget budget_;
    retry_budget file_budget_;
    std::atomic<std::uint64_t> retried_{0};
    std::atomic<std::uint64_t> throttled_{0};
    std::atomic<bool> closed_{false};

    static constexpr std::uint64_t no_more = 1;
    static constexpr std::uint64_t one_call = 2;
    std::atomic<std::uint64_t> running_{0};  // calls, and whether there are to be no more
    std::mutex drain_mutex_;
    std::list<draining*> drains_;
};

}  // namespace cubicasa::detail
