// Faults of the sandbox as a script, for `cubicasa sandbox --fault`. Includes testing/script.hpp.
#pragma once

#include <cubicasa/testing/script.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::cli {

// A line for each fault: its name as in cubicasa::testing::fault, with dashes, its value, and then how often it happens
// and to what:
//
//     status 503 on GET /orders/ times 2
//     delay 500 probability 0.1
//     truncate-after 100 on GET /files/ after 3 times 1     # a comment
//
// The first one that fits a request happens. Throws usage_error with the number of the line.
std::vector<testing::fault> parse_fault_script(std::string_view script);

// The names of all faults, with what their values are: "delay MILLISECONDS".
std::string fault_names();

}  // namespace cubicasa::cli
