// The text of a cursor: "cc1.<offset>.<consumed>.<query>.<last id>", the id in hexadecimal.
#include <cubicasa/cursor.hpp>
#include <cubicasa/paginate.hpp>

#include <charconv>

namespace cubicasa {

namespace {

constexpr std::string_view prefix = "cc1.";
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t longest_id = 512;

// Takes the number before the next dot.
template <class Number>
bool take(std::string_view& text, Number& out, int base) {
    const auto dot = text.find('.');
    if (dot == 0 || dot == std::string_view::npos) return false;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + dot, out, base);
    if (ec != std::errc() || end != text.data() + dot) return false;
    text.remove_prefix(dot + 1);
    return true;
}

}  // namespace

std::uint64_t detail::fingerprint(std::string_view path, std::string_view query) noexcept {
    std::uint64_t hash = 14695981039346656037u;
    const auto mix = [&](std::string_view text) {
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    };
    mix(path);
    mix("?");
    mix(query);
    return hash == 0 ? 1 : hash;
}

std::string cursor::text() const {
    std::string out(prefix);
    out.append(std::to_string(offset)).append(".").append(std::to_string(consumed)).append(".");
    char hex[16];
    const auto end = std::to_chars(hex, hex + sizeof hex, query, 16).ptr;
    out.append(hex, end).append(".");
    for (const char c : last_id) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
    return out;
}

result<cursor> cursor::parse(std::string_view text) {
    const error refused(errc::invalid_cursor, "this is not the text of a cursor");
    if (!text.starts_with(prefix)) return refused;
    text.remove_prefix(prefix.size());
    cursor out;
    if (!take(text, out.offset, 10) || !take(text, out.consumed, 10) || !take(text, out.query, 16)) return refused;
    if (out.offset < 0 || out.consumed < 0 || text.size() % 2 != 0 || text.size() > 2 * longest_id) return refused;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = digits.find(text[i]);
        const auto low = digits.find(text[i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return refused;
        out.last_id.push_back(static_cast<char>(high * 16 + low));
    }
    return out;
}

}  // namespace cubicasa
