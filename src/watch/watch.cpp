// watch(): takes what comes next of events, looks and the list, one step for each next().
#include "../download/file_work.hpp"
#include "../engine.hpp"
#include "../webhook/inbox.hpp"
#include "checkpoint.hpp"

#include <cubicasa/detail/turn.hpp>
#include <cubicasa/detail/watch_core.hpp>
#include <cubicasa/watch.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <utility>

namespace cubicasa {

namespace detail {

struct webhook_access {
    static const std::shared_ptr<webhook_inbox>& inbox_of(const webhook_receiver& r) { return r.inbox_; }
};

namespace {

using watch_clock = std::chrono::steady_clock;

constexpr std::size_t most_looks = 1024;  // wanted by events

// Give or take a fifth, so that many programs do not ask at once.
watch_clock::duration jittered(std::chrono::milliseconds d) {
    const double share = 0.8 + 0.4 * (static_cast<double>(random_number()) / 4294967296.0);
    return std::chrono::duration_cast<watch_clock::duration>(watch_core::limited(d) * share);
}

// What a checkpoint can hold.
watch_core::time_point today() { return watch_core::time_point::clock::now(); }

std::shared_ptr<webhook_inbox> inbox_for(const std::optional<webhook_receiver>& receiver) {
    if (receiver) return webhook_access::inbox_of(*receiver);
    return std::make_shared<webhook_inbox>(webhook_options());  // nothing ever comes
}

class watch_source final : public generator_source<order_change> {
public:
    watch_source(client api, list_orders filter, watch_options options)
        : api_(std::move(api)),
          statuses_(std::exchange(filter.status, {})),
          filter_(std::move(filter)),
          options_(std::move(options)),
          inbox_(inbox_for(options_.webhooks)),
          core_(options_.recheck, options_.recheck_for, options_.recheck_old),
          files_(api_.get_executor()) {
        filter_.offset.reset();
        if (!filter_.limit) filter_.limit = 100;
    }

    asio::awaitable<result<std::optional<order_change>>> next(std::shared_ptr<generator_source> self) override {
        return step(std::static_pointer_cast<watch_source>(self));
    }
    cursor position() const override { return cursor(); }
    void close() noexcept override {
        closed_ = true;
        inbox_->consumer.wake();
    }

private:
    using answer = result<std::optional<order_change>>;

    static asio::awaitable<answer> step(std::shared_ptr<watch_source> self) {
        watch_source& w = *self;
        if (w.taken_) co_return error(errc::invalid_argument, "another next() of this generator still waits");
        const turn mine(w.taken_);
        error failure = co_await w.load();
        // Who asks for more has handled what he got.
        if (!failure) failure = co_await w.save();
        if (failure) co_return failure;
        for (;;) {
            if (w.closed_) co_return error(errc::cancelled);
            // More wait in the receiver, which is bounded.
            while (w.order_.size() < most_looks) {
                std::optional<order_event> e = w.inbox_->take();
                if (!e) break;
                w.noted(std::move(*e));
            }
            if (watch_clock::now() < w.resume_) {
                failure = co_await w.wait_until(w.resume_);
            } else if (!w.looks_.empty()) {
                answer found = co_await w.look();
                if (!found || *found) co_return found;
            } else if (w.inbox_->ended() && !w.postponed_.empty()) {
                w.resume_postponed();
            } else if (w.inbox_->ended()) {
                failure = co_await w.save();
                if (failure) co_return failure;
                co_return std::optional<order_change>();
            } else if (w.walk_) {
                failure = co_await w.sweep();
            } else if (watch_clock::now() >= w.next_poll_) {
                w.begin_sweep();
            } else if (!w.postponed_.empty()) {
                w.resume_postponed();
            } else {
                failure = co_await w.wait_until(w.next_poll_);
            }
            if (failure) co_return failure;
        }
    }

    asio::awaitable<error> load() {
        if (loaded_ || options_.checkpoint.empty()) co_return error();
        files_.start([file = file_, path = options_.checkpoint] { return file->open(path); });
        error failure = co_await files_.async_settle();
        if (failure) co_return failure;
        for (known_order& k : file_->take_known()) core_.restore(std::move(k), today());
        loaded_ = true;
        known_before_ = marked_ = file_->listed();
        co_return error();
    }

