// Items of a batch that wait until the test lets them go on.
#pragma once

#include <cubicasa/batch.hpp>

#include "run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

namespace test {

// Items that end when the test says so, with their number doubled.
class held_items {
public:
    auto doubled() {
        return [this](int i) { return hold(i); };
    }

    void release(int i) {
        timers.at(i)->expires_at(asio::steady_timer::time_point::min());
        poll();
    }
    void fail(int i) {
        failing = i;
        release(i);
    }
    void poll() {
        context.restart();
        context.poll();
    }

    // One next(); what it gave is added to `outcomes`, its error to `errors`, the end counted.
    void next(cubicasa::batch<int>& b) {
        asio::co_spawn(context, b.try_next(), [this](std::exception_ptr e, auto r) { note(e, std::move(r)); });
        poll();
    }
    // The same, to be cancelled by emit().
    void cancellable_next(cubicasa::batch<int>& b) {
        asio::co_spawn(context, all_types(b.try_next()),
                       asio::bind_cancellation_slot(signal.slot(),
                                                    [this](std::exception_ptr e, auto r) { note(e, std::move(r)); }));
        poll();
    }
    void emit(asio::cancellation_type type) {
        signal.emit(type);
        poll();
    }

    // Lets all go on, and takes what comes until the end.
    void finish(cubicasa::batch<int>& b) {
        open = true;
        for (auto& [i, t] : timers) t->expires_at(asio::steady_timer::time_point::min());
        run(context, drain(b));
    }

    std::vector<std::size_t> indices() const {
        std::vector<std::size_t> out;
        for (const auto& o : outcomes) out.push_back(o.index);
        return out;
    }
    std::vector<std::size_t> sorted_indices() const {
        auto out = indices();
        std::sort(out.begin(), out.end());
        return out;
    }
    int count(cubicasa::errc e) const {
        return static_cast<int>(std::count_if(outcomes.begin(), outcomes.end(), [&](const auto& o) {
            return o.result.has_error() && o.result.error() == e;
        }));
    }
    int cancelled() const {
        return static_cast<int>(std::count_if(outcomes.begin(), outcomes.end(), [](const auto& o) {
            return o.result.has_error() && o.result.error() == cubicasa::condition::cancelled;
        }));
    }

    asio::io_context context;
    std::map<int, std::unique_ptr<asio::steady_timer>> timers;  // of those that run
    int begun = 0;
    int running = 0;
    int peak = 0;
    int failing = -1;
    bool open = false;  // nothing waits
    std::vector<cubicasa::outcome<int>> outcomes;
    std::vector<cubicasa::error> errors;
    int ends = 0;
    asio::cancellation_signal signal;

private:
    asio::awaitable<int> hold(int i) {
        ++begun;
        peak = std::max(peak, ++running);
        const std::shared_ptr<void> ending(nullptr, [this, i](void*) {
            --running;
            timers.erase(i);
        });
        if (!open) {
            auto& timer = timers[i];
            timer = std::make_unique<asio::steady_timer>(context, asio::steady_timer::time_point::max());
            while (timer->expiry() == asio::steady_timer::time_point::max()) {
                boost::system::error_code ec;
                co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ec));
                const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
                if (state.cancelled() != asio::cancellation_type::none) {
                    throw cubicasa::failure(
                        cubicasa::error(cubicasa::errc::cancelled, "", cubicasa::delivery::maybe_processed));
                }
            }
        }
        if (i == failing) throw std::runtime_error("told to fail");
        co_return 2 * i;
    }

    template <class T>
    static asio::awaitable<T> all_types(asio::awaitable<T> inner) {
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
        T out = co_await std::move(inner);
        co_return out;
    }

    asio::awaitable<void> drain(cubicasa::batch<int>& b) {
        while (auto o = co_await b.next()) outcomes.push_back(std::move(*o));
        ++ends;
    }

    void note(std::exception_ptr e, cubicasa::result<std::optional<cubicasa::outcome<int>>> r) {
        BOOST_TEST_REQUIRE(!e);
        if (r.has_error()) {
            errors.push_back(r.error());
        } else if (*r) {
            outcomes.push_back(std::move(**r));
        } else {
            ++ends;
        }
    }
};

}  // namespace test
