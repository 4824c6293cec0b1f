// Points in time as the API counts them. Includes only the standard library.
#pragma once

#include <chrono>

namespace cubicasa {

// UTC, exact to the six digits of fraction that the API sends (contract 2.4). The clock of the system is finer, so that
// its time is rounded first:
//     std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) - std::chrono::hours(24)
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

}  // namespace cubicasa
