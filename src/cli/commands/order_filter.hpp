// The filters of lists of orders, as arguments.
#pragma once

#include "../command.hpp"

#include <cubicasa/endpoints/orders.hpp>

#include <string>
#include <vector>

namespace cubicasa::cli {

const std::vector<std::string>& order_statuses();

// `with_status`: whether the status may be chosen, too.
std::vector<parameter> order_filter_parameters(bool with_status);

list_orders order_filter(const arguments& given);

}  // namespace cubicasa::cli
