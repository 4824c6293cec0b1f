// Name look-up; see the header.
#include "lookup.hpp"

namespace cubicasa::detail {

namespace {

// Long enough for a burst of connects, short enough to follow a change of DNS.
constexpr auto kept_for = std::chrono::seconds(5);

}  // namespace

asio::awaitable<error_code> lookup::resolve(std::shared_ptr<lookup> self, stoppable& owner, addresses& out) {
    waiter me;
    me.from = self.get();
    bool wait = false;
    {
        const std::lock_guard lock(self->mutex_);
        if (self->closed_) co_return make_error_code(errc::client_closed);
        wait = std::chrono::steady_clock::now() >= self->fresh_until_;
        if (!wait) out = self->known_;
    }
    if (wait) {
        const stoppable::waiting waiting(owner, &interrupt, &me);
        auto enter = [&](wake_up w) {
            const std::lock_guard lock(self->mutex_);
            me.wake = std::move(w);
            me.place = self->waiting_.insert(self->waiting_.end(), &me);
            if (!self->resolver_) self->begin();
        };
        co_await sleep_until_woken(owner, enter);
        if (owner.stopped()) co_return make_error_code(owner.reason());
        const std::lock_guard lock(self->mutex_);
        if (self->failure_) co_return self->failure_;
        out = self->known_;
    }
    co_return error_code();
}

void lookup::interrupt(void* waiting) {
    auto* me = static_cast<waiter*>(waiting);
    wake_up wake;
    {
        const std::lock_guard lock(me->from->mutex_);
        if (!me->wake) return;
        me->from->waiting_.erase(me->place);
        wake = std::move(me->wake);
    }
    wake();
}

void lookup::begin() {
    resolver_.emplace(executor_);
    resolver_->async_resolve(origin_.host, origin_.port,
                             [self = shared_from_this()](const boost::system::error_code& ec,
                                                         asio::ip::tcp::resolver::results_type results) {
                                 self->finish(ec, std::move(results));
                             });
}

void lookup::finish(const boost::system::error_code& ec, asio::ip::tcp::resolver::results_type results) {
    std::vector<wake_up> ready;
    {
        const std::lock_guard lock(mutex_);
        resolver_.reset();
        failure_ = ec;
        known_.clear();
        for (const auto& entry : results) known_.push_back(entry.endpoint());
        if (!ec) fresh_until_ = std::chrono::steady_clock::now() + kept_for;
        for (waiter* w : waiting_) ready.push_back(std::move(w->wake));
        waiting_.clear();
    }
    for (auto& wake : ready) wake();
}

void lookup::shut_down() {
    std::vector<wake_up> dropped;
    std::optional<asio::ip::tcp::resolver> resolver;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    resolver.swap(resolver_);
    for (waiter* w : waiting_) dropped.push_back(std::move(w->wake));
    waiting_.clear();
}

}  // namespace cubicasa::detail
