// Carries out a batch: pulls items, runs the function for each as a coroutine of its own, keeps the outcomes for the
// consumer. Light Asio headers, and those for spawning.
#pragma once

#include <cubicasa/detail/batch_core.hpp>
#include <cubicasa/detail/batch_source.hpp>
#include <cubicasa/detail/callback_error.hpp>
#include <cubicasa/detail/consumer.hpp>
#include <cubicasa/detail/turn.hpp>
#include <cubicasa/generator.hpp>
#include <cubicasa/outcome.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace cubicasa::detail {

template <class T, class F>
class batch_runner final : public batch_source<outcome_value_t<F, T>> {
public:
    using value = outcome_value_t<F, T>;
    using source = generator_source<outcome<value>>;
    using next_result = result<std::optional<outcome<value>>>;

    batch_runner(async_generator<T> items, const batch_core& core, bool in_order, F function)
        : function_(std::move(function)), in_order_(in_order), core_(core), items_(std::move(items)) {}

    asio::awaitable<next_result> next(std::shared_ptr<source> self) override {
        return step(std::static_pointer_cast<batch_runner>(self));
    }

    cursor position() const override { return cursor(); }

    void close() noexcept override {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        request_stop();
        consumer_.wake();
    }

    void request_stop() noexcept override {
        std::optional<async_generator<T>> closing;
        {
            const std::lock_guard lock(mutex_);
            if (!core_.stop()) return;
            closing.swap(items_);
            for (const auto& c : window_) cancel(c);
        }
        closing.reset();
        consumer_.wake();
    }

    asio::awaitable<void> stop(std::shared_ptr<batch_source<value>> self) override {
        return stop_and_wait(std::static_pointer_cast<batch_runner>(self));
    }

private:
    struct child;
    using children = std::list<std::shared_ptr<child>>;
    using strand = asio::strand<asio::any_io_executor>;

    // One item on its way. It runs on a strand, so that its cancellation does not meet it on another thread.
    struct child {
        explicit child(const asio::any_io_executor& executor) : own_strand(asio::make_strand(executor)) {
            outcome.emplace(error(errc::client_closed, "dropped before its turn: no memory, or the context has ended"));
        }

        std::size_t index = 0;
        std::string id;
        std::optional<T> item;
        // Until it has ended it holds what is to be said if the end is never reached.
        std::optional<result<value>> outcome;

        // Guarded by the runner's mutex.
        std::optional<strand> own_strand;  // let go when it has ended: we may outlive the execution context
        typename children::iterator place;
        bool ended = false;

        asio::cancellation_signal signal;  // touched on the strand only
    };
    using child_ptr = std::shared_ptr<child>;

    // Held by what runs for a child. If it is dropped without having been called, the execution context has ended.
    class ending {
    public:
        using cancellation_slot_type = asio::cancellation_slot;

        ending(std::shared_ptr<batch_runner> runner, child_ptr c) : runner_(std::move(runner)), child_(std::move(c)) {}
        ending(ending&&) noexcept = default;
        ~ending() {
            if (runner_) runner_->ended(*child_);
        }

        void operator()(std::exception_ptr thrown) {
            const std::shared_ptr<batch_runner> runner = std::move(runner_);
            if (thrown) child_->outcome.emplace(error_of(thrown));
            runner->ended(*child_);
        }
        cancellation_slot_type get_cancellation_slot() const noexcept { return child_->signal.slot(); }

        const std::shared_ptr<batch_runner>& runner() const noexcept { return runner_; }
        const child_ptr& item() const noexcept { return child_; }

    private:
        std::shared_ptr<batch_runner> runner_;
        child_ptr child_;
    };

    // What is posted to the strand to begin.
    class beginning {
    public:
        beginning(ending end, const strand& where) : end_(std::move(end)), strand_(where) {}
        beginning(beginning&&) noexcept = default;

        void operator()() {
            try {
                if (end_.runner()->is_stopped()) {
                    end_.item()->outcome.emplace(error(errc::cancelled, "stopped before it was this item's turn"));
                    end_(nullptr);
                } else {
                    asio::co_spawn(strand_, work(end_.runner(), end_.item()), std::move(end_));
                }
            } catch (...) {  // no memory, which the outcome says
            }
        }

