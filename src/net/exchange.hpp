// One request and its answer on one connection of a pool.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/detail/retry_core.hpp>
#include <cubicasa/raw.hpp>
#include <cubicasa/result.hpp>

#include "pool.hpp"

#include <memory>
#include <string_view>

namespace cubicasa::detail {

struct exchange_limits {
    std::chrono::milliseconds pool_wait;
    std::chrono::milliseconds write;
    std::chrono::milliseconds first_byte;
    std::chrono::milliseconds read_idle;
    const limit_options& sizes;
};

// Sends `request`, a complete message, and reads the answer, whatever its status, into `out`: a result would be moved
// through each coroutine on its way. Ends early when the owner stops. `facts` is right after
// every outcome; the error's `delivery` follows from it.
task<void> exchange(pool& connections, lease& leased, stoppable& owner, std::string_view request, bool head_request,
                    const exchange_limits& limits, attempt_facts& facts, result<raw_response>& out);

}  // namespace cubicasa::detail