    asio::awaitable<error> save() {
        for (known_order& k : core_.take_dirty()) unsaved_.push_back(std::move(k));
        const bool first_list = known_before_ && !marked_;
        if ((unsaved_.empty() && !first_list) || options_.checkpoint.empty()) {
            unsaved_.clear();
            co_return error();
        }
        const auto lines = std::make_shared<std::vector<known_order>>(unsaved_);
        files_.start([file = file_, lines, first_list] { return file->append(*lines, first_list); });
        error failure = co_await files_.async_settle();
        if (!failure) unsaved_.clear();
        if (!failure && first_list) marked_ = true;
        co_return failure;
    }

    // What the filter says of orders can be asked of the list alone: others of which an event tells wait for that.
    bool filtered() const {
        return filter_.created_after || filter_.created_before || !filter_.user_id.empty() ||
               !filter_.user_email.empty() || !filter_.office.empty() || !filter_.office_id.empty();
    }

    void noted(order_event e) {
        if (filtered() && !core_.knows(e.id)) {
            next_poll_ = std::min(next_poll_, watch_clock::now() + std::chrono::seconds(10));
            return;
        }
        std::string id = e.id;
        want_look(std::move(id), std::move(e));
    }

    void want_look(std::string id, std::optional<order_event> why) {
        const auto [place, fresh] = looks_.try_emplace(std::move(id));
        if (fresh) order_.push_back(place->first);
        if (why) place->second = std::move(why);
    }

    void resume_postponed() {
        for (auto& [id, why] : std::exchange(postponed_, {})) want_look(id, std::move(why));
    }

    // Reads the order that waits longest.
    asio::awaitable<answer> look() {
        const std::string id = order_.front();
        const get_order request(id);
        const result<order> found = co_await api_.async_call(request, as_result(asio::use_awaitable));
        const auto now = today();
        std::optional<order_change> change;
        if (found) {
            const auto& why = looks_[id];
            change = core_.looked(*found, why ? &*why : nullptr, now);
        } else if (found.error() == errc::not_found && core_.knows(id)) {
            change = core_.not_found(id);
        } else if (looks_[id] && (found.error() == errc::not_found || found.error() == condition::invalid) &&
                   !core_.knows(id)) {
            // Somebody may have invented the event; if not, the list has the order, too.
        } else {
            // All others go first then, since it may be this one alone that cannot be read.
            postponed_.insert(looks_.extract(id));
            order_.pop_front();
            co_return troubled(found.error());
        }
        looks_.erase(id);
        order_.pop_front();
        troubles_ = 0;
        if (change && !wanted(*change)) change.reset();
        co_return change;
    }

    bool wanted(const order_change& c) const {
        return statuses_.empty() ||
               std::find(statuses_.begin(), statuses_.end(), c.order.info.status) != statuses_.end();
    }

    void begin_sweep() {
        const auto now = watch_clock::now();
        all_ = filtered() || now >= next_all_;
        list_orders query = filter_;
        if (!all_) {
            query.status = {order_status::new_order, order_status::draft, order_status::pending, order_status::fixing};
        }
        core_.begin_sweep(all_);
        walk_.emplace(api_.orders().list(std::move(query)));
    }

    // One more order of the list.
    asio::awaitable<error> sweep() {
        result<std::optional<order>> o = co_await walk_->try_next();
        if (!o) co_return troubled(o.error());
        troubles_ = 0;
        if (*o) {
            const bool report = options_.report_existing || known_before_;
            if (core_.listed(**o, today(), report)) want_look((**o).id, std::nullopt);
            co_return error();
        }
        walk_.reset();
        known_before_ = true;
        for (std::string& id : core_.end_sweep(today())) want_look(std::move(id), std::nullopt);
        const auto now = watch_clock::now();
        next_poll_ = now + jittered(options_.poll);
        if (all_) next_all_ = now + jittered(options_.poll_all);
        co_return co_await save();  // what the first sweep took as it is
    }

