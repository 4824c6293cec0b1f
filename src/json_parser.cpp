// The rarer parts of JSON: escapes, texts beyond ASCII, numbers. Includes only json_parser.hpp.
#include "json_parser.hpp"

#include <charconv>
#include <iterator>
#include <limits>
#include <system_error>

namespace cubicasa::detail {

bool json_number::integer(std::int64_t& out) const noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (!whole || count > 19 || digits > most + (negative ? 1 : 0)) return false;
    out = static_cast<std::int64_t>(negative ? 0 - digits : digits);
    return true;
}

bool json_number::millionths(std::int64_t& out) const noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (count > 19 || digits > most || exponent < -6 || exponent > 13) return false;
    std::uint64_t size = digits;
    for (std::int64_t i = -6; i < exponent; ++i) {
        if (size > most / 10) return false;
        size *= 10;
    }
    out = static_cast<std::int64_t>(negative ? 0 - size : size);
    return true;
}

double json_number::value() const noexcept {
    constexpr std::uint64_t exact = std::uint64_t{1} << 53;
    // Each is exact, and then so is one product or quotient.
    static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    constexpr std::int64_t range = std::ssize(powers) - 1;
    if (count <= 19 && digits <= exact && exponent >= -range && exponent <= range) {
        const auto d = static_cast<double>(static_cast<std::int64_t>(digits));
        const double size = exponent < 0 ? d / powers[-exponent] : d * powers[exponent];
        return negative && !(whole && digits == 0) ? -size : size;
    }
    double out = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), out).ec == std::errc()) return out;
    if (count + exponent <= 0) return 0;
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

const char* json_scanner::behind_more_blanks(const char* p) const noexcept {
    while (p != end_ && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) ++p;
    return p;
}

const char* json_scanner::other_word(const char* p, std::string_view w) noexcept {
    for (std::size_t i = 0; p != end_ && *p == w[i]; ++i) ++p;
    return fail(p);
}

// The same as text(), `p` being where the first piece ends.
const char* json_scanner::text_that_is_not_plain(const char* start, const char* p, std::string_view& out) {
    unescaped_.clear();
    bool escaped = false;
    for (;; p = behind_plain(p)) {
        if (p == end_) return fail(p);
        if (*p == '"') break;
        if (*p == '\\') {
            unescaped_.append(start, p);
            escaped = true;
            if ((p = escape(p)) == nullptr) return nullptr;
            start = p;
        } else {
            const auto c = static_cast<unsigned char>(*p);
            if (c < 0x20) return fail(p, "a control character in a text");
            const std::size_t size = utf8_character(std::string_view(p, static_cast<std::size_t>(end_ - p)));
            if (size == 0) return fail(p, "a text that is not UTF-8");
            p += size;
        }
    }
    if (escaped) {
        unescaped_.append(start, p);
        out = unescaped_;
    } else {
        out = std::string_view(start, static_cast<std::size_t>(p - start));
    }
    return p + 1;
}

// A backslash and what it escapes, to `unescaped_`.
const char* json_scanner::escape(const char* p) {
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    ++p;
    if (p == end_) return fail(p);
    if (*p == 'u') return escaped_unit(p + 1);
    const std::size_t i = letters.find(*p);
    if (i == std::string_view::npos) return fail(p, "an unknown escape");
    unescaped_.push_back(meanings[i]);
    return p + 1;
}

// Four digits, or a pair of surrogates with `\u` between them.
const char* json_scanner::escaped_unit(const char* p) {
    const char* const start = p;
    std::uint32_t c = 0;
    if ((p = four_digits(p, c)) == nullptr) return nullptr;
    if (c >= 0xDC00 && c <= 0xDFFF) return fail(start, "half a pair of surrogates");
    if (c >= 0xD800 && c <= 0xDBFF) {
        std::uint32_t low = 0;
        if ((p = word(p, "\\u")) == nullptr) return nullptr;
        if ((p = four_digits(p, low)) == nullptr) return nullptr;
        if (low < 0xDC00 || low > 0xDFFF) return fail(start, "half a pair of surrogates");
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(c);
    return p;
}

const char* json_scanner::four_digits(const char* p, std::uint32_t& out) noexcept {
    for (int i = 0; i < 4; ++i, ++p) {
        if (p == end_) return fail(p);
        const char c = *p;
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return fail(p);
        out = out << 4 | static_cast<std::uint32_t>(digit);
    }
    return p;
}

void json_scanner::append_utf8(std::uint32_t c) {
    const auto add = [this](std::uint32_t byte) { unescaped_.push_back(static_cast<char>(byte)); };
    if (c < 0x80) return add(c);
    if (c < 0x800) {
        add(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            add(0xE0 | c >> 12);
        } else {
            add(0xF0 | c >> 18);
            add(0x80 | (c >> 12 & 0x3F));
        }
        add(0x80 | (c >> 6 & 0x3F));
    }
    add(0x80 | (c & 0x3F));
}

// Appends digits to n.digits.
const char* json_scanner::digits(const char* p, json_number& n) const noexcept {
    const char* const start = p;
    std::uint64_t all = n.digits;
    while (p != end_) {
        const auto digit = static_cast<unsigned char>(*p - '0');
        if (digit > 9) break;
        all = all * 10 + digit;
        ++p;
    }
    n.digits = all;
    n.count += p - start;
    return p;
}

const char* json_scanner::number(const char* p, json_number& n) noexcept {
    const char* const start = p;
    n.negative = *p == '-';
    if (n.negative) ++p;
    if (!is_digit(p)) return fail(p);
    p = *p == '0' ? p + 1 : digits(p, n);
    if (p != end_ && *p == '.') {
        ++p;
        if (!is_digit(p)) return fail(p);
        const char* const fraction = p;
        if (n.count == 0) {
            while (p != end_ && *p == '0') ++p;
        }
        p = digits(p, n);
        n.exponent = fraction - p;
        n.whole = false;
    }
    if (p != end_ && (*p == 'e' || *p == 'E') && (p = exponent(p + 1, n)) == nullptr) return nullptr;
    n.text = std::string_view(start, static_cast<std::size_t>(p - start));
    return p;
}

const char* json_scanner::exponent(const char* p, json_number& n) noexcept {
    const bool negative = p != end_ && *p == '-';
    if (negative || (p != end_ && *p == '+')) ++p;
    if (!is_digit(p)) return fail(p);
    constexpr std::int64_t enough = 1'000'000'000'000;  // far beyond any double, and any text's length
    std::int64_t e = 0;
    for (; is_digit(p); ++p) {
        if (e < enough) e = e * 10 + (*p - '0');
    }
    n.exponent += negative ? -e : e;
    n.whole = false;
    return p;
}

}  // namespace cubicasa::detail
