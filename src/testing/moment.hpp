// Times as the sandbox keeps them: microseconds since 1970. Standard library only.
#pragma once

#include <chrono>
#include <cstdint>

namespace cubicasa::testing::detail {

inline std::int64_t now_in_microseconds() {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

// As bodies have them (contract 2.4).
inline double to_seconds(std::int64_t microseconds) { return static_cast<double>(microseconds) / 1e6; }

}  // namespace cubicasa::testing::detail
