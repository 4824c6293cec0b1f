// header_block: the header fields of an answer in one block of text.
#include <cubicasa/raw.hpp>

#include <algorithm>

namespace cubicasa {

namespace {

constexpr std::size_t usual_size = 480;

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

// It would look like a field of its own.
std::string without_line_ends(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return out;
}

}  // namespace

std::optional<std::string_view> header_block::find(std::string_view name) const noexcept {
    std::string_view rest = text_;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);  // append() ends every line
        const std::size_t colon = line.find(':');
        if (same(line.substr(0, colon), name)) return line.substr(colon + 2);
    }
    return std::nullopt;
}

void header_block::append(std::string_view name, std::string_view value) {
    append_line(without_line_ends(name), without_line_ends(value));
}

void header_block::append_line(std::string_view name, std::string_view value) {
    if (text_.empty()) text_.reserve(usual_size);
    text_.append(name).append(": ").append(value).push_back('\n');
}

void header_block::append_line(std::string_view line) {
    if (text_.empty()) text_.reserve(usual_size);
    text_.append(line).push_back('\n');
}

}  // namespace cubicasa
