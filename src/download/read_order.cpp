// See the header.
#include "read_order.hpp"

#include <cubicasa/detail/operation.hpp>
#include <cubicasa/endpoints/orders.hpp>

#include <tuple>

namespace cubicasa::detail {

task<error> read_order(std::shared_ptr<engine> e, stoppable& owner, std::string id, order& out) {
    const get_order request(std::move(id));
    const auto asked = std::make_shared<call>(e, to_wire(request), call_options());
    result<raw_response> answer;
    {
        const auto interrupt = [](void* c) { static_cast<call*>(c)->request_stop(errc::cancelled); };
        stoppable::waiting wait(owner, interrupt, asked.get());
        auto asking = [&](auto then) { launch_within(asked, std::move(then)); };
        std::tie(answer) = co_await interruptible<result<raw_response>>(wait, asking);
    }
    if (owner.stopped()) co_return error(owner.reason());
    const outcome_of<get_order> outcome(request);
    result<order> found = outcome(std::move(answer));
    if (!found) co_return found.error();
    out = std::move(*found);
    co_return error();
}

}  // namespace cubicasa::detail
