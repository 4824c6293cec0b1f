// An order, read on behalf of a download.
#pragma once

#include <cubicasa/models/order.hpp>

#include "../engine.hpp"

#include <memory>
#include <string>

namespace cubicasa::detail {

// Ends early when `owner` stops, even while the client drains.
task<error> read_order(std::shared_ptr<engine> e, stoppable& owner, std::string id, order& out);

}  // namespace cubicasa::detail
