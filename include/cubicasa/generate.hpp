// generate(): a function of yours as an async_generator, for for_each_bounded() and whatever else takes one.
#pragma once

#include <cubicasa/detail/function_source.hpp>
#include <cubicasa/generator.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace cubicasa {

// The values that `function` gives, one for each call, until it gives none. It takes nothing and returns an
// awaitable<std::optional<T>>, and is called when next() wants a value, never twice at once, on the executor of that
// next(), on a strand.
//
//     auto ids = cubicasa::generate<std::string>([&queue] { return queue.async_pop(); });
//     auto outcomes = cubicasa::for_each_bounded(std::move(ids), cubicasa::in_flight(64), fetch_plan);
//
// What it throws comes from next(), as `failure` with its own code or errc::callback_failed; the next call calls it
// again. Cancelling a next() (all three types) ends that wait only: the value comes from the call after it. Destroying
// the generator cancels the function (terminal) and does not wait for its end. position() is empty.
template <class T, std::invocable F>
requires std::same_as<std::invoke_result_t<F&>, asio::awaitable<std::optional<T>>> async_generator<T> generate(
    F function) {
    return async_generator<T>(std::make_shared<detail::function_source<T, F>>(std::move(function)));
}

}  // namespace cubicasa
