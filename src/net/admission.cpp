// The door before each attempt; see the header.
#include "admission.hpp"

#include <utility>

namespace cubicasa::detail {

void permit::answered(bool welcome) noexcept {
    if (const auto from = std::move(probe_of_)) from->probe_ended(true, welcome);
}

void permit::give_up() noexcept {
    if (const auto from = std::move(probe_of_)) from->probe_ended(false, false);
}

admission::admission(asio::any_io_executor executor, double rate, double burst)
    : executor_(std::move(executor)), core_(rate, burst, clock::now()), wide_open_(core_.wide_open()) {}

task<bool> admission::enter(stoppable& owner, permit& out, result<raw_response>& outcome) {
    waiter me;
    me.from = this;
    me.owner = &owner;
    me.outcome = &outcome;
    if (!owner.stopped() && line_up(me, owner, outcome)) {
        stoppable::waiting wait(owner, &interrupt, &me);
        auto enter_line = [&](wake_up wake) {
            std::unique_lock lock(mutex_);
            if (me.in_line) {
                me.wake = std::move(wake);
                return;
            }
            lock.unlock();  // let in meanwhile
            wake();
        };
        co_await sleep_until_woken(wait, enter_line);
    }
    if (me.refused) co_return false;
    if (me.probes) out = permit(shared_from_this());
    co_return still_wanted(owner, out, outcome);
}

// True when the attempt has to wait; otherwise it is let in or refused.
bool admission::line_up(waiter& me, const stoppable& owner, result<raw_response>& outcome) {
    std::unique_lock lock(mutex_);
    if (core_.wide_open() && line_.empty()) return false;
    const auto until = core_.closed_until();
    if (dead_) {
        outcome = error(errc::client_closed);
    } else if (until && *until > owner.deadline()) {
        outcome = refusal(clock::now());
    } else {
        me.place = line_.insert(line_.end(), &me);
        me.in_line = true;
        let_in(std::move(lock));
        return true;
    }
    me.refused = true;
    return false;
}

bool admission::still_wanted(const stoppable& owner, permit& p, result<raw_response>& outcome) {
    if (!owner.stopped()) return true;
    p = permit();
    outcome = error(owner.reason());
    return false;
}

// With the lock held.
error admission::refusal(time_point now) const {
    error e(errc::throttled, "the server wants silence for longer than the call may take; nothing was sent");
    e.retry_after = std::chrono::ceil<std::chrono::seconds>(*core_.closed_until() - now);
    return e;
}

void admission::interrupt(void* waiting) {
    auto* me = static_cast<waiter*>(waiting);
    wake_up wake;
    {
        admission& self = *me->from;
        std::unique_lock lock(self.mutex_);
        if (!me->in_line) return;
        me->in_line = false;
        self.line_.erase(me->place);
        wake = std::move(me->wake);
        self.disarm_if_idle();
    }
    if (wake) wake();
}

// Who has not so much time need not wait for the end of it to know.
void admission::close_until(time_point when) {
    std::vector<wake_up> refused;
    {
        const std::lock_guard lock(mutex_);
        core_.close_until(when);
        wide_open_ = false;
        const time_point until = *core_.closed_until();
        line_.remove_if([&](waiter* w) {
            if (until <= w->owner->deadline()) return false;
            w->in_line = false;
            w->refused = true;
            *w->outcome = refusal(clock::now());
            if (w->wake) refused.push_back(std::move(w->wake));
            return true;
        });
        disarm_if_idle();
    }
    for (auto& wake : refused) wake();
}

void admission::probe_ended(bool answered, bool welcome) noexcept {
    std::unique_lock lock(mutex_);
    if (answered) {
        core_.probe_answered(welcome);
    } else {
        core_.probe_lost();
    }
    let_in(std::move(lock));
}

// Lets in all who may, from the front, and arranges to be called again for the next one.
void admission::let_in(std::unique_lock<std::mutex> lock) {
    std::vector<wake_up> admitted;
    while (!line_.empty() && !dead_) {
        const auto answer = core_.ask(clock::now());
        using kind = admission_core::kind;
        if (answer.what == kind::wait_until) arm(answer.until);
        if (answer.what == kind::wait_until || answer.what == kind::wait_for_others) break;
        waiter& first = *line_.front();
        line_.pop_front();
        first.in_line = false;
        first.probes = answer.what == kind::probe;
        if (first.wake) admitted.push_back(std::move(first.wake));
    }
    wide_open_ = core_.wide_open() && line_.empty();
    disarm_if_idle();
    lock.unlock();
    for (auto& wake : admitted) wake();
}

// With the lock held.
void admission::arm(time_point when) {
    if (!timer_) timer_.emplace(executor_);
    timer_->expires_at(when);  // ends the wait before, if there is one
    timer_->async_wait([weak = weak_from_this()](const boost::system::error_code& ec) {
        const auto self = weak.lock();
        if (!self || ec) return;
        self->let_in(std::unique_lock(self->mutex_));
    });
}

// With the lock held. A timer that nobody waits for would keep the execution context running.
void admission::disarm_if_idle() {
    if (line_.empty() && timer_) timer_->cancel();
}

std::size_t admission::waiting() const {
    const std::lock_guard lock(mutex_);
    return line_.size();
}

bool admission::closed() const {
    const std::lock_guard lock(mutex_);
    return core_.closed_until().has_value();
}

void admission::shut_down() {
    std::vector<wake_up> dropped;
    std::optional<asio::steady_timer> timer;
    {
        const std::lock_guard lock(mutex_);
        dead_ = true;
        timer.swap(timer_);
        for (waiter* w : line_) {
            w->in_line = false;
            dropped.push_back(std::move(w->wake));
        }
        line_.clear();
    }
}

}  // namespace cubicasa::detail
