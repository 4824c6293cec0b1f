// Finds a key in text that may be JSON.
#include "redact.hpp"

#include <charconv>

namespace cubicasa::detail {

namespace {

// How many characters of `text` spell the letter `c`, 0 if it begins with something else.
std::size_t spells(std::string_view text, char c) {
    if (text.empty()) return 0;
    if (text.front() != '\\') return text.front() == c ? 1 : 0;
    if (text.size() >= 2 && text[1] == c && (c == '/' || c == '"' || c == '\\')) return 2;
    if (text.size() >= 6 && text[1] == 'u') {
        unsigned code = 0;
        const auto [end, ec] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
        if (ec == std::errc() && end == text.data() + 6 && code == static_cast<unsigned char>(c)) return 6;
    }
    return c == '\\' ? 1 : 0;  // in text that is not JSON
}

std::size_t spells(std::string_view text, std::string_view key) {
    std::size_t size = 0;
    for (const char c : key) {
        const std::size_t n = spells(text.substr(size), c);
        if (n == 0) return 0;
        size += n;
    }
    return size;
}

}  // namespace

void redact(std::string& text, std::string_view key) {
    std::string out;
    std::size_t kept = 0;  // of `text`, in `out`
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = spells(std::string_view(text).substr(at), key);
        if (size == 0) {
            ++at;
            continue;
        }
        out.append(text, kept, at - kept).append("[key]");
        kept = at += size;
    }
    if (kept == 0) return;
    text = out.append(text, kept);
}

}  // namespace cubicasa::detail