    private:
        ending end_;
        strand strand_;
    };

    static asio::awaitable<void> work(std::shared_ptr<batch_runner> runner, child_ptr c) {
        c->outcome.emplace(
            error(errc::client_closed, "dropped: no memory, or a context has ended", delivery::maybe_processed));
        T item = std::move(*c->item);
        c->item.reset();
        std::exception_ptr thrown;
        try {
            asio::awaitable<awaited_t<F, T>> running = std::invoke(std::as_const(runner->function_), std::move(item));
            if constexpr (std::is_void_v<awaited_t<F, T>>) {
                co_await std::move(running);
                c->outcome.emplace();
            } else {
                awaited_t<F, T> out = co_await std::move(running);
                c->outcome.emplace(std::move(out));
            }
        } catch (...) {
            thrown = std::current_exception();
        }
        if (thrown) c->outcome.emplace(error_of(thrown));
    }

    // With the lock held.
    static void cancel(const child_ptr& c) noexcept {
        if (c->ended) return;
        try {
            asio::post(*c->own_strand, [c] { c->signal.emit(asio::cancellation_type::terminal); });
        } catch (...) {  // no memory: then it runs to its own end
        }
    }

    void ended(child& c) noexcept {
        std::optional<strand> released;
        bool stop = false;
        {
            const std::lock_guard lock(mutex_);
            c.ended = true;
            released.swap(c.own_strand);
            if (!in_order_) ready_.splice(ready_.end(), window_, c.place);
            stop = core_.item_ended(c.outcome->has_error());
        }
        if (stop) request_stop();
        wake_all();
    }

    void wake_all() noexcept {
        consumer_.wake();
        if (is_idle()) stopper_.wake();
    }

    // Held by the coroutine that pulls items. Whoever drops that ends the pulling, but not the batch.
    class pulling {
    public:
        explicit pulling(std::shared_ptr<batch_runner> runner) : runner_(std::move(runner)) {}
        pulling(pulling&&) noexcept = default;
        ~pulling() {
            if (runner_) runner_->interrupted();
        }
        const std::shared_ptr<batch_runner>& runner() const noexcept { return runner_; }
        void over() noexcept { runner_.reset(); }

    private:
        std::shared_ptr<batch_runner> runner_;
    };

    static void pull(const std::shared_ptr<batch_runner>& self, const asio::any_io_executor& executor) {
        {
            const std::lock_guard lock(self->mutex_);
            if (!self->core_.begin_pulling()) return;
        }
        pulling mine(self);
        try {
            asio::co_spawn(executor, pull_items(std::move(mine)), asio::detached);
        } catch (...) {  // no memory, which the next outcome says
        }
    }

    static asio::awaitable<void> pull_items(pulling mine) {
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        const std::shared_ptr<batch_runner> self = mine.runner();
        for (bool more = true; more;) {
            children place;  // made before, so that what comes is not lost for want of memory
            place.push_back(std::make_shared<child>(executor));
            result<std::optional<T>> came = co_await self->next_item();
            more = self->accept(self, std::move(came), place);
        }
        mine.over();
        self->wake_all();
    }

    asio::awaitable<result<std::optional<T>>> next_item() {
        const std::lock_guard lock(mutex_);
        return items_ ? items_->try_next() : no_item();
    }
    static asio::awaitable<result<std::optional<T>>> no_item() { co_return error(errc::cancelled); }

    // Begins the item that came. True when another one is wanted.
    static bool accept(const std::shared_ptr<batch_runner>& self, result<std::optional<T>> came, children& place) {
        child_ptr begun;
        std::optional<strand> where;
        bool stop = false;
        bool more = false;
        {
            const std::lock_guard lock(self->mutex_);
            if (self->core_.stopped()) {
                // The source was closed: whatever it says, nothing is begun any more.
            } else if (came.has_error()) {
                self->source_error_ = came.error();
                stop = self->core_.source_failed();
            } else if (!*came) {
                self->core_.source_ended();
            } else {
                begun = place.front();
                begun->index = self->next_index_++;
                begun->item.emplace(std::move(**came));
                begun->place = place.begin();
                where = begun->own_strand;
                self->window_.splice(self->window_.end(), place);
                self->core_.began_item();
            }
            more = self->core_.keep_pulling();
        }
        if (stop) self->request_stop();
        if (begun) begin(self, std::move(begun), *where);
        return more;
    }

