// Forms of a call among others: operators of awaitables, and parallel_group.
#include "cell.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <variant>

namespace test {
namespace {

using namespace asio::experimental::awaitable_operators;

asio::awaitable<cc::order> by_and(cell c) {
    co_return co_await (c.api.orders().get(c.id) && asio::post(c.strand, asio::use_awaitable));
}

// `||` waits for the first success, so a failure has to be a value.
asio::awaitable<cc::order> by_or(cell c) {
    asio::steady_timer timer(c.strand, std::chrono::hours(1));
    auto first = co_await (c.api.orders().get(c.id, cc::as_result(asio::use_awaitable)) ||
                           timer.async_wait(asio::use_awaitable));
    co_return std::move(std::get<0>(first)).value();
}

asio::awaitable<cc::order> by_group(cell c) {
    asio::steady_timer timer(c.strand, std::chrono::hours(1));
    auto group = asio::experimental::make_parallel_group(
        c.api.orders().get(c.id, asio::bind_executor(c.strand, asio::deferred)), timer.async_wait(asio::deferred));
    const asio::experimental::wait_for_one one;
    auto [sequence, e, order, timer_ended] = co_await group.async_wait(one, asio::use_awaitable);
    if (!timer_ended) throw std::logic_error("the timer was not cancelled");
    if (e) std::rethrow_exception(e);
    co_return std::move(order);
}

asio::awaitable<cc::order> by_group_of_results(cell c) {
    auto token = cc::as_result(asio::bind_executor(c.strand, asio::deferred));
    auto group =
        asio::experimental::make_parallel_group(c.api.orders().get(c.id, token), c.api.orders().get(c.id, token));
    const asio::experimental::wait_for_all all;
    auto [sequence, a, b] = co_await group.async_wait(all, asio::use_awaitable);
    if (a.has_value() != b.has_value()) throw std::logic_error("one has failed");
    co_return std::move(a).value();
}

}  // namespace

std::vector<form> group_forms() {
    return {
        {"&&", [](const cell& c) { return wait_for(c, by_and(c)); }},
        {"||", [](const cell& c) { return wait_for(c, by_or(c)); }},
        {"parallel_group, the first", [](const cell& c) { return wait_for(c, by_group(c)); }},
        {"parallel_group, all", [](const cell& c) { return wait_for(c, by_group_of_results(c)); }},
    };
}

}  // namespace test
