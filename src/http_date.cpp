// Times in header fields.
#include "http_date.hpp"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

namespace cubicasa::detail {

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
    // The last two are obsolete, and must be understood.
    for (const char* format : {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"}) {
        // get_time() takes the end of the text for the rest of the format.
        if (std::string_view(format).ends_with(" GMT") && !text.ends_with(" GMT")) continue;
        std::istringstream in{std::string(text)};
        in.imbue(std::locale::classic());
        std::tm parts{};
        in >> std::get_time(&parts, format);
        if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) continue;
        return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
    }
    return std::nullopt;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, std::optional<std::string_view> date,
                                                      std::chrono::sys_seconds now) {
    constexpr std::int64_t most = 10L * 366 * 24 * 3600;
    const bool digits =
        !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits) {
        std::int64_t seconds = 0;
        for (const char c : text) seconds = std::min(most, seconds * 10 + (c - '0'));
        return std::chrono::seconds(seconds);
    }
    const auto until = parse_http_date(text);
    if (!until) return std::nullopt;
    const auto from = date ? parse_http_date(*date).value_or(now) : now;
    return std::clamp(*until - from, std::chrono::seconds(0), std::chrono::seconds(most));
}

}  // namespace cubicasa::detail
