// Setting off what has been prepared: a call, a download.
#pragma once

#include <cubicasa/error.hpp>

#include "net/stoppable.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace cubicasa::detail {

// Runs `work`, which leaves its outcome in `running`, hands that to the handler, and tells the engine, to which
// begin() was said before.
template <class Running, class Handler>
void carry_out(std::shared_ptr<Running> running, Handler handler, task<void> work) {
    running->handler.swap(handler);  // its move assignment recurses without end in Boost 1.81
    auto done = [running](std::exception_ptr e) {
        // Even if the handler throws.
        const struct at_end {
            Running& of;
            ~at_end() { of.owner->end(); }
        } ends{*running};
        if (e) {
            try {
                std::rethrow_exception(e);
            } catch (const std::exception& x) {
                // Memory, or a descriptor that could not be had. What was sent is not known here.
                running->outcome = error(errc::out_of_resources, x.what(), delivery::maybe_processed);
            }
        }
        std::move(running->handler)(std::move(running->outcome));
    };
    start_task(running->executor(), std::move(work), std::move(done));
}

}  // namespace cubicasa::detail
