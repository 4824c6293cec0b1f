// The pool's decisions, without sockets and clocks: facts and the time go in, actions come out. Standard library only.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <utility>
#include <vector>

namespace cubicasa::detail {

struct pool_limits {
    std::size_t connections = 64;  // open and being made
    std::size_t connecting = 16;
    std::size_t waiting = 1'000'000;
    std::chrono::steady_clock::duration idle = std::chrono::seconds(55);
};

// Connection: a movable handle that owns a connection. Waiter: a copyable handle of a call in line.
// Not thread-safe; every step takes constant time, apart from connections that it drops because they are too old.
template <class Connection, class Waiter>
class pool_core {
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using ticket = typename std::list<Waiter>::iterator;

    struct counters {
        std::size_t leased = 0, idle = 0, connecting = 0, waiting = 0, peak = 0;
    };

    // What the caller has to do after a step, outside its lock.
    struct actions {
        std::optional<std::pair<Waiter, Connection>> grant;
        std::optional<Waiter> fail;     // answer this call with the error of the connect
        std::size_t connect = 0;        // begin so many connects
        std::vector<Connection> close;  // drop these
    };

    enum class outcome { granted, queued, full };

    explicit pool_core(pool_limits l) : limits_(l) { idle_.reserve(std::min<std::size_t>(l.connections, 1024)); }

    // A call wants a connection. `granted`: it is in `act.grant`, and was idle before. `queued`: the call is in line
    // and `place` is its ticket. `full`: the line is too long. `first`: a call that found its connection stale keeps
    // its turn.
    outcome acquire(Waiter waiter, time_point now, bool first, ticket& place, actions& act) {
        if (auto c = take(now, act)) {
            act.grant.emplace(waiter, std::move(*c));
            return outcome::granted;
        }
        if (waiting_.size() >= limits_.waiting + room()) return outcome::full;
        place = waiting_.insert(first ? waiting_.begin() : waiting_.end(), waiter);
        plan_connects(act);
        return outcome::queued;
    }

    // The freshest idle connection, for a call that does not wait.
    std::optional<Connection> take(time_point now, actions& act) {
        drop_expired(now, act);
        if (idle_.empty()) return std::nullopt;
        std::optional<Connection> out(std::move(idle_.back().connection));
        idle_.pop_back();
        ++leased_;
        return out;
    }

    // The idle connection that is wanted next but one. Null if there is none.
    Connection* second_freshest() noexcept { return idle_.size() < 2 ? nullptr : &idle_[idle_.size() - 2].connection; }

    // A call in line has gone.
    void abandon(ticket place) { waiting_.erase(place); }

    // A connect has succeeded. It serves the first in line, who need not be the one for whom it was begun.
    void connected(Connection connection, time_point usable_until, time_point now, actions& act) {
        --connecting_;
        ++leased_;
        peak_ = std::max(peak_, open());
        settle(std::move(connection), true, usable_until, now, act);
        plan_connects(act);
    }

    // A connect has failed: that answers the first in line; for the others the next one begins.
    void connect_failed(actions& act) {
        --connecting_;
        if (!waiting_.empty()) {
            act.fail = waiting_.front();
            waiting_.pop_front();
        }
        plan_connects(act);
    }

    // A connect was given up by us: nobody is answered.
    void connect_abandoned(actions& act) {
        --connecting_;
        plan_connects(act);
    }

    // A call gives its connection back. `usable_until`: when the connection gets too old.
    void release(Connection connection, bool reusable, time_point usable_until, time_point now, actions& act) {
        settle(std::move(connection), reusable && now < usable_until, usable_until, now, act);
    }

    // No call is here: neither in line nor with a connection.
    bool quiet() const noexcept { return leased_ == 0 && waiting_.empty(); }

    counters count() const noexcept { return {leased_, idle_.size(), connecting_, waiting_.size(), peak_}; }

    // Gives everything away that is kept here: idle connections and calls in line.
    std::pair<std::vector<Connection>, std::vector<Waiter>> clear() {
        std::pair<std::vector<Connection>, std::vector<Waiter>> out;
        for (auto& kept : idle_) out.first.push_back(std::move(kept.connection));
        out.second.assign(waiting_.begin(), waiting_.end());
        idle_.clear();
        waiting_.clear();
        return out;
    }

private:
    struct slot {
        Connection connection;
        time_point usable_until;
    };

    std::size_t open() const noexcept { return leased_ + idle_.size(); }

    // For so many calls there can be a connection without waiting for another call.
    std::size_t room() const noexcept { return limits_.connections > open() ? limits_.connections - open() : 0; }

    void settle(Connection connection, bool reusable, time_point usable_until, time_point now, actions& act) {
        if (!reusable) {
            --leased_;
            act.close.push_back(std::move(connection));
            plan_connects(act);
        } else if (!waiting_.empty()) {
            act.grant.emplace(waiting_.front(), std::move(connection));
            waiting_.pop_front();
        } else {
            --leased_;
            const time_point until = std::min(usable_until, now + limits_.idle);
            idle_.push_back({std::move(connection), until});
            earliest_ = std::min(earliest_, until);
        }
    }

    // Nobody looks after idle connections while nothing happens; those too old go when the next call comes. The
    // freshest is at the back, so that under low load the rest grows old.
    void drop_expired(time_point now, actions& act) {
        if (now < earliest_) return;
        auto old = std::remove_if(idle_.begin(), idle_.end(), [&](slot& s) {
            if (now < s.usable_until) return false;
            act.close.push_back(std::move(s.connection));
            return true;
        });
        idle_.erase(old, idle_.end());
        earliest_ = time_point::max();
        for (const slot& s : idle_) earliest_ = std::min(earliest_, s.usable_until);
    }

    void plan_connects(actions& act) {
        const std::size_t wanted = std::min(waiting_.size(), limits_.connecting);
        const std::size_t free = room() > connecting_ ? room() - connecting_ : 0;
        const std::size_t n = wanted > connecting_ ? std::min(wanted - connecting_, free) : 0;
        connecting_ += n;
        act.connect += n;
    }

    pool_limits limits_;
    std::vector<slot> idle_;
    time_point earliest_ = time_point::max();  // no idle connection is too old before
    std::list<Waiter> waiting_;
    std::size_t leased_ = 0;
    std::size_t connecting_ = 0;
    std::size_t peak_ = 0;
};

}  // namespace cubicasa::detail
