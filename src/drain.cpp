// The wait for the end of all calls.
#include "engine.hpp"

#include "net/sleeper.hpp"

#include <vector>

namespace cubicasa::detail {

void engine::end() noexcept {
    const std::uint64_t before = running_.fetch_sub(one_call);
    if (before < 2 * one_call) deadlines_->disarm_if_idle();
    if (before != one_call + no_more) return;
    std::vector<wake_up> wakes;
    {
        const std::lock_guard lock(drain_mutex_);
        for (draining* const d : drains_) wakes.push_back(std::move(d->wake));
        drains_.clear();
    }
    for (auto& wake : wakes) wake();
}

draining::draining(std::shared_ptr<engine> e) : stoppable(e->executor()), owner(std::move(e)) {}

task<void> engine::drain(std::shared_ptr<engine> self, std::shared_ptr<draining> d, std::chrono::milliseconds limit) {
    const deadline_queue::guard guard(self->deadlines_, *d, limit, limit);
    self->running_.fetch_or(no_more);
    {
        stoppable::waiting wait(*d, &interrupt_drain, d.get());
        auto enter = [&](wake_up wake) {
            std::unique_lock lock(self->drain_mutex_);
            if (self->running_ != no_more && !d->stopped()) {
                d->wake = std::move(wake);
                d->place = self->drains_.insert(self->drains_.end(), d.get());
                return;
            }
            lock.unlock();
            wake();
        };
        co_await sleep_until_woken(wait, enter);
    }
    d->quiet = self->running_ == no_more;
    if (d->quiet || d->reason() != errc::cancelled) self->close();
}

void engine::interrupt_drain(void* waiting) {
    auto* const d = static_cast<draining*>(waiting);
    wake_up wake;
    {
        const std::lock_guard lock(d->owner->drain_mutex_);
        if (!d->wake) return;
        d->owner->drains_.erase(d->place);
        wake = std::move(d->wake);
    }
    wake();
}

std::shared_ptr<draining> prepare_drain(const std::shared_ptr<engine>& e) { return std::make_shared<draining>(e); }

void launch(std::shared_ptr<draining> d, std::chrono::milliseconds limit, drain_handler handler) {
    d->handler.swap(handler);
    start_task(d->executor(), engine::drain(d->owner, d, limit), [d](const std::exception_ptr&) {
        std::move(d->handler)(d->quiet);
        d->owner->deadlines()->disarm_if_idle();
    });
}

void cancel(const std::weak_ptr<draining>& d) noexcept {
    if (const auto alive = d.lock()) alive->request_stop(errc::cancelled);
}

}  // namespace cubicasa::detail
