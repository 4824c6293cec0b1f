// Forms of a call within a coroutine.
#include "cell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/redirect_error.hpp>

#include <stdexcept>

namespace test {
namespace {

asio::awaitable<cc::order> by_default(cell c) { co_return co_await c.api.orders().get(c.id); }

asio::awaitable<cc::order> by_use_awaitable(cell c) {
    co_return co_await c.api.async_call(cc::get_order(c.id), cc::call_options(), asio::use_awaitable);
}

asio::awaitable<cc::order> by_bound_use_awaitable(cell c) {
    co_return co_await c.api.orders().get(c.id, asio::bind_executor(c.strand, asio::use_awaitable));
}

asio::awaitable<cc::order> by_as_result(cell c) {
    cc::result<cc::order> r = co_await c.api.orders().get(c.id, cc::as_result(asio::use_awaitable));
    co_return std::move(r).value();
}

asio::awaitable<cc::order> by_as_tuple(cell c) {
    auto [e, order] = co_await c.api.orders().get(c.id, asio::as_tuple(asio::use_awaitable));
    if (e) std::rethrow_exception(e);
    co_return std::move(order);
}

asio::awaitable<cc::order> by_redirect_error(cell c) {
    boost::system::error_code untouched;
    cc::order order = co_await c.api.orders().get(c.id, asio::redirect_error(asio::use_awaitable, untouched));
    if (untouched) throw std::logic_error("there is no error_code to redirect");
    co_return order;
}

asio::awaitable<cc::order> by_deferred(cell c) {
    auto operation = c.api.orders().get(c.id, asio::deferred);
    co_return co_await std::move(operation)(asio::use_awaitable);
}

asio::awaitable<cc::order> by_awaited_deferred(cell c) {
    cc::result<cc::order> r = co_await c.api.orders().get(c.id, cc::as_result(asio::deferred));
    co_return std::move(r).value();
}

}  // namespace

std::vector<form> coroutine_forms() {
    return {
        {"no token", [](const cell& c) { return wait_for(c, by_default(c)); }},
        {"use_awaitable", [](const cell& c) { return wait_for(c, by_use_awaitable(c)); }},
        {"bound use_awaitable", [](const cell& c) { return wait_for(c, by_bound_use_awaitable(c)); }},
        {"as_result(use_awaitable)", [](const cell& c) { return wait_for(c, by_as_result(c)); }},
        {"as_tuple(use_awaitable)", [](const cell& c) { return wait_for(c, by_as_tuple(c)); }},
        {"redirect_error(use_awaitable)", [](const cell& c) { return wait_for(c, by_redirect_error(c)); }},
        {"deferred, then use_awaitable", [](const cell& c) { return wait_for(c, by_deferred(c)); }},
        {"as_result(deferred), awaited", [](const cell& c) { return wait_for(c, by_awaited_deferred(c)); }},
        {"a coroutine where the client runs",
         [](const cell& c) { return wait_for(asio::co_spawn(c.api.get_executor(), by_default(c), asio::use_future)); },
         false},
    };
}

}  // namespace test
