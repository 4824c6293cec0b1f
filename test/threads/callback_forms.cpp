// Forms of a call without coroutines: callbacks, futures, deferred.
#include "cell.hpp"

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/redirect_error.hpp>

namespace test {
namespace {

// Starts a call with a handler of no executor of its own.
template <class Start>
waiter plain(const cell& c, Start start) {
    std::promise<verdict> p;
    waiter out = wait_for(p.get_future());
    const start_of_a_call s;
    start(c, taker(std::move(p)));
    return out;
}

// The same with a handler for the cell's strand.
template <class Start>
waiter bound(const cell& c, Start start) {
    std::promise<verdict> p;
    waiter out = wait_for(p.get_future());
    const start_of_a_call s;
    start(c, taker(std::move(p), c));
    return out;
}

using order_handler = asio::any_completion_handler<void(std::exception_ptr, cc::order)>;

}  // namespace

std::vector<form> callback_forms() {
    constexpr bool no = false;
    return {
        {"callback",
         [](const cell& c) {
             return plain(c, [](const cell& at, taker t) { at.api.orders().get(at.id, std::move(t)); });
         },
         no},
        {"as_result(callback)",
         [](const cell& c) {
             return plain(c, [](const cell& at, taker t) { at.api.orders().get(at.id, cc::as_result(std::move(t))); });
         },
         no},
        {"start()",
         [](const cell& c) {
             return plain(c, [](const cell& at, taker t) {
                 at.api.start(cc::get_order(at.id), cc::call_options(), std::move(t));
             });
         },
         no},
        {"bound callback",
         [](const cell& c) {
             return bound(c, [](const cell& at, taker t) { at.api.orders().get(at.id, at.bound(std::move(t))); });
         }},
        {"bound as_result(callback)",
         [](const cell& c) {
             return bound(c, [](const cell& at, taker t) {
                 at.api.async_call(cc::get_order(at.id), at.bound(cc::as_result(std::move(t))));
             });
         }},
        {"as_result(bound callback)",
         [](const cell& c) {
             return bound(c, [](const cell& at, taker t) {
                 at.api.async_call(cc::get_order(at.id), cc::as_result(at.bound(std::move(t))));
             });
         }},
        {"bound as_tuple(callback)",
         [](const cell& c) {
             return bound(c, [](const cell& at, taker t) {
                 at.api.orders().get(at.id, at.bound(asio::as_tuple(std::move(t))));
             });
         }},
        {"bound redirect_error(callback): there is no error_code to redirect",
         [](const cell& c) {
             return bound(c, [](const cell& at, taker t) {
                 static boost::system::error_code untouched;
                 at.api.orders().get(at.id, at.bound(asio::redirect_error(std::move(t), untouched)));
             });
         }},
        {"consign(bound callback)",
         [](const cell& c) {
             return bound(c, [](const cell& at, taker t) {
                 at.api.orders().get(at.id, asio::consign(at.bound(std::move(t)), std::make_shared<int>()));
             });
         }},
        {"any_completion_handler",
         [](const cell& c) {
             return bound(
                 c, [](const cell& at, taker t) { at.api.orders().get(at.id, order_handler(at.bound(std::move(t)))); });
         }},
        {"deferred, then a callback",
         [](const cell& c) {
             return bound(c, [](const cell& at, taker t) {
                 auto operation = at.api.orders().get(at.id, asio::deferred);
                 std::move(operation)(at.bound(std::move(t)));
             });
         }},
        {"as_result(deferred), then a callback",
         [](const cell& c) {
             return bound(c, [](const cell& at, taker t) {
                 auto operation = at.api.orders().get(at.id, cc::as_result(asio::deferred));
                 std::move(operation)(at.bound(std::move(t)));
             });
         }},
        {"use_future", [](const cell& c) { return wait_for(c.api.orders().get(c.id, asio::use_future)); }, no},
        {"as_result(use_future)",
         [](const cell& c) { return wait_for(c.api.orders().get(c.id, cc::as_result(asio::use_future))); }, no},
        {"bound use_future",
         [](const cell& c) { return wait_for(c.api.orders().get(c.id, c.bound(asio::use_future))); }},
    };
}

}  // namespace test
