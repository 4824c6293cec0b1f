// RFC 9110, sections 13 and 14, for one range.
#include "file_host.hpp"

#include "fault.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <limits>

namespace cubicasa::testing::detail {

namespace {

constexpr std::chrono::sys_seconds first_modified{std::chrono::seconds(1'700'000'000)};  // November 2023

// Both ends are inside.
struct byte_range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
};

enum class range_kind { none, unsatisfiable, good };

std::string http_date(std::chrono::sys_seconds time) {
    static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    char out[64];
    const int size = std::snprintf(out, sizeof out, "%s, %02u %s %d %02d:%02d:%02d GMT",
                                   days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                                   months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                                   static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                   static_cast<int>(clock.seconds().count()));
    return std::string(out, static_cast<std::size_t>(size));
}

// Digits alone; what is too great is the greatest number.
std::optional<std::uint64_t> parse_position(std::string_view text) {
    std::uint64_t out = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (wrong == std::errc::invalid_argument || end != text.data() + text.size()) return std::nullopt;
    return wrong == std::errc() ? out : std::numeric_limits<std::uint64_t>::max();
}

// What is no range, and several of them, are as good as none: the whole file is the answer.
range_kind parse_range(byte_range& out, std::string_view text, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!same_name(text.substr(0, unit.size()), unit)) return range_kind::none;
    text.remove_prefix(unit.size());
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return range_kind::none;
    const auto first = parse_position(text.substr(0, dash));
    const auto last = parse_position(text.substr(dash + 1));
    if (dash == 0) {
        if (!last) return range_kind::none;
        if (*last == 0 || size == 0) return range_kind::unsatisfiable;
        out = byte_range{size - std::min(*last, size), size - 1};
        return range_kind::good;
    }
    const bool open = dash + 1 == text.size();
    if (!first || (!last && !open) || (last && *last < *first)) return range_kind::none;
    if (*first >= size) return range_kind::unsatisfiable;
    out = byte_range{*first, open ? size - 1 : std::min(*last, size - 1)};
    return range_kind::good;
}

std::string_view opaque(std::string_view etag) { return etag.substr(etag.starts_with("W/") ? 2 : 0); }

bool matches_any(std::string_view list, std::string_view etag) {
    if (list == "*") return true;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view one = list.substr(0, comma);
        list.remove_prefix(std::min(comma + 1, list.size()));
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        one = one.substr(0, one.find_last_not_of(' ') + 1);
        if (opaque(one) == opaque(etag)) return true;
    }
    return false;
}

std::string content_range(const byte_range& range, std::uint64_t size) {
    return "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + std::to_string(size);
}

// As a store of files answers, for whom JSON is nothing.
answer refuse_file(int status) {
    answer out;
    out.status = status;
    out.content_type = "application/xml";
    out.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>";
    out.body.append(status == 403 ? "AccessDenied" : "NoSuchKey").append("</Code></Error>\n");
    return out;
}

// "3/NAME" leads to "2/NAME". The address is relative to the host, and keeps the query.
answer redirect(std::string_view path, std::string_view query) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const auto count = parse_position(path.substr(0, slash));
    if (!count || slash + 1 >= path.size()) return refuse_file(404);
    std::string address(files_path);
    if (*count > 1) address.append(redirect_path).append(std::to_string(*count - 1)).append("/");
    address.append(path.substr(slash + 1));
    if (!query.empty()) address.append("?").append(query);
    answer out;
    out.status = 302;
    out.content_type = {};
    out.headers.emplace_back("Location", std::move(address));
    return out;
}

void spoil(byte_range& range, const fault_effects& effects) {
    if (effects.range_delta < 0) {
        range.first -= std::min(range.first, std::uint64_t(0) - static_cast<std::uint64_t>(effects.range_delta));
    } else {
        range.first += std::min(range.last - range.first, static_cast<std::uint64_t>(effects.range_delta));
    }
    if (effects.short_range) {
        range.last = range.first + std::min<std::uint64_t>(range.last - range.first, *effects.short_range - 1);
    }
}

// What a file is known by, as far as it is told; empty: it is not.
struct validators {
    std::string etag;
    std::string modified;
};

validators validators_of(const stored_file& file, const fault_effects& effects) {
    if (effects.no_validators) return {};
    return {(effects.weak_etag ? "W/" : "") + file.etag, http_date(first_modified + std::chrono::days(file.version))};
}

// False: the range is of another file than this one.
bool if_range_holds(std::string_view wanted, const validators& now) {
    if (wanted.empty() || wanted == now.modified) return true;
    return wanted == now.etag && !wanted.starts_with("W/");
}

answer serve_range(answer whole, const request_view& request, const fault_effects& effects) {
    const std::uint64_t size = whole.file.size();
    byte_range range;
    const range_kind kind = parse_range(range, request.range, size);
    if (kind == range_kind::unsatisfiable || effects.range_not_satisfiable) {
        answer out = refuse_file(416);
        out.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
        return out;
    }
    if (kind == range_kind::none) return whole;
    spoil(range, effects);
    whole.status = 206;
    if (!effects.no_content_range) whole.headers.emplace_back("Content-Range", content_range(range, size));
    whole.file = whole.file.part(range.first, range.last - range.first + 1);
    return whole;
}

}  // namespace

answer serve_file(const file_store& files, std::string_view path, std::string_view query, const request_view& request,
                  const fault_effects& effects) {
    if (path.starts_with(redirect_path)) return redirect(path.substr(redirect_path.size()), query);
    if (files.is_expired(path, query)) return refuse_file(403);
    const stored_file found = files.find(path);
    if (found.status != 200) return refuse_file(found.status);
    const validators now = validators_of(found, effects);
    answer out;
    out.content_type = found.content_type;
    out.file = found.bytes;
    out.headers.emplace_back("Date",
                             http_date(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())));
    out.headers.emplace_back("Accept-Ranges", "bytes");
    if (!now.etag.empty()) out.headers.emplace_back("ETag", now.etag);
    if (!now.modified.empty()) out.headers.emplace_back("Last-Modified", now.modified);
    if (!now.etag.empty() && matches_any(request.if_none_match, now.etag)) {
        out.status = 304;
        out.head_only = true;
        return out;
    }
    if (request.method != "GET" || request.range.empty() || effects.ignore_range) return out;
    if (!effects.ignore_if_range && !if_range_holds(request.if_range, now)) return out;
    return serve_range(std::move(out), request, effects);
}

}  // namespace cubicasa::testing::detail
