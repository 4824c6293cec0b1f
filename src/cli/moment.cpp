// See the header.
#include "moment.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace cubicasa::cli {

namespace {

// Reads a number of exactly so many digits off the front.
std::optional<unsigned> digits(std::string_view& text, std::size_t count) {
    unsigned out = 0;
    if (text.size() < count) return std::nullopt;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + count, out);
    if (wrong != std::errc() || end != text.data() + count) return std::nullopt;
    text.remove_prefix(count);
    return out;
}

bool skip(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<timestamp> from_seconds(std::string_view text) {
    double seconds = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(seconds) || std::abs(seconds) > 1e11) return std::nullopt;
    return timestamp(std::chrono::microseconds(std::llround(seconds * 1e6)));
}

}  // namespace

std::optional<timestamp> parse_moment(std::string_view text) {
    if (text.size() < 8 || text.find('-', 1) == std::string_view::npos) return from_seconds(text);
    const auto year = digits(text, 4);
    if (!year || !skip(text, '-')) return std::nullopt;
    const auto month = digits(text, 2);
    if (!month || !skip(text, '-')) return std::nullopt;
    const auto day = digits(text, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                           std::chrono::day(*day)};
    if (!date.ok()) return std::nullopt;
    timestamp out = std::chrono::sys_days(date);
    if (text.empty()) return out;
    if (!skip(text, 'T') && !skip(text, ' ')) return std::nullopt;
    const auto hour = digits(text, 2);
    if (!hour || *hour > 23 || !skip(text, ':')) return std::nullopt;
    const auto minute = digits(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    out += std::chrono::hours(*hour) + std::chrono::minutes(*minute);
    if (skip(text, ':')) {
        const auto second = digits(text, 2);
        if (!second || *second > 59) return std::nullopt;
        out += std::chrono::seconds(*second);
    }
    skip(text, 'Z');
    if (!text.empty()) return std::nullopt;
    return out;
}

std::string describe_moment(timestamp t) {
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const std::chrono::year_month_day date(day);
    const auto minutes = std::chrono::floor<std::chrono::minutes>(t - day).count();
    char out[64];
    std::snprintf(out, sizeof out, "%04d-%02u-%02u %02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
    return out;
}

}  // namespace cubicasa::cli
