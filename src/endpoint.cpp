// wire_request: percent-encoding of arguments and queries, and the refusals. Also the check for UTF-8.
#include <cubicasa/detail/json.hpp>
#include <cubicasa/endpoint.hpp>

#include "path_template.hpp"

#include <algorithm>

namespace cubicasa {

std::string_view to_string(effect e) noexcept {
    switch (e) {
        case effect::read:
            return "read";
        case effect::replace:
            return "replace";
        case effect::create:
            return "create";
    }
    return "";
}

std::string_view to_string(evidence e) noexcept {
    switch (e) {
        case evidence::documented:
            return "documented";
        case evidence::observed:
            return "observed";
        case evidence::inferred:
            return "inferred";
    }
    return "";
}

namespace {

bool unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void append_encoded(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    while (!text.empty()) {
        const auto special = std::find_if_not(text.begin(), text.end(), unreserved);
        out.append(text.begin(), special);
        text.remove_prefix(static_cast<std::size_t>(special - text.begin()));
        if (text.empty()) break;
        const auto u = static_cast<unsigned char>(text.front());
        out.append({'%', digits[u >> 4], digits[u & 15]});
        text.remove_prefix(1);
    }
}

// True when a server that decodes "%2F" before it splits the path would go up or stay: "a/../b".
bool climbs(std::string_view value) noexcept {
    for (std::size_t start = 0; start <= value.size();) {
        const std::size_t end = std::min(value.find_first_of("/\\", start), value.size());
        const std::string_view segment = value.substr(start, end - start);
        if (segment == "." || segment == "..") return true;
        start = end + 1;
    }
    return false;
}

}  // namespace

void wire_request::argument(std::string_view name, std::string_view value) {
    if (value.empty()) return refuse(name, "is required");
    if (climbs(value)) return refuse(name, "must not contain the path segments . and ..");
    if (!detail::is_utf8(value)) return refuse(name, "is not valid UTF-8");
    std::string encoded;
    append_encoded(encoded, value);
    arguments.emplace_back(name, std::move(encoded));
}

void wire_request::query(std::string_view name, std::string_view value) {
    if (!detail::is_utf8(value)) return refuse(name, "is not valid UTF-8");
    if (!query_text.empty()) query_text.push_back('&');
    append_encoded(query_text, name);
    query_text.push_back('=');
    append_encoded(query_text, value);
}

void wire_request::query(std::string_view name, std::int64_t value) { query(name, std::to_string(value)); }

void wire_request::page(const std::optional<std::int64_t>& limit, const std::optional<std::int64_t>& offset) {
    if (limit && *limit < 1) refuse("limit", "must be at least 1");
    if (offset && *offset < 0) refuse("offset", "must not be negative");
    if (limit) query("limit", *limit);
    if (offset) query("offset", *offset);
}

void wire_request::json_body(std::string text) {
    body = std::move(text);
    content_type = "application/json";
}

void wire_request::refuse(std::string_view field, std::string_view why) {
    if (problem) return;
    problem = error(errc::invalid_argument, std::string(field).append(": ").append(why));
    problem.operation = operation;
}

void wire_request::require(std::string_view field, std::string_view value) {
    if (value.empty()) refuse(field, "is required");
}

std::string wire_request::target(std::string_view path_template) {
    std::string out;
    std::string why;
    for (const detail::path_part& part : detail::parse_path_template(path_template, why)) {
        if (!part.is_argument) {
            out.append(part.text);
            continue;
        }
        const auto found =
            std::find_if(arguments.begin(), arguments.end(), [&](const auto& a) { return a.first == part.text; });
        if (found == arguments.end()) {
            why = "nothing fills {" + std::string(part.text) + "}";
            break;
        }
        out.append(found->second);
    }
    if (!why.empty()) {
        refuse("path", why);
        return {};
    }
    if (!query_text.empty()) {
        out.push_back(path_template.find('?') == std::string_view::npos ? '?' : '&');
        out.append(query_text);
    }
    return out;
}

}  // namespace cubicasa

namespace cubicasa::detail {

bool is_utf8(std::string_view text) noexcept {
    const auto* p = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = p + text.size();
    while (p != end) {
        const unsigned first = *p++;
        if (first < 0x80) continue;
        if (first < 0xC2 || first > 0xF4) return false;
        const int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        if (end - p < more) return false;
        // Overlong forms, surrogates and what is beyond U+10FFFF show in the second byte.
        const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (*p < low || *p > high) return false;
        for (int i = 1; i < more; ++i) {
            if ((p[i] & 0xC0) != 0x80) return false;
        }
        p += more;
    }
    return true;
}

}  // namespace cubicasa::detail
