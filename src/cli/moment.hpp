// Points in time as people write and read them. Includes only models/timestamp.hpp.
#pragma once

#include <cubicasa/models/timestamp.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cubicasa::cli {

// "2026-01-31" (its begin, UTC), "2026-01-31T23:59", "2026-01-31T23:59:59Z", or seconds since 1970.
std::optional<timestamp> parse_moment(std::string_view text);

// "2026-01-31 23:59Z".
std::string describe_moment(timestamp t);

}  // namespace cubicasa::cli