    // The caller hears of it at once, and the API not before a while.
    error troubled(error e) {
        if (!(e == condition::cancelled) && !(e == errc::client_closed)) {
            const auto most = std::chrono::milliseconds(60'000);
            const auto pause = std::min(most, std::chrono::milliseconds(1000) * (1 << std::min(troubles_++, 6)));
            resume_ = watch_clock::now() +
                      jittered(e.retry_after ? std::max<std::chrono::milliseconds>(*e.retry_after, pause) : pause);
        }
        return e;
    }

    // Or until an event comes.
    asio::awaitable<error> wait_until(watch_clock::time_point when) {
        asio::steady_timer timer(api_.get_executor(), when);
        timer.async_wait([weak = std::weak_ptr(inbox_)](const error_code& ec) {
            if (const auto alive = weak.lock(); alive && !ec) alive->consumer.wake();
        });
        const event_turn waits(*inbox_);
        if (!waits.mine()) co_return error(errc::invalid_argument, "the receiver's events() are awaited");
        const bool woken = co_await inbox_->consumer.wait([this, when] {
            return closed_ || (inbox_->has_news() && resume_ <= watch_clock::now()) || watch_clock::now() >= when;
        });
        co_return woken ? error() : error(errc::cancelled);
    }

    const client api_;
    const std::vector<order_status> statuses_;  // that a change may lead to; empty: any
    list_orders filter_;
    const watch_options options_;
    const std::shared_ptr<webhook_inbox> inbox_;
    watch_core core_;
    file_work files_;
    const std::shared_ptr<watch_checkpoint> file_ = std::make_shared<watch_checkpoint>();

    std::atomic<bool> closed_{false};
    bool taken_ = false;
    bool loaded_ = false;
    bool known_before_ = false;                                    // what the list has now can be told from what it had
    bool marked_ = false;                                          // the checkpoint says so, too
    bool all_ = true;                                              // the sweep is over all orders
    int troubles_ = 0;                                             // one after the other
    std::map<std::string, std::optional<order_event>> looks_;      // wanted, and why
    std::deque<std::string> order_;                                // in which they are wanted
    std::map<std::string, std::optional<order_event>> postponed_;  // that could not be read
    std::vector<known_order> unsaved_;
    std::optional<async_generator<order>> walk_;
    watch_clock::time_point resume_{};
    watch_clock::time_point next_poll_{};
    watch_clock::time_point next_all_{};
};

}  // namespace

}  // namespace detail

async_generator<order_change> watch(client api, list_orders filter, watch_options options) {
    return async_generator<order_change>(
        std::make_shared<detail::watch_source>(std::move(api), std::move(filter), std::move(options)));
}

boost::asio::awaitable<order> wait_until(client api, std::string order_id, order_status status,
                                         std::chrono::milliseconds limit, wait_options options) {
    const auto end = detail::watch_clock::now() + detail::watch_core::limited(limit);
    const auto longest = detail::engine_access::of(api)->config().timeouts.total;
    const get_order request(std::move(order_id));
    std::chrono::milliseconds pause = std::max(options.first_poll, std::chrono::milliseconds(1));
    boost::asio::steady_timer timer(api.get_executor());
    std::string last;
    for (;;) {
        call_options within;
        within.total =
            std::min(longest, std::chrono::ceil<std::chrono::milliseconds>(end - detail::watch_clock::now()));
        result<order> found = co_await api.async_call(request, within, as_result(boost::asio::use_awaitable));
        if (found) last = found->info.status.str();
        if (found && found->info.status == status) co_return std::move(*found);
        std::chrono::milliseconds silence{0};
        if (!found) {
            const error& e = found.error();
            const bool may_pass = e == condition::network || e == condition::timeout || e == condition::server_error ||
                                  e == condition::throttled || e == condition::bad_answer;
            if (!may_pass) throw failure(e);
            if (e.retry_after) silence = *e.retry_after;
        }
        const auto now = detail::watch_clock::now();
        const auto next = now + std::max<detail::watch_clock::duration>(detail::jittered(pause), silence);
        if (now >= end) {
            if (last.empty()) throw failure(found.error());
            error late(errc::deadline_exceeded, "the order is " + last + ", not " + std::string(status.str()),
                       delivery::answered);
            throw failure(std::move(late));
        }
        timer.expires_at(std::min(next, end));
        co_await timer.async_wait(boost::asio::use_awaitable);
        pause = std::min(pause * 2, std::max(options.poll, options.first_poll));
    }
}

}  // namespace cubicasa
