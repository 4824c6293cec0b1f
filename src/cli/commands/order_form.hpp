// The parameters that requests for new orders have in common.
#pragma once

#include "../command.hpp"

#include <vector>

namespace cubicasa::cli {

// A text with a place in the body.
parameter text_parameter(const char* name, const char* help, const char* member);

// Where the building stands: street, city, country and the rest.
std::vector<parameter> address_parameters();

// --package-type and --add-on.
std::vector<parameter> purchase_parameters();

}  // namespace cubicasa::cli
