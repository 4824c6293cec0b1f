// What webhook_receiver, its generators and watch() share: the queue, and who waits for it. Light Asio headers only.
#pragma once

#include <cubicasa/detail/consumer.hpp>
#include <cubicasa/detail/webhook_core.hpp>
#include <cubicasa/webhook.hpp>

#include <atomic>
#include <mutex>

namespace cubicasa::detail {

// Thread-safe.
class webhook_inbox {
public:
    explicit webhook_inbox(webhook_options o) : options(std::move(o)), core_(options.waiting, options.window) {}

    const webhook_options options;

    webhook_core::verdict offer(order_event e);
    std::optional<order_event> take();
    void close() noexcept;
    // Nothing waits, and nothing will come.
    bool ended() const;
    bool has_news() const;

    void count(std::uint64_t webhook_stats::*what) const;
    webhook_stats stats() const;

    waiting_consumer consumer;  // of the one who waits for events

private:
    friend class event_turn;
    std::atomic<bool> taken_{false};
    mutable std::mutex mutex_;
    webhook_core core_;
    mutable webhook_stats stats_;
};

// Says that somebody waits for events, of whom there is one at a time.
class event_turn {
public:
    explicit event_turn(webhook_inbox& inbox) : inbox_(inbox), mine_(!inbox.taken_.exchange(true)) {}
    ~event_turn() {
        if (mine_) inbox_.taken_ = false;
    }
    event_turn(const event_turn&) = delete;
    event_turn& operator=(const event_turn&) = delete;
    bool mine() const noexcept { return mine_; }

private:
    webhook_inbox& inbox_;
    const bool mine_;
};

}  // namespace cubicasa::detail
