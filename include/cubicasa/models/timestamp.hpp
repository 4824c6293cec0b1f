// Points in time as the API counts them. Includes only the standard library.
#pragma once

#include <chrono>

namespace cubicasa {

// UTC, exact to the six digits of fraction that the API sends (contract 2.4).
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

}  // namespace cubicasa
