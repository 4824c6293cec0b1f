// Whether a failed attempt is repeated, when, and what the server may have done; decided from facts. Standard library
// and endpoint.hpp only.
#pragma once

#include <cubicasa/endpoint.hpp>
#include <cubicasa/error.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace cubicasa::detail {

// What is known after an attempt.
struct attempt_facts {
    bool was_idle = false;                                 // the pool had kept the connection
    std::size_t bytes_written = 0;                         // of the request, given to the system
    std::size_t bytes_received = 0;                        // of the answer
    int status = 0;                                        // of a complete answer; 0: there is none
    std::optional<std::chrono::milliseconds> retry_after;  // what the answer asks for
    bool hopeless = false;  // the failure is one that would come again: a certificate, an answer too large
};

enum class retry_step {
    done,      // the answer is one that repeating does not change
    fail,      // do not repeat
    at_once,   // on another connection; costs nothing
    back_off,  // after a pause
    gate,      // when the server wants calls again: the pause concerns all calls of the client
};

struct retry_limits {
    int attempts = 4;  // in all
    std::chrono::milliseconds base{200};
    std::chrono::milliseconds cap{std::chrono::seconds(10)};
};

// One for each call. `harmless`: doing it twice is the same as doing it once, or the caller does not mind.
class retry_core {
public:
    using milliseconds = std::chrono::milliseconds;

    retry_core(const retry_limits& limits, bool harmless) : limits_(limits), harmless_(harmless) {}

    // What follows from an attempt; to be called once for each. After `at_once` and the others the next attempt may
    // begin.
    retry_step after(const attempt_facts& facts) noexcept {
        const retry_step wish = rule(facts);
        if (wish == retry_step::done || wish == retry_step::fail) return wish;
        if (wish == retry_step::at_once) {
            at_once_ = true;
            return wish;
        }
        if (++counted_ >= limits_.attempts) return retry_step::fail;
        return wish;
    }

    // How long to wait before the next attempt: full jitter, drawn by `random` (any number), but not less than what
    // the server asks for.
    milliseconds pause(const attempt_facts& facts, std::uint32_t random) const noexcept {
        const int doublings = std::clamp(counted_ - 1, 0, 20);
        const milliseconds most = std::min(limits_.cap, limits_.base * (std::int64_t{1} << doublings));
        const milliseconds drawn(most.count() <= 0 ? 0 : random % (most.count() + 1));
        return std::max(drawn, facts.retry_after.value_or(milliseconds(0)));
    }

private:
    retry_step rule(const attempt_facts& f) const noexcept {
        if (f.status != 0) return by_status(f);
        if (f.hopeless) return retry_step::fail;
        // A kept-alive connection may be closed by the server in the moment of its use, which says nothing about the
        // server's health. Once is enough: twice in a row says something.
        const bool lost_race = f.was_idle && f.bytes_received == 0 && !at_once_;
        if (f.bytes_written == 0) return lost_race ? retry_step::at_once : retry_step::back_off;
        if (!harmless_) return retry_step::fail;
        return lost_race ? retry_step::at_once : retry_step::back_off;
    }

    retry_step by_status(const attempt_facts& f) const noexcept {
        switch (f.status) {
            case 429:
                return retry_step::gate;  // refused, and so not done
            case 503:
                if (!harmless_) return retry_step::fail;
                return f.retry_after ? retry_step::gate : retry_step::back_off;
            case 408:
            case 500:
            case 502:
            case 504:
                return harmless_ ? retry_step::back_off : retry_step::fail;
            default:
                return retry_step::done;
        }
    }

    retry_limits limits_;
    bool harmless_;
    bool at_once_ = false;
    int counted_ = 0;
};

// What the server may have done in an attempt without a complete answer.
inline delivery delivery_after(const attempt_facts& facts) noexcept {
    return facts.bytes_written > 0 ? delivery::maybe_processed : delivery::never_sent;
}

// What it may have done when it answers so. A failing server, or one before it, may have failed after the deed.
inline delivery delivery_of(int status, effect e) noexcept {
    const bool failing = status == 408 || status == 500 || status == 502 || status == 503 || status == 504;
    return failing && e != effect::read ? delivery::maybe_processed : delivery::answered;
}

// Ends storms of retries: each one takes a token, each success returns a fraction of one. Thread-safe.
class retry_budget {
public:
    retry_budget(double tokens, double refund) : most_(scaled(tokens)), refund_(scaled(refund)), left_(most_) {}

    bool take() noexcept {
        std::int64_t left = left_.load();
        while (left >= one) {
            if (left_.compare_exchange_weak(left, left - one)) return true;
        }
        return false;
    }
    void success() noexcept {
        std::int64_t left = left_.load(std::memory_order_relaxed);
        while (left < most_ && !left_.compare_exchange_weak(left, std::min(most_, left + refund_))) {
        }
    }
    double left() const noexcept { return static_cast<double>(left_.load()) / one; }

private:
    static constexpr std::int64_t one = 1000;
    static std::int64_t scaled(double tokens) noexcept {
        return static_cast<std::int64_t>(std::clamp(tokens, 0.0, 1e12) * one);
    }

    std::int64_t most_;
    std::int64_t refund_;
    std::atomic<std::int64_t> left_;
};

}  // namespace cubicasa::detail
