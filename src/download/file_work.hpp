// Work that one coroutine has done on the file thread: one piece at a time, while the coroutine does something else.
#pragma once

#include <cubicasa/detail/consumer.hpp>
#include <cubicasa/error.hpp>

#include "../net/task.hpp"
#include "file_thread.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace cubicasa::detail {

class file_work {
public:
    explicit file_work(const asio::any_io_executor& executor) : executor_(executor) {}

    // work() returns an error. After settle(), or at first. What it touches must live until it has ended, even if the
    // coroutine is destroyed before: it should hold that.
    template <class F>
    void start(F work) {
        {
            const std::lock_guard lock(state_->mutex);
            state_->busy = true;
        }
        asio::post(file_thread::of(executor_), job<F>(state_, std::move(work)));
    }

    // Until the work has ended. The error is its own.
    task<error> settle() { return settled(state_); }
    // The same for coroutines of users' kind.
    asio::awaitable<error> async_settle() { return async_settled(state_); }

private:
    struct state_type {
        bool idle() {
            const std::lock_guard lock(mutex);
            return !busy;
        }

        waiting_consumer consumer;
        std::mutex mutex;
        bool busy = false;  // guarded by the mutex
        error failure;      // of the latest
    };

    template <class F>
    class job {
    public:
        job(std::shared_ptr<state_type> s, F work) : state_(std::move(s)), work_(std::move(work)) {}
        job(job&&) noexcept = default;
        // Dropped without having run, since the execution context ends: who waits must not keep himself alive.
        ~job() {
            if (state_) state_->consumer.drop();
        }

        void operator()() {
            const std::shared_ptr<state_type> s = std::move(state_);
            error failure;
            try {
                failure = work_();
            } catch (const std::exception& e) {
                failure = error(errc::out_of_resources, e.what());
            }
            {
                const std::lock_guard lock(s->mutex);
                s->failure = std::move(failure);
                s->busy = false;
            }
            s->consumer.wake();
        }

    private:
        std::shared_ptr<state_type> state_;
        F work_;
    };

    static task<error> settled(std::shared_ptr<state_type> s) {
        const auto ready = [state = s.get()] { return state->idle(); };
        while (!s->idle()) co_await await_operation<bool>(s->consumer.begin_wait(ready));
        co_return s->failure;
    }

    static asio::awaitable<error> async_settled(std::shared_ptr<state_type> s) {
        const auto ready = [state = s.get()] { return state->idle(); };
        while (!s->idle()) co_await s->consumer.wait(ready);
        co_return s->failure;
    }

    asio::any_io_executor executor_;
    std::shared_ptr<state_type> state_ = std::make_shared<state_type>();
};

}  // namespace cubicasa::detail
