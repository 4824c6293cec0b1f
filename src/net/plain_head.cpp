// Reading plain heads: whatever is not as expected ends it.
#include "plain_head.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cubicasa::detail {

namespace {

constexpr auto in_names = [] {
    std::array<bool, 256> out{};
    for (std::size_t c = '0'; c <= '9'; ++c) out[c] = true;
    for (std::size_t c = 'a'; c <= 'z'; ++c) out[c] = out[c - 'a' + 'A'] = true;
    out['-'] = true;
    return out;
}();

// How many of the first bytes are letters, digits and hyphens.
std::size_t name_at(std::string_view text) {
    std::size_t n = 0;
    while (n < text.size() && in_names[static_cast<unsigned char>(text[n])]) ++n;
    return n;
}

// How many of the first bytes are visible ASCII and blanks.
std::size_t value_at(std::string_view text) {
    std::size_t n = 0;
#ifdef __SSE2__
    for (; n + 16 <= text.size(); n += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + n));
        // Signed: what is not ASCII is below, too.
        const __m128i below = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
        const int found = _mm_movemask_epi8(_mm_or_si128(below, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f))));
        if (found != 0) return n + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found)));
    }
#endif
    while (n < text.size() && text[n] >= ' ' && text[n] <= '~') ++n;
    return n;
}

// `lower`: letters and hyphens.
bool is(std::string_view text, std::string_view lower) {
    if (text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((text[i] | 0x20) != lower[i]) return false;
    }
    return true;
}

class head_reader {
public:
    head_reader(std::string_view data, raw_response& message) : rest_(data), message_(message) {}

    // Where it ends and what follows, unless it is not plain.
    plain_head read() {
        const std::size_t size = rest_.size();
        if (!read_status()) return {};
        while (!rest_.starts_with("\r\n")) {
            if (!read_field()) return {};
        }
        if (!has_length_) return {};
        return {size - rest_.size() + 2, length_};
    }

private:
    bool end_line(std::size_t at) {
        if (!rest_.substr(at).starts_with("\r\n")) return false;
        rest_.remove_prefix(at + 2);
        return true;
    }

    bool read_status() {
        static constexpr std::string_view version = "HTTP/1.1 ";
        static constexpr std::size_t size = version.size() + 4;
        if (rest_.size() < size || !rest_.starts_with(version) || rest_[size - 1] != ' ') return false;
        int status = 0;
        for (const char digit : rest_.substr(version.size(), 3)) {
            if (digit < '0' || digit > '9') return false;
            status = status * 10 + (digit - '0');
        }
        // Others come before the answer, or have no body whatever their fields say.
        if (status < 200 || status > 599 || status == 204 || status == 304) return false;
        message_.status = status;
        return end_line(size + value_at(rest_.substr(size)));
    }

    bool read_field() {
        const std::size_t colon = name_at(rest_);
        if (colon == 0 || !rest_.substr(colon).starts_with(": ")) return false;
        const std::size_t begin = colon + 2;
        const std::size_t end = begin + value_at(rest_.substr(begin));
        if (end == begin || rest_[begin] == ' ' || rest_[end - 1] == ' ') return false;
        const std::string_view line = rest_.substr(0, end);
        if (!means_nothing_else(line.substr(0, colon), line.substr(begin))) return false;
        message_.headers.append_line(line);
        return end_line(end);
    }

    // Of the fields that say how a message is to be read, only a length is plain, and what goes without saying.
    bool means_nothing_else(std::string_view name, std::string_view value) {
        switch (name.size()) {
            case 7:
                return !is(name, "upgrade");
            case 10:
                return !is(name, "connection") || is(value, "keep-alive");
            case 14:
                return !is(name, "content-length") || read_length(value);
            case 16:
                return !is(name, "proxy-connection");
            case 17:
                return !is(name, "transfer-encoding");
            default:
                return true;
        }
    }

    bool read_length(std::string_view value) {
        const char* const last = value.data() + value.size();
        const auto [end, ec] = std::from_chars(value.data(), last, length_);
        return !std::exchange(has_length_, true) && ec == std::errc() && end == last;
    }

    std::string_view rest_;
    raw_response& message_;
    bool has_length_ = false;
    std::size_t length_ = 0;
};

}  // namespace

plain_head read_plain_head(std::string_view data, const limit_options& limits, raw_response& message) {
    const plain_head out = head_reader(data, message).read();
    if (out.size > 0 && out.size <= limits.header && out.length <= limits.body) return out;
    message.headers.clear();
    return {};
}

}  // namespace cubicasa::detail