    static void begin(const std::shared_ptr<batch_runner>& self, child_ptr c, const strand& where) {
        ending end(self, c);
        try {
            c->id = id_of(*c->item);
            // Posted, so that children begin beside each other and not one inside the other.
            asio::post(where, beginning(std::move(end), where));
        } catch (...) {  // no memory, which the outcome says
        }
    }

    void interrupted() noexcept {
        bool stop = false;
        {
            const std::lock_guard lock(mutex_);
            source_error_ = error(errc::client_closed);  // short enough to need no memory
            stop = core_.source_failed();
            core_.keep_pulling();
        }
        if (stop) request_stop();
        wake_all();
    }

    static asio::awaitable<next_result> step(std::shared_ptr<batch_runner> self) {
        if (self->taken_) co_return error(errc::invalid_argument, "another next() of this generator still waits");
        const turn mine(self->taken_);
        const asio::any_io_executor executor = co_await asio::this_coro::executor;
        for (;;) {
            std::optional<next_result> out = advance(self, executor);
            if (out) co_return std::move(*out);
            const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none) co_return error(errc::cancelled);
            const bool woken = co_await self->consumer_.wait([&] { return self->has_news(); });
            if (!woken) co_return error(errc::cancelled);
        }
    }

    // What next() gives, unless it has to wait; keeps the batch going.
    static std::optional<next_result> advance(const std::shared_ptr<batch_runner>& self,
                                              const asio::any_io_executor& executor) {
        std::optional<next_result> out;
        {
            const std::lock_guard lock(self->mutex_);
            if (self->closed_) return next_result(error(errc::cancelled));
            switch (self->core_.next(self->has_ready())) {
                case batch_core::step::hand_out:
                    out.emplace(self->take());
                    break;
                case batch_core::step::fail:
                    self->core_.told_failure();
                    return next_result(std::exchange(self->source_error_, error()));
                case batch_core::step::end:
                    return next_result(std::nullopt);
                case batch_core::step::wait:
                    break;
            }
        }
        pull(self, executor);
        return out;
    }

    // With the lock held, as the next one.
    bool has_ready() const { return in_order_ ? !window_.empty() && window_.front()->ended : !ready_.empty(); }

    outcome<value> take() {
        children& from = in_order_ ? window_ : ready_;
        const child_ptr c = std::move(from.front());
        from.pop_front();
        core_.handed_out();
        return {c->index, std::move(c->id), std::move(*c->outcome)};
    }

    bool has_news() {
        const std::lock_guard lock(mutex_);
        return closed_ || core_.next(has_ready()) != batch_core::step::wait;
    }
    bool is_stopped() {
        const std::lock_guard lock(mutex_);
        return core_.stopped();
    }
    bool is_idle() {
        const std::lock_guard lock(mutex_);
        return core_.idle();
    }

    static asio::awaitable<void> stop_and_wait(std::shared_ptr<batch_runner> self) {
        self->request_stop();
        if (self->stopping_) throw failure(error(errc::invalid_argument, "another stop() of this batch still waits"));
        const turn mine(self->stopping_);
        while (!self->is_idle()) {
            const bool woken = co_await self->stopper_.wait([&] { return self->is_idle(); });
            if (!woken) throw failure(error(errc::cancelled));
        }
    }

    const F function_;
    const bool in_order_;

    bool taken_ = false;     // touched by the consumer only
    bool stopping_ = false;  // touched by who stops
    waiting_consumer consumer_;
    waiting_consumer stopper_;

    std::mutex mutex_;
    // Guarded by the mutex.
    batch_core core_;
    std::optional<async_generator<T>> items_;
    children window_;  // in the order of the source: what runs, and what has ended if outcomes keep that order
    children ready_;   // in the order of completion
    std::size_t next_index_ = 0;
    error source_error_;
    bool closed_ = false;
};

}  // namespace cubicasa::detail
