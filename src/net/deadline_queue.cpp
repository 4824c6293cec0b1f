// The deadlines of a client; see the header.
#include "deadline_queue.hpp"

#include <boost/asio/post.hpp>

#include <utility>
#include <vector>

namespace cubicasa::detail {

deadline_queue::deadline_queue(asio::any_io_executor executor) : executor_(std::move(executor)) {
    timer_.emplace(executor_);
}

deadline_queue::~deadline_queue() { entries_.clear(); }

void deadline_queue::set(stoppable& s, time_point when, errc reason) {
    const std::lock_guard lock(mutex_);
    if (s.is_linked()) entries_.erase(entries_.iterator_to(s));
    s.due_ = when;
    s.due_reason_ = reason;
    entries_.insert(s);
    if (!armed_ || when < *armed_) arm();
}

void deadline_queue::clear(stoppable& s) {
    bool check = false;
    {
        const std::lock_guard lock(mutex_);
        if (!s.is_linked()) return;
        entries_.erase(entries_.iterator_to(s));
        check = entries_.empty() && armed_ && !check_posted_ && timer_;
        if (check) check_posted_ = true;
    }
    // Most often the next call begins before this runs: then the timer stays as it is, and no call pays for a timer.
    if (check) {
        asio::post(executor_, [weak = weak_from_this()] {
            if (auto self = weak.lock()) self->disarm_if_idle();
        });
    }
}

void deadline_queue::disarm_if_idle() {
    const std::lock_guard lock(mutex_);
    check_posted_ = false;
    if (!entries_.empty() || !timer_) return;
    armed_.reset();
    ++generation_;
    timer_->cancel();
}

void deadline_queue::arm() {
    if (!timer_ || entries_.empty()) return;
    armed_ = entries_.begin()->due_;
    const std::uint64_t generation = ++generation_;
    timer_->expires_at(*armed_);
    timer_->async_wait([weak = weak_from_this(), generation](const boost::system::error_code&) {
        if (auto self = weak.lock()) self->fire(generation);
    });
}

void deadline_queue::fire(std::uint64_t generation) {
    std::vector<std::pair<std::shared_ptr<stoppable>, errc>> due;
    {
        const std::lock_guard lock(mutex_);
        if (generation != generation_) return;
        armed_.reset();
        const auto now = std::chrono::steady_clock::now();
        while (!entries_.empty() && entries_.begin()->due_ <= now) {
            stoppable& s = *entries_.begin();
            entries_.erase(entries_.begin());
            if (auto alive = s.weak_from_this().lock()) due.emplace_back(std::move(alive), s.due_reason_);
        }
        arm();
    }
    for (auto& [s, reason] : due) s->request_stop(reason);
}

void deadline_queue::stop_all(errc reason) {
    std::vector<std::shared_ptr<stoppable>> all;
    {
        const std::lock_guard lock(mutex_);
        for (auto& s : entries_) {
            if (auto alive = s.weak_from_this().lock()) all.push_back(std::move(alive));
        }
    }
    for (auto& s : all) s->request_stop(reason);
}

void deadline_queue::shut_down() {
    std::optional<asio::steady_timer> timer;
    const std::lock_guard lock(mutex_);
    timer.swap(timer_);
}

}  // namespace cubicasa::detail
