// The coroutines of this library: what a call does from its begin to its end. Asio's executors, and no more of it.
//
// They are not asio::awaitable, whose frames, handlers and co_spawn carry what is of no use here: executors, slots for
// cancellation and a completion for each coroutine. Here a stoppable says what to wait for no longer, and all that a
// coroutine needs to know is who waits for it. What users write remains asio::awaitable.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace cubicasa::detail {

namespace asio = boost::asio;

// The outermost task, and what follows when it has ended. While it waits it belongs to the handler of the operation
// that it waits for: if that is destroyed uncalled, since the execution context ends, all coroutines go with it.
class task_root {
public:
    task_root(const task_root&) = delete;
    task_root& operator=(const task_root&) = delete;
    virtual ~task_root() = default;

    const asio::any_io_executor& executor() const noexcept { return executor_; }

    // Goes on with `next`, with what that awaits, and with what awaits that, until one has to wait for an operation, or
    // nothing is left to be done. One after the other instead of one in the other: a loop that never has to wait would
    // fill the stack.
    void run(std::coroutine_handle<> next) {
        turn now;
        now.next = next;
        now_ = &now;
        while (now.next) std::exchange(now.next, nullptr).resume();
        // As soon as an operation has begun, another thread may go on with all this.
        if (now.begin != nullptr) return now.begin(now.operation);
        if (has_waited_) return ended();
        // Who began the task may be among our callers, and must not hear of its end before that.
        asio::post(executor_, end(*this));
    }

    // For coroutines, which return to run() then.
    void go_to(std::coroutine_handle<> next) noexcept { now_->next = next; }
    void wait_for(void (*begin)(void*), void* operation) noexcept {
        has_waited_ = true;
        now_->begin = begin;
        now_->operation = operation;
    }

protected:
    explicit task_root(const asio::any_io_executor& executor) noexcept : executor_(executor) {}

private:
    struct turn {
        std::coroutine_handle<> next;
        void (*begin)(void*) = nullptr;
        void* operation = nullptr;
    };

    // What is posted, and can only be moved.
    class end {
    public:
        explicit end(task_root& of) noexcept : root_(&of) {}
        end(end&&) noexcept = default;
        void operator()() { root_.release()->ended(); }

    private:
        std::unique_ptr<task_root> root_;
    };

    // Destroys the root, and tells whom it may concern.
    virtual void ended() = 0;

    const asio::any_io_executor& executor_;
    turn* now_ = nullptr;
    bool has_waited_ = false;
};

class task_promise_base {
public:
    task_root* root = nullptr;
    std::coroutine_handle<> awaited_by;  // null: the outermost

    std::suspend_always initial_suspend() const noexcept { return {}; }
    auto final_suspend() const noexcept { return end(); }
    void unhandled_exception() noexcept { failure = std::current_exception(); }

    std::exception_ptr failure;

private:
    struct end {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        void await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
            const task_promise_base& promise = ended.promise();
            promise.root->go_to(promise.awaited_by);
        }
        void await_resume() const noexcept {}
    };
};

template <class T>
class task_promise : public task_promise_base {
public:
    template <class U>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }
    T take() {
        if (failure) std::rethrow_exception(std::move(failure));
        return std::move(*value_);
    }

private:
    std::optional<T> value_;
};

template <>
class task_promise<void> : public task_promise_base {
public:
    void return_void() const noexcept {}
    void take() {
        if (failure) std::rethrow_exception(std::move(failure));
    }
};

// Begins when it is awaited, once.
template <class T>
class [[nodiscard]] task {
public:
    class promise_type : public task_promise<T> {
    public:
        task get_return_object() noexcept { return task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    };

    task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
    task& operator=(task&&) = delete;
    ~task() {
        if (coroutine_) coroutine_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> by) noexcept {
        promise_type& promise = coroutine_.promise();
        promise.root = by.promise().root;
        promise.awaited_by = by;
        promise.root->go_to(coroutine_);
    }
    T await_resume() { return coroutine_.promise().take(); }

    // For the root: the outermost one.
    std::coroutine_handle<> begin(task_root& root) noexcept {
        coroutine_.promise().root = &root;
        return coroutine_;
    }
    T result() { return coroutine_.promise().take(); }

private:
    explicit task(std::coroutine_handle<promise_type> c) noexcept : coroutine_(c) {}

    std::coroutine_handle<promise_type> coroutine_;
};

// An asynchronous operation that a task awaits: `initiation(handler)` begins it. Its results are a tuple. It is begun
// when the coroutine is suspended already, since what begins it may fail, and destroy the coroutine with the handler.
template <class Initiation, class... Results>
class [[nodiscard]] task_operation {
public:
    class handler {
    public:
        using executor_type = asio::any_io_executor;

        explicit handler(task_operation& of) noexcept : operation_(&of) {}
        handler(handler&& other) noexcept : operation_(std::exchange(other.operation_, nullptr)) {}
        ~handler() {
            if (operation_ != nullptr) delete operation_->root_;
        }

        const executor_type& get_executor() const noexcept { return operation_->root_->executor(); }

        void operator()(Results... results) {
            task_operation& o = *std::exchange(operation_, nullptr);
            o.results_ = std::tuple<Results...>(std::move(results)...);
            o.root_->run(o.coroutine_);
        }

    private:
        task_operation* operation_;
    };

    explicit task_operation(Initiation i) : initiation_(std::move(i)) {}

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> by) noexcept {
        suspend(by, *by.promise().root);
    }
    void suspend(std::coroutine_handle<> by, task_root& root) noexcept {
        coroutine_ = by;
        root_ = &root;
        root_->wait_for(&begin, this);
    }
    std::tuple<Results...> await_resume() { return std::move(results_); }

private:
    static void begin(void* self) {
        auto& o = *static_cast<task_operation*>(self);
        o.initiation_(handler(o));
    }

    Initiation initiation_;
    std::tuple<Results...> results_;
    std::coroutine_handle<> coroutine_;
    task_root* root_ = nullptr;
};

template <class... Results, class Initiation>
auto await_operation(Initiation i) {
    return task_operation<Initiation, Results...>(std::move(i));
}

// Begins a task on the executor, which must outlive it and has work until its end. Then done(std::exception_ptr) is
// called there.
template <class Done>
void start_task(const asio::any_io_executor& executor, task<void> work, Done done) {
    class root final : public task_root {
    public:
        root(const asio::any_io_executor& e, task<void> work, Done done)
            : task_root(e),
              keeps_running_(asio::prefer(e, asio::execution::outstanding_work.tracked)),
              task_(std::move(work)),
              done_(std::move(done)) {}

        void begin() { run(task_.begin(*this)); }

    private:
        void ended() override {
            std::exception_ptr failure;
            try {
                task_.result();
            } catch (...) {
                failure = std::current_exception();
            }
            const auto working = std::move(keeps_running_);
            Done done = std::move(done_);
            delete this;
            std::move(done)(std::move(failure));
        }

        asio::any_io_executor keeps_running_;
        task<void> task_;
        Done done_;
    };
    // What is posted, and can only be moved.
    class beginning {
    public:
        explicit beginning(std::unique_ptr<root> r) noexcept : root_(std::move(r)) {}
        beginning(beginning&&) noexcept = default;
        void operator()() { root_.release()->begin(); }

    private:
        std::unique_ptr<root> root_;
    };
    asio::dispatch(executor, beginning(std::make_unique<root>(executor, std::move(work), std::move(done))));
}

}  // namespace cubicasa::detail
