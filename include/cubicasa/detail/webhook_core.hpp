// Which events wait to be handled, and which are repeats: without I/O and without threads, time comes in. Includes only
// the event.
#pragma once

#include <cubicasa/models/order_event.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <iterator>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cubicasa::detail {

class webhook_core {
public:
    using time_point = std::chrono::steady_clock::time_point;
    enum class verdict { accepted, repeated, full, closed };

    // At most `waiting` events wait; an event is a repeat while an equal one waits, and for `window` after that came.
    // Times are compared in a finer unit, in which a window without end would not fit.
    webhook_core(std::size_t waiting, std::chrono::milliseconds window)
        : most_(waiting), window_(std::min<std::chrono::milliseconds>(window, std::chrono::hours(24 * 365 * 100))) {}

    verdict offer(time_point now, order_event e) {
        if (closed_) return verdict::closed;
        forget(now);
        std::string key = key_of(e);
        const auto known = index_.find(key);
        if (known != index_.end()) {
            if (known->second->waiting || now - known->second->came < window_) return verdict::repeated;
            erase(known->second);
        }
        if (queue_.size() >= most_) return verdict::full;  // not remembered: it shall come again
        seen_.push_back({std::move(key), now, true});
        const auto place = std::prev(seen_.end());
        index_.emplace(place->key, place);
        queue_.emplace_back(std::move(e), place);
        return verdict::accepted;
    }

    std::optional<order_event> take() {
        if (queue_.empty()) return std::nullopt;
        auto [event, place] = std::move(queue_.front());
        queue_.pop_front();
        place->waiting = false;
        return std::move(event);
    }

    // Nothing is accepted any more; what waits can still be taken.
    void close() noexcept { closed_ = true; }
    bool closed() const noexcept { return closed_; }
    std::size_t waiting() const noexcept { return queue_.size(); }

private:
    struct remembered {
        std::string key;
        time_point came;
        bool waiting;
    };
    using iterator = std::list<remembered>::iterator;

    // So that a window does not cost more than this, whatever comes.
    static constexpr std::size_t most_remembered = 4096;

    // Every field counts (contract 7.4). Bodies are limited, so this is, too.
    static std::string key_of(const order_event& e) {
        std::string out;
        const auto add = [&out](std::string_view text) {
            out.append(std::to_string(text.size())).append(":").append(text);
        };
        add(e.id);
        add(e.current_status.str());
        add(e.previous_status ? e.previous_status->str() : "");
        add(e.model_id ? *e.model_id : "");
        add(e.product_type ? e.product_type->str() : "");
        add(e.delivery_type ? e.delivery_type->str() : "");
        return out;
    }

    void forget(time_point now) {
        while (!seen_.empty() && !seen_.front().waiting &&
               (now - seen_.front().came >= window_ || seen_.size() > most_remembered)) {
            erase(seen_.begin());
        }
    }
    void erase(iterator p) {
        index_.erase(p->key);
        seen_.erase(p);
    }

    const std::size_t most_;
    const std::chrono::milliseconds window_;
    bool closed_ = false;
    std::list<remembered> seen_;  // oldest first
    std::unordered_map<std::string_view, iterator> index_;
    std::deque<std::pair<order_event, iterator>> queue_;
};

}  // namespace cubicasa::detail
