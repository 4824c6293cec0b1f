// header_block: the header fields of an answer in one block of text.
#include <cubicasa/raw.hpp>

namespace cubicasa {

namespace {

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

// A line end inside a name or value would look like a field of its own.
void append_line_part(std::string& out, std::string_view part) {
    for (const char c : part) out.push_back(c == '\n' || c == '\r' ? ' ' : c);
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
    append_line_part(text_, name);
    text_.append(": ");
    append_line_part(text_, value);
    text_.push_back('\n');
}

}  // namespace cubicasa
