// Forms of a call within a coroutine that has a stack, by asio::spawn.
#include "cell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/spawn.hpp>

namespace test {
namespace {

template <class Body>
waiter spawned(const cell& c, Body body) {
    auto work = [c, body](asio::yield_context yield) -> cc::order { return body(c, yield); };
    auto token = asio::bind_cancellation_slot(c.slot, asio::use_future);
    return wait_for(asio::spawn(asio::any_io_executor(c.strand), work, token));
}

}  // namespace

std::vector<form> stackful_forms() {
    if (!stacks_may_be_switched) return {};
    return {
        {"yield",
         [](const cell& c) {
             return spawned(c, [](const cell& at, asio::yield_context y) { return at.api.orders().get(at.id, y); });
         }},
        {"as_result(yield)",
         [](const cell& c) {
             return spawned(c, [](const cell& at, asio::yield_context y) {
                 return at.api.orders().get(at.id, cc::as_result(y)).value();
             });
         }},
        {"as_tuple(yield)",
         [](const cell& c) {
             return spawned(c, [](const cell& at, asio::yield_context y) {
                 auto [e, order] = at.api.orders().get(at.id, asio::as_tuple(y));
                 if (e) std::rethrow_exception(e);
                 return order;
             });
         }},
    };
}

}  // namespace test
