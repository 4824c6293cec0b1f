// for_each_bounded(): a function for each item of a list of any length, so many at once, and what became of each.
#pragma once

#include <cubicasa/detail/batch_core.hpp>
#include <cubicasa/detail/batch_runner.hpp>
#include <cubicasa/detail/batch_source.hpp>
#include <cubicasa/detail/range_source.hpp>
#include <cubicasa/generator.hpp>
#include <cubicasa/outcome.hpp>

#include <cstddef>
#include <memory>
#include <ranges>
#include <utility>

namespace cubicasa {

enum class batch_order {
    completion,  // an outcome is handed out as soon as there is one
    input,       // in the order of the source: a slow item holds back those behind it, and their places
};

enum class on_error {
    collect,  // goes on
    stop,     // begins no item any more, and cancels those that run
};

class batch_options {
public:
    batch_options() {}
    std::size_t in_flight = 16;  // items that were begun and whose outcome was not handed out; 0 is taken as 1
    batch_order order = batch_order::completion;
    cubicasa::on_error on_error = cubicasa::on_error::collect;
};

inline batch_options in_flight(std::size_t items) {
    batch_options out;
    out.in_flight = items;
    return out;
}

// The outcomes of a batch. Destroying it cancels what runs, and does not wait for that; stop() does.
template <class T>
class batch : public async_generator<outcome<T>> {
public:
    explicit batch(std::shared_ptr<detail::batch_source<T>> source)
        : async_generator<outcome<T>>(source), source_(std::move(source)) {}

    // Items end in any order, so there is no place to go on from; batch_log remembers what was done.
    cursor position() const = delete;

    // Begins no item any more and cancels those that run. next() hands out the outcomes of all that were begun, and
    // then ends. May be called again, while a next() waits, and from any thread.
    void request_stop() noexcept { source_->request_stop(); }

    // The same, and waits until nothing runs any more. Does not wait for the consumer.
    // Cancelling it (all three types) ends the wait only, with errc::cancelled. May run beside a next(), on another
    // thread as well; only one at a time: a second one fails with errc::invalid_argument.
    asio::awaitable<void> stop() { return source_->stop(source_); }

private:
    std::shared_ptr<detail::batch_source<T>> source_;
};

// Calls `function(T)`, which returns an awaitable<U> or an awaitable<result<U>>, for each item of `items`, so many at
// once, and hands out an outcome<U> for each.
//
//     auto outcomes = cubicasa::for_each_bounded(std::move(walk), cubicasa::in_flight(64), fetch_plan);
//     while (auto o = co_await outcomes.next()) report(o->id, o->result);
//
// Nothing runs before the first next(). Items are taken from the source, one by one, only when there is room: a slow
// consumer slows it all down, and memory is bounded by `in_flight`. The function runs on the executor of the next()
// that made room, on a strand for each item: several at once if the executor has several threads, so it must be
// callable as const from several threads. It is kept until the last item has ended.
//
// Errors of an item are in its outcome: those of result<U> or of a thrown `failure` as they are, others with their own
// code or errc::callback_failed. An error of the source comes from next() after the outcomes of what was begun before;
// next() then asks the source again, or with on_error::stop is at its end. No outcome is ever lost: cancelling a
// next() (all three types) ends that wait only, and the next call gives what this one would have given. Cancelling
// items (terminal) is for stop() and the destructor; those whose turn had not come end with errc::cancelled.
template <class T, detail::batch_function<T> F>
batch<detail::outcome_value_t<F, T>> for_each_bounded(async_generator<T> items, batch_options options, F function) {
    return batch<detail::outcome_value_t<F, T>>(std::make_shared<detail::batch_runner<T, F>>(
        std::move(items), detail::batch_core(options.in_flight, options.on_error == on_error::stop),
        options.order == batch_order::input, std::move(function)));
}

// The same for the elements of a container, which is moved in, or of a view, which must outlive the batch.
template <std::ranges::input_range R, detail::batch_function<std::ranges::range_value_t<R>> F>
auto for_each_bounded(R items, batch_options options, F function) {
    using item = std::ranges::range_value_t<R>;
    return for_each_bounded(async_generator<item>(std::make_shared<detail::range_source<R>>(std::move(items))), options,
                            std::move(function));
}

}  // namespace cubicasa
