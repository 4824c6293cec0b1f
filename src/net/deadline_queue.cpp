// The deadlines of a client; see the header.
#include "deadline_queue.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace cubicasa::detail {

deadline_queue::deadline_queue(const asio::any_io_executor& executor) { timer_.emplace(executor); }

deadline_queue::~deadline_queue() { entries_.clear(); }

namespace {

deadline_queue::time_point after(std::chrono::milliseconds limit,
                                 deadline_queue::time_point now = deadline_queue::clock::now()) {
    return now + std::min(limit, unlimited);
}

}  // namespace

deadline_queue::guard::guard(std::shared_ptr<deadline_queue> queue, stoppable& s, milliseconds limit,
                             milliseconds first_check)
    : queue_(std::move(queue)), stoppable_(s) {
    // Without the lock of `s`: until it is in the queue nobody else asks for its deadlines.
    const auto now = clock::now();
    s.total_ = after(limit, now);
    queue_->set(s, std::min(s.total_, after(first_check, now)));
}

deadline_queue::guard::~guard() { queue_->clear(stoppable_); }

deadline_queue::phase::phase(deadline_queue& queue, stoppable& s, milliseconds limit, errc reason)
    : queue_(queue), stoppable_(s) {
    restart(limit, reason);
}

void deadline_queue::phase::restart(milliseconds limit, errc reason) {
    const auto end = after(limit);
    const std::lock_guard lock(stoppable_.mutex_);
    stoppable_.phase_ = end;
    stoppable_.phase_reason_ = reason;
    if (stoppable_.phase_ < stoppable_.queued_) queue_.set(stoppable_, stoppable_.phase_);
}

deadline_queue::phase::~phase() {
    const std::lock_guard lock(stoppable_.mutex_);
    stoppable_.phase_ = time_point::max();
}

// Some time after the entry of `s` in the queue was due.
void deadline_queue::check(stoppable& s) {
    const std::lock_guard lock(s.mutex_);
    if (s.queued_ == time_point::max()) return;  // its life has ended
    const auto now = clock::now();
    if (now >= s.total_) return s.stop(errc::deadline_exceeded);
    if (now >= s.phase_) {
        s.stop_by_phase(s.phase_reason_);
        s.phase_ = time_point::max();
    }
    set(s, std::min(s.total_, s.phase_));
}

// With the lock of `s` held, or at the begin of its life.
void deadline_queue::set(stoppable& s, time_point when) {
    s.queued_ = when;
    const std::lock_guard lock(mutex_);
    if (s.is_linked()) entries_.erase(entries_.iterator_to(s));
    s.due_ = when;
    entries_.insert(s);
    if (!armed_ || when < *armed_) arm();
}

void deadline_queue::clear(stoppable& s) {
    const std::lock_guard its(s.mutex_);
    s.queued_ = time_point::max();
    const std::lock_guard lock(mutex_);
    if (s.is_linked()) entries_.erase(entries_.iterator_to(s));
}

void deadline_queue::disarm_if_idle() noexcept {
    const std::lock_guard lock(mutex_);
    if (!entries_.empty() || !armed_ || !timer_) return;
    armed_.reset();
    ++generation_;
    timer_->cancel();
}

void deadline_queue::arm() {
    if (!timer_ || entries_.empty() || entries_.begin()->due_ == time_point::max()) return;
    armed_ = entries_.begin()->due_;
    const std::uint64_t generation = ++generation_;
    timer_->expires_at(*armed_);
    timer_->async_wait([weak = weak_from_this(), generation](const boost::system::error_code&) {
        if (auto self = weak.lock()) self->fire(generation);
    });
}

void deadline_queue::fire(std::uint64_t generation) {
    std::vector<std::shared_ptr<stoppable>> due;
    {
        const std::lock_guard lock(mutex_);
        if (generation != generation_) return;
        armed_.reset();
        const auto now = clock::now();
        while (!entries_.empty() && entries_.begin()->due_ <= now) {
            // They stay, for stop_all(), until check() or the end of their life.
            stoppable& s = *entries_.begin();
            entries_.erase(entries_.begin());
            s.due_ = time_point::max();
            entries_.insert(s);
            if (auto alive = s.weak_from_this().lock()) due.push_back(std::move(alive));
        }
        arm();
    }
    for (const auto& s : due) check(*s);
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
