// Times in header fields (RFC 9110, 5.6.7). Standard library only.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace cubicasa::detail {

// Any of the three forms that a recipient must accept; nothing for what is none.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

// What a Retry-After field asks for: seconds, or a date, which is compared with the server's own Date, or with `now`
// when it sent none. A date in the past is 0, garbage is nothing.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, std::optional<std::string_view> date,
                                                      std::chrono::sys_seconds now);

}  // namespace cubicasa::detail
