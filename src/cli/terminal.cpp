// See the header.
#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <optional>

namespace cubicasa::cli {

namespace {

// Takes a character off the front; nothing for bytes that are no UTF-8, of which one is taken.
std::optional<std::uint32_t> next_character(std::string_view& text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t size = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    if (size == 0 || size > text.size() || first > 0xf4) {
        text.remove_prefix(1);
        return std::nullopt;
    }
    std::uint32_t out = size == 1 ? first : first & (0xffu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0) != 0x80) {
            text.remove_prefix(1);
            return std::nullopt;
        }
        out = out << 6 | (byte & 0x3f);
    }
    text.remove_prefix(size);
    return out;
}

bool is_control(std::uint32_t c) noexcept { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

bool turns_text_around(std::uint32_t c) noexcept {
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

// The ranges that East Asian terminals draw in two columns, and what they do not draw at all, roughly.
std::size_t columns_of(std::uint32_t c) noexcept {
    if ((c >= 0x300 && c <= 0x36f) || c == 0x200b || c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f)) return 0;
    const bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
                      (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                      (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
}

}  // namespace

std::size_t terminal_width(int descriptor) noexcept {
    winsize size{};
    if (::isatty(descriptor) != 1) return 0;
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

std::string harmless(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::string_view before = text;
        const auto c = next_character(text);
        if (!c) {
            out += '?';
        } else if (*c == '\n' || *c == '\t') {
            out += ' ';
        } else if (!is_control(*c) && !turns_text_around(*c)) {
            out.append(before.substr(0, before.size() - text.size()));
        }
    }
    return out;
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::string_view before = text;
        const auto c = next_character(text);
        if (c && *c != '\n' && *c != '\t' && (is_control(*c) || turns_text_around(*c))) {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(*c));
            out += code;
        } else if (c) {
            out.append(before.substr(0, before.size() - text.size()));
        } else {
            out += '?';
        }
    }
    return out;
}

std::size_t width_of(std::string_view text) noexcept {
    std::size_t out = 0;
    while (!text.empty()) {
        const auto c = next_character(text);
        out += c ? columns_of(*c) : 1;
    }
    return out;
}

std::string fitted(std::string_view text, std::size_t columns) {
    if (columns == 0 || width_of(text) <= columns) return std::string(text);
    std::string out;
    std::size_t used = 0;
    while (!text.empty()) {
        const std::string_view before = text;
        const auto c = next_character(text);
        used += c ? columns_of(*c) : 1;
        if (used + 1 > columns) break;
        out.append(before.substr(0, before.size() - text.size()));
    }
    return out + "…";
}

}  // namespace cubicasa::cli
