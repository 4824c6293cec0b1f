// A function of the caller as the source of an async_generator. Light Asio headers, and those for spawning.
#pragma once

#include <cubicasa/detail/callback_error.hpp>
#include <cubicasa/detail/consumer.hpp>
#include <cubicasa/detail/turn.hpp>
#include <cubicasa/generator.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace cubicasa::detail {

// A call of the function runs beside the next() that wanted it, so that a cancelled next() loses nothing.
template <class T, class F>
class function_source final : public generator_source<T> {
public:
    using source = generator_source<T>;
    using next_result = result<std::optional<T>>;

    explicit function_source(F function) : function_(std::move(function)) {}

    asio::awaitable<next_result> next(std::shared_ptr<source> self) override {
        return step(std::static_pointer_cast<function_source>(self));
    }

    cursor position() const override { return cursor(); }

    void close() noexcept override {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
            if (running_) cancel(running_);
        }
        consumer_.wake();
    }

private:
    using strand = asio::strand<asio::any_io_executor>;

    // One call of the function.
    struct call {
        explicit call(const asio::any_io_executor& executor) : own_strand(asio::make_strand(executor)) {}
        strand own_strand;
        asio::cancellation_signal signal;  // touched on the strand only
        next_result outcome = error(errc::client_closed, "dropped: no memory, or the context has ended");
    };
    using call_ptr = std::shared_ptr<call>;

    // Held by what runs. If it is dropped without having been called, the execution context has ended.
    class ending {
    public:
        using cancellation_slot_type = asio::cancellation_slot;

        ending(std::shared_ptr<function_source> to, call_ptr c) : to_(std::move(to)), call_(std::move(c)) {}
        ending(ending&&) noexcept = default;
        ~ending() {
            if (to_) to_->ended(*call_);
        }
        void operator()(std::exception_ptr thrown) {
            if (thrown) call_->outcome = error_of(thrown);
            std::exchange(to_, nullptr)->ended(*call_);
        }
        cancellation_slot_type get_cancellation_slot() const noexcept { return call_->signal.slot(); }

        const call_ptr& running() const noexcept { return call_; }
        const std::shared_ptr<function_source>& owner() const noexcept { return to_; }

    private:
        std::shared_ptr<function_source> to_;
        call_ptr call_;
    };

    // Posted to the strand, where the signal may be touched.
    class beginning {
    public:
        explicit beginning(ending end) : end_(std::move(end)) {}
        beginning(beginning&&) noexcept = default;
        void operator()() {
            if (end_.owner()->is_closed()) return;  // nobody wants the value any more
            try {
                const strand where = end_.running()->own_strand;
                asio::co_spawn(where, work(end_.owner(), end_.running()), std::move(end_));
            } catch (...) {  // no memory, which the outcome says
            }
        }

    private:
        ending end_;
    };

    static asio::awaitable<void> work(std::shared_ptr<function_source> self, call_ptr c) {
        std::optional<T> value = co_await self->function_();
        c->outcome = std::move(value);
    }

    static void cancel(const call_ptr& c) noexcept {
        try {
            asio::post(c->own_strand, [c] { c->signal.emit(asio::cancellation_type::terminal); });
        } catch (...) {  // no memory: then it runs to its own end
        }
    }

    void ended(call& c) noexcept {
        {
            const std::lock_guard lock(mutex_);
            came_.emplace(std::move(c.outcome));
            running_.reset();
        }
        consumer_.wake();
    }

    static asio::awaitable<next_result> step(std::shared_ptr<function_source> self) {
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

    // What next() gives, unless it has to wait for the function.
    static std::optional<next_result> advance(const std::shared_ptr<function_source>& self,
                                              const asio::any_io_executor& executor) {
        call_ptr begun;
        {
            const std::lock_guard lock(self->mutex_);
            if (self->closed_) return next_result(error(errc::cancelled));
            if (self->came_) {
                std::optional<next_result> out(std::move(*self->came_));
                self->came_.reset();
                self->over_ = *out && !**out;
                return out;
            }
            if (self->over_) return next_result(std::nullopt);
            if (!self->running_) begun = self->running_ = std::make_shared<call>(executor);
        }
        if (begun) begin(self, std::move(begun));
        return std::nullopt;
    }

    static void begin(const std::shared_ptr<function_source>& self, call_ptr c) noexcept {
        const strand where = c->own_strand;
        try {
            asio::post(where, beginning(ending(self, std::move(c))));
        } catch (...) {  // no memory, which the outcome says
        }
    }

    bool is_closed() {
        const std::lock_guard lock(mutex_);
        return closed_;
    }
    bool has_news() {
        const std::lock_guard lock(mutex_);
        return closed_ || came_ || over_;
    }

    F function_;
    bool taken_ = false;  // touched by the consumer only
    waiting_consumer consumer_;

    std::mutex mutex_;
    // Guarded by the mutex.
    call_ptr running_;
    std::optional<next_result> came_;
    bool over_ = false;
    bool closed_ = false;
};

}  // namespace cubicasa::detail
