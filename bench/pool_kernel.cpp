// Lends and takes back a connection of the pool's kernel so many times, 64 connections being idle, in the steps of
// src/net/pool.cpp: each with a mutex that nobody else wants, but without looking at the clock.
// Usage: pool_kernel TIMES
#include <cubicasa/detail/pool_core.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace {

using clock = std::chrono::steady_clock;

struct connection {
    clock::time_point usable_until;
    long rested = 0;
    void rest() noexcept { ++rested; }
};

struct waiter {};

using core_type = cubicasa::detail::pool_core<std::unique_ptr<connection>, waiter*>;

class pool {
public:
    pool() : core_({}) {}

    std::unique_ptr<connection> lend(clock::time_point now) {
        core_type::actions act;
        const std::lock_guard lock(mutex_);
        auto idle = core_.take(now, act);
        if (!idle) std::exit(1);
        return std::move(*idle);
    }

    void give_back(std::unique_ptr<connection> c, clock::time_point now) {
        const std::lock_guard lock(mutex_);
        core_type::actions act;
        const auto usable_until = c->usable_until;
        core_.release(std::move(c), true, usable_until, now, act);
        if (const auto* const below = core_.second_freshest()) (*below)->rest();
        quiet_ = core_.quiet();
        if (act.grant || act.fail || act.connect != 0 || !act.close.empty()) std::exit(1);
    }

    void open(std::size_t connections, clock::time_point now) {
        std::vector<waiter> calls(connections);
        std::vector<std::unique_ptr<connection>> made;
        for (waiter& call : calls) {
            core_type::actions act;
            core_type::ticket place;
            core_.acquire(&call, now, false, place, act);
            if (act.connect != 1) std::exit(1);
            auto c = std::make_unique<connection>();
            c->usable_until = now + std::chrono::minutes(10);
            const auto until = c->usable_until;
            core_.connected(std::move(c), until, now, act);
            if (!act.grant) std::exit(1);
            made.push_back(std::move(act.grant->second));
        }
        for (auto& c : made) give_back(std::move(c), now);
    }

    std::size_t idle() const noexcept { return core_.count().idle; }
    bool quiet() const noexcept { return quiet_; }

private:
    std::mutex mutex_;
    core_type core_;
    bool quiet_ = false;
};

}  // namespace

int main(int count, char** values) {
    if (count != 2) {
        std::fprintf(stderr, "usage: %s TIMES\n", values[0]);
        return 2;
    }
    const auto now = clock::now();
    pool connections;
    connections.open(64, now);
    for (long i = std::atol(values[1]); i > 0; --i) connections.give_back(connections.lend(now), now);
    return connections.idle() == 64 && connections.quiet() ? 0 : 1;
}
