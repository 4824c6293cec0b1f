// wire_request: percent-encoding of arguments and queries, and the refusals. Also the check for UTF-8.
#include <cubicasa/detail/json.hpp>
#include <cubicasa/endpoint.hpp>

#include "path_template.hpp"

#include <algorithm>
#include <array>

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

// The characters that need no percent-encoding, as a table: every call with an argument looks at each of its bytes.
constexpr auto unreserved_characters = [] {
    std::array<bool, 256> out{};
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")) {
        out[static_cast<unsigned char>(c)] = true;
    }
    return out;
}();

bool unreserved(char c) noexcept { return unreserved_characters[static_cast<unsigned char>(c)]; }

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

// In the text of wire_request::arguments.
std::optional<std::string_view> find_argument(std::string_view arguments, std::string_view name) noexcept {
    const auto take = [&arguments] {
        const std::string_view out = arguments.substr(0, arguments.find('\0'));
        arguments.remove_prefix(std::min(out.size() + 1, arguments.size()));
        return out;
    };
    while (!arguments.empty()) {
        const bool found = take() == name;
        const std::string_view value = take();
        if (found) return value;
    }
    return std::nullopt;
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
    const bool plain = std::all_of(value.begin(), value.end(), unreserved);
    if (plain ? value == "." || value == ".." : climbs(value)) {
        return refuse(name, "must not contain the path segments . and ..");
    }
    if (!plain && !detail::is_utf8(value)) return refuse(name, "is not valid UTF-8");
    arguments.reserve(arguments.size() + name.size() + value.size() + 2);
    arguments.append(name).push_back('\0');
    if (plain) {
        arguments.append(value);
    } else {
        append_encoded(arguments, value);
    }
    arguments.push_back('\0');
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
    field_error& which = problem.fields.emplace_back();
    which.path = field;
    which.text = why;
}

void wire_request::require(std::string_view field, std::string_view value) {
    if (value.empty()) refuse(field, "is required");
}

std::string wire_request::target(std::string_view path_template) {
    std::string out;
    if (!append_target(out, path_template)) out.clear();
    return out;
}

bool wire_request::append_target(std::string& out, std::string_view path_template) {
    std::string why;
    detail::path_parts parts(path_template, why);
    for (detail::path_part part; parts.next(part);) {
        if (!part.is_argument) {
            out.append(part.text);
            continue;
        }
        const auto value = find_argument(arguments, part.text);
        if (!value) {
            why = "nothing fills {" + std::string(part.text) + "}";
            break;
        }
        out.append(*value);
    }
    if (!why.empty()) {
        refuse("path", why);
        return false;
    }
    if (!query_text.empty()) {
        out.push_back(path_template.find('?') == std::string_view::npos ? '?' : '&');
        out.append(query_text);
    }
    return true;
}

}  // namespace cubicasa

namespace cubicasa::detail {

std::size_t utf8_character(std::string_view text) noexcept {
    if (text.empty()) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (text.size() < size) return 0;
    // Overlong forms, surrogates and what is beyond U+10FFFF show in the second byte.
    const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    return size;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t size = utf8_character(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

}  // namespace cubicasa::detail
