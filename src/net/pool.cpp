// The pool: a lock around pool_core, and the coroutine that makes a connection.
#include "pool.hpp"

#include <algorithm>
#include <exception>

namespace cubicasa::detail {

namespace {

pool_limits make_limits(const pool_options& o) {
    pool_limits out;
    out.connections = std::max<std::size_t>(o.max_connections, 1);
    out.connecting = std::max<std::size_t>(o.max_connecting, 1);
    out.waiting = o.max_waiting;
    out.idle = o.max_idle;
    return out;
}

// What the peer can do within this time, it can do just as well after a look at the connection, which costs a system
// call.
constexpr auto moment = std::chrono::milliseconds(1);

}  // namespace

lease& lease::operator=(lease&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    pool_ = std::move(other.pool_);
    held_ = std::move(other.held_);
    reusable_ = std::exchange(other.reusable_, false);
    return *this;
}

void lease::give_back() noexcept {
    if (!held_) return;
    const std::shared_ptr<pool> to = std::move(pool_);
    to->release(std::move(held_), std::exchange(reusable_, false));
}

pool::pool(asio::any_io_executor executor, origin to, std::shared_ptr<tls_context> tls, const client_config& config,
           std::shared_ptr<deadline_queue> deadlines, std::shared_ptr<const reporter> report)
    : executor_(std::move(executor)),
      origin_(std::move(to)),
      tls_(std::move(tls)),
      timeouts_(config.timeouts),
      options_(config.pool),
      deadlines_(std::move(deadlines)),
      lookup_(std::make_shared<lookup>(executor_, origin_)),
      report_(std::move(report)),
      core_(make_limits(config.pool)),
      jitter_(std::random_device{}()) {}

lease pool::take_idle(connection::check how) {
    for (;;) {
        const auto now = connection::clock::now();
        core_type::actions act;
        std::optional<std::unique_ptr<connection>> idle;
        {
            const std::lock_guard lock(mutex_);
            if (closed_) return {};
            idle = core_.take(now, act);
        }
        for (const auto& c : act.close) report_closed(*c);
        if (!idle) return {};
        lease out(shared_from_this(), std::move(*idle));
        if (fit(out, how, now)) return out;
    }
}

pool::waiter::waiter(pool& from, stoppable& owner, std::chrono::milliseconds longest_wait, connection::check how,
                     lease& out, result<raw_response>& outcome)
    : from_(from),
      owner_(owner),
      out_(out),
      outcome_(outcome),
      how_(how),
      phase_(*from.deadlines_, owner, longest_wait, errc::pool_timeout),
      wait_(owner, &interrupt, this) {}

bool pool::waiter::waits() {
    for (;;) {
        if (failed_ || (out_ && !owner_.stopped() && from_.fit(out_, how_, connection::clock::now()))) return false;
        if (owner_.stopped()) {
            if (out_) {
                out_.reusable();  // untouched
                out_.give_back();
            }
            return fail(error(owner_.reason()));
        }
        if (from_.line_up(*this, std::exchange(tried_, true))) return true;
    }
}

void pool::waiter::operator()(wake_up wake) {
    std::unique_lock lock(from_.mutex_);
    if (in_line_) {
        wake_ = std::move(wake);
        return;
    }
    lock.unlock();  // the connection has come in the meantime
    wake();
}

bool pool::waiter::fail(error why) {
    failed_ = true;
    outcome_ = std::move(why);
    return false;
}

void pool::waiter::interrupt(void* waiting) {
    auto* me = static_cast<waiter*>(waiting);
    wake_up wake;
    std::vector<std::shared_ptr<stoppable>> unwanted;
    {
        pool& self = me->from_;
        const std::lock_guard lock(self.mutex_);
        if (!me->in_line_) return;
        self.core_.abandon(me->place_);
        me->in_line_ = false;
        wake = std::move(me->wake_);
        unwanted = self.unwanted_connects();
    }
    if (wake) wake();
    for (auto& c : unwanted) c->request_stop(errc::cancelled);
}

// True when the call has to wait. Otherwise it has a connection, or there is an error.
bool pool::line_up(waiter& me, bool first) {
    std::unique_lock lock(mutex_);
    if (closed_) return me.fail(error(errc::client_closed));
    core_type::actions act;
    const auto outcome = core_.acquire(&me, connection::clock::now(), first, me.place_, act);
    if (outcome == core_type::outcome::full) {
        return me.fail(error(errc::pool_exhausted, "pool_options::max_waiting calls are in line already"));
    }
    me.in_line_ = outcome == core_type::outcome::queued;
    after_step(std::move(lock), std::move(act));
    return outcome == core_type::outcome::queued;
}

// Gives a connection back that has died while it was idle.
bool pool::fit(lease& granted, connection::check how, connection::clock::time_point now) {
    if (!granted->was_idle()) return true;
    if (now - granted->idle_since >= moment) how = connection::check::look;
    if (!granted->healthy(how)) {
        granted->closed_for = "closed by the server while idle";
        granted.give_back();
        ++stale_;
        return false;
    }
    if (granted->answers > 0) {
        report(event_kind::connection_reused, *granted);
        ++reused_;
    }
    return true;
}

void pool::release(std::unique_ptr<connection> c, bool reusable) noexcept {
    if (reusable && c->answers == 0) c->end_handshake();
    std::unique_lock lock(mutex_);
    if (dead_) {
        lock.unlock();
        c.reset();
        return;
    }
    core_type::actions act;
    const auto usable_until = c->usable_until;
    const auto now = connection::clock::now();
    c->idle_since = now;
    if (reusable && closed_) c->closed_for = "client closed";
    core_.release(std::move(c), reusable && !closed_, usable_until, now, act);
    // The one that is wanted next keeps its memory: a call after the other costs no allocation.
    if (const auto* const below = core_.second_freshest()) (*below)->rest();
    const auto unwanted = unwanted_connects();
    after_step(std::move(lock), std::move(act));
    for (const auto& u : unwanted) u->request_stop(errc::cancelled);
}

// With the lock held. Once no call is left, connects that go on would only keep the execution context running.
std::vector<std::shared_ptr<stoppable>> pool::unwanted_connects() {
    std::vector<std::shared_ptr<stoppable>> out;
    if (!core_.quiet()) return out;
    for (auto& weak : connects_) {
        if (auto c = weak.lock()) out.push_back(std::move(c));
    }
    return out;
}

// Marks under the lock who got what; wakes, connects and closes without it.
void pool::after_step(std::unique_lock<std::mutex> lock, core_type::actions act, error failure) {
    wake_up granted;
    wake_up failed;
    if (act.grant) {
        auto& [who, c] = *act.grant;
        who->in_line_ = false;
        who->out_ = lease(shared_from_this(), std::move(c));
        granted = std::move(who->wake_);
    }
    if (act.fail) {
        waiter* who = *act.fail;
        who->in_line_ = false;
        who->fail(std::move(failure));
        failed = std::move(who->wake_);
    }
    lock.unlock();
    if (granted) granted();
    if (failed) failed();
    for (const auto& c : act.close) report_closed(*c);
    act.close.clear();
    for (std::size_t i = 0; i < act.connect; ++i) begin_connect();
}

void pool::report(event_kind what, const connection& c, std::string_view reason) const {
    if (!*report_) return;
    event e;
    e.kind = what;
    e.connection = c.number;
    e.reason = reason;
    (*report_)(e);
}

void pool::report_closed(const connection& c) const {
    const bool old = c.usable_until <= connection::clock::now();
    report(event_kind::connection_closed, c, !c.closed_for.empty() ? c.closed_for : old ? "age limit" : "idle limit");
}

void pool::begin_connect() {
    auto owner = std::make_shared<stoppable>(executor_);
    {
        const std::lock_guard lock(mutex_);
        connects_.push_back(owner);
    }
    start_task(executor_, connect(shared_from_this(), owner),
               [deadlines = deadlines_](const std::exception_ptr&) { deadlines->disarm_if_idle(); });
}

task<void> pool::connect(std::shared_ptr<pool> self, std::shared_ptr<stoppable> owner) {
    const auto begin = connection::clock::now();
    auto c = std::make_unique<connection>(self->executor_, self->tls_, self->origin_);
    error failure;
    try {
        failure = co_await open(self, owner, *c);
    } catch (const std::exception& e) {
        failure = error(errc::out_of_resources, e.what());
    }
    event opened;
    std::unique_lock lock(self->mutex_);
    if (self->dead_) co_return;
    // A weak pointer keeps the memory of what has ended.
    std::erase_if(self->connects_, [&](const auto& weak) { return weak.lock() == owner; });
    core_type::actions act;
    if (!failure) {
        const auto now = connection::clock::now();
        // Connections that were made together should not all grow old together.
        const auto age = self->options_.max_age;
        c->usable_until = now + age * std::uniform_int_distribution<int>(75, 100)(self->jitter_) / 100;
        c->number = ++self->counted_.opened;
        if (c->resumed()) ++self->counted_.resumed;
        opened.kind = event_kind::connection_opened;
        opened.connection = c->number;
        opened.duration = std::chrono::duration_cast<std::chrono::microseconds>(now - begin);
        opened.reason = c->resumed() ? "resumed" : "";
        const auto until = c->usable_until;
        if (self->core_.count().waiting == 0) {
            c->end_handshake();
            c->idle_since = now;
        }
        self->core_.connected(std::move(c), until, now, act);
    } else if (owner->stopped() && owner->reason() == errc::cancelled) {
        self->core_.connect_abandoned(act);
    } else {
        ++self->counted_.failed;
        self->core_.connect_failed(act);
    }
    // If this answers the last call, the other connects are for nobody.
    const auto unwanted = failure ? self->unwanted_connects() : std::vector<std::shared_ptr<stoppable>>();
    self->after_step(std::move(lock), std::move(act), std::move(failure));
    for (const auto& u : unwanted) u->request_stop(errc::cancelled);
    // Not before: the lock must not be let go between the look at the pool and the step.
    if (opened.connection != 0) (*self->report_)(opened);
}

task<error> pool::open(std::shared_ptr<pool> self, std::shared_ptr<stoppable> owner, connection& c) {
    const timeout_options& limits = self->timeouts_;
    const deadline_queue::guard guard(self->deadlines_, *owner, limits.resolve + limits.connect + limits.handshake,
                                      limits.resolve);
    const std::string where = self->origin_.host + ":" + self->origin_.port;
    deadline_queue::phase phase(*self->deadlines_, *owner, limits.resolve, errc::resolve_timeout);
    addresses found;
    error_code ec = co_await lookup::resolve(self->lookup_, *owner, found);
    if (ec) co_return error(ec, "looking up " + self->origin_.host + "; nothing was sent");
    ec = asio::error::host_not_found;
    const auto end = connection::clock::now() + limits.connect;
    for (std::size_t i = 0; ec && i < found.size(); ++i) {
        // Each gets its share of the time that is left, so that one that is dead does not hide those that are not.
        const auto share = (end - connection::clock::now()) / (found.size() - i);
        phase.restart(std::chrono::ceil<std::chrono::milliseconds>(share), errc::connect_timeout);
        ec = co_await c.connect(*owner, found[i]);
        if (owner->stopped() && (i + 1 == found.size() || !owner->survive_phase())) break;
    }
    if (ec) co_return error(ec, "connecting to " + where + "; nothing was sent");
    phase.restart(limits.handshake, errc::handshake_timeout);
    error failure = co_await c.handshake(*owner);
    co_return failure;
}

pool_stats pool::stats() const {
    const std::lock_guard lock(mutex_);
    pool_stats out = counted_;
    out.reused = reused_;
    out.stale = stale_;
    const auto now = core_.count();
    out.peak = now.peak;
    out.leased = now.leased;
    out.idle = now.idle;
    out.connecting = now.connecting;
    out.waiting = now.waiting;
    return out;
}

void pool::close() {
    std::vector<std::unique_ptr<connection>> idle;
    std::vector<wake_up> wakes;
    std::vector<std::shared_ptr<stoppable>> connects;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        auto [connections, waiters] = core_.clear();
        idle = std::move(connections);
        for (waiter* w : waiters) {
            w->in_line_ = false;
            w->fail(error(errc::client_closed));
            if (w->wake_) wakes.push_back(std::move(w->wake_));
        }
        connects = unwanted_connects();
    }
    for (auto& wake : wakes) wake();
    for (auto& c : connects) c->request_stop(errc::client_closed);
    for (const auto& c : idle) report(event_kind::connection_closed, *c, "client closed");
}

void pool::shut_down() {
    std::vector<std::unique_ptr<connection>> idle;
    std::vector<wake_up> dropped;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        dead_ = true;
        auto [connections, waiters] = core_.clear();
        idle = std::move(connections);
        for (waiter* w : waiters) {
            w->in_line_ = false;
            dropped.push_back(std::move(w->wake_));
        }
    }
    lookup_->shut_down();
}

}  // namespace cubicasa::detail
