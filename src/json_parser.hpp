// JSON text (RFC 8259) to events: strict, in one pass, without recursion, over a text that is all in memory. With
// Boost.JSON's parser, which also takes texts in pieces, decoding needs 1.4 times the instructions; the tests hold the
// two against each other. Includes only the standard library and detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cubicasa::detail {

// A number as it stands in the text.
struct json_number {
    std::string_view text;
    std::uint64_t digits = 0;   // all but leading zeros, without sign and point; wrong when there are more than 19
    std::int64_t count = 0;     // of these digits
    std::int64_t exponent = 0;  // of the last of them
    bool negative = false;
    bool whole = true;  // has neither a point nor an exponent

    // False when it is not whole, or out of range.
    bool integer(std::int64_t& out) const noexcept;
    // A million times the number. False when that is not whole, or out of range.
    bool millionths(std::int64_t& out) const noexcept;
    // The nearest number; infinite when it is too large.
    double value() const noexcept;
};

// Where a text stops being JSON, and why. Nothing: it is JSON, or the handler wanted no more.
struct json_problem {
    const char* what = nullptr;
    std::size_t at = 0;
};

// The parts of values. Functions that return a place take where a part begins and return where it ends; null: see
// `problem_`.
class json_scanner {
protected:
    explicit json_scanner(std::string_view text) noexcept : begin_(text.data()), end_(begin_ + text.size()) {}

    json_problem broken(const char* p, const char* what = "syntax error") const noexcept {
        return {p == end_ ? "incomplete JSON" : what, static_cast<std::size_t>(p - begin_)};
    }
    const char* fail(const char* p, const char* what = "syntax error") noexcept {
        problem_ = broken(p, what);
        return nullptr;
    }

    const char* behind_blanks(const char* p) const noexcept {
        return p == end_ || static_cast<unsigned char>(*p) > ' ' ? p : behind_more_blanks(p);
    }

    // Goes behind `c`, if that comes next but for white space; otherwise to what comes.
    bool comes(const char*& p, char c) const noexcept {
        if (p == end_ || *p != c) {
            p = behind_blanks(p);
            if (p == end_ || *p != c) return false;
        }
        ++p;
        return true;
    }

    const char* word(const char* p, std::string_view w) noexcept {
        if (std::string_view(p, static_cast<std::size_t>(end_ - p)).starts_with(w)) return p + w.size();
        return other_word(p, w);
    }

    // From behind the opening quote to behind the closing one. What is in between is valid until the next one.
    const char* text(const char* p, std::string_view& out) {
        const char* const start = p;
        p = behind_plain(p);
        if (p == end_ || *p != '"') return text_that_is_not_plain(start, p, out);
        out = std::string_view(start, static_cast<std::size_t>(p - start));
        return p + 1;
    }

    const char* number(const char* p, json_number& n) noexcept;

    const char* begin_;
    const char* end_;
    json_problem problem_;

private:
    // To the first byte that is no ASCII, ends the text, escapes, or may not be there.
    const char* behind_plain(const char* p) const noexcept {
#ifdef __SSE2__
        for (; end_ - p >= 16; p += 16) {
            const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
            // As signed numbers the bytes that are no ASCII are below the blank as well.
            const __m128i below = _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '));
            const __m128i marks =
                _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
            const int found = _mm_movemask_epi8(_mm_or_si128(below, marks));
            if (found != 0) return p + std::countr_zero(static_cast<unsigned>(found));
        }
#endif
        while (p != end_ && static_cast<signed char>(*p) >= ' ' && *p != '"' && *p != '\\') ++p;
        return p;
    }

    const char* behind_more_blanks(const char* p) const noexcept;
    const char* other_word(const char* p, std::string_view w) noexcept;
    const char* text_that_is_not_plain(const char* start, const char* p, std::string_view& out);
    const char* escape(const char* p);
    const char* escaped_unit(const char* p);
    const char* four_digits(const char* p, std::uint32_t& out) noexcept;
    void append_utf8(std::uint32_t c);
    bool is_digit(const char* p) const noexcept { return p != end_ && *p >= '0' && *p <= '9'; }
    const char* digits(const char* p, json_number& n) const noexcept;
    const char* exponent(const char* p, json_number& n) noexcept;

    std::string unescaped_;
};

// Calls for what it reads, in order:
// - begin_object(), end_object(), begin_array(), end_array(), text(std::string_view), number(const json_number&),
//   boolean(bool), null(): false stops the reading;
// - predicted_key(at, end): where the key that begins at `at`, behind its quote, ends, behind its quote, if the handler
//   knows it by its bytes; otherwise null, and key(std::string_view) is called.
// Texts are UTF-8 and valid until the next event.
template <class Handler>
class json_parser : json_scanner {
public:
    json_parser(std::string_view text, Handler& handler) noexcept : json_scanner(text), handler_(handler) {}

    // Once. The text must be one value with nothing but white space around it.
    json_problem run() {
        const char* p = begin_;
        std::uint64_t objects = 0;  // a bit for each container around, the innermost the lowest: is it an object
        std::size_t depth = 0;
        for (;;) {
            if ((objects & 1) != 0 && (p = key(p)) == nullptr) return problem_;
            p = behind_blanks(p);
            if (p == end_) return broken(p);
            const char first = *p;
            if (first == '"') {
                std::string_view s;
                if ((p = text(p + 1, s)) == nullptr) return problem_;
                if (!handler_.text(s)) return {};
            } else if (first == '{' || first == '[') {
                if (depth == max_json_depth) return broken(p, "nested too deeply");
                const bool object = first == '{';
                if (!(object ? handler_.begin_object() : handler_.begin_array())) return {};
                ++depth;
                objects = objects << 1 | (object ? 1 : 0);
                p = behind_blanks(p + 1);
                if (p == end_ || *p != (object ? '}' : ']')) continue;
            } else if (first == 'n') {
                if ((p = word(p, "null")) == nullptr) return problem_;
                if (!handler_.null()) return {};
            } else if (first == 't') {
                if ((p = word(p, "true")) == nullptr) return problem_;
                if (!handler_.boolean(true)) return {};
            } else if (first == 'f') {
                if ((p = word(p, "false")) == nullptr) return problem_;
                if (!handler_.boolean(false)) return {};
            } else {
                json_number n;
                if ((p = number(p, n)) == nullptr) return problem_;
                if (!handler_.number(n)) return {};
            }
            // The containers that end here.
            while (!comes(p, ',')) {
                if (depth == 0) return p == end_ ? json_problem() : broken(p, "more text after the end");
                const bool object = (objects & 1) != 0;
                if (!comes(p, object ? '}' : ']')) return broken(p);
                if (!(object ? handler_.end_object() : handler_.end_array())) return {};
                --depth;
                objects >>= 1;
            }
            if (depth == 0) return broken(p - 1, "more text after the end");
        }
    }

private:
    // A key and its colon.
    const char* key(const char* p) {
        if (!comes(p, '"')) return fail(p);
        const char* behind = handler_.predicted_key(p, end_);
        if (behind == nullptr && (behind = other_key(p)) == nullptr) return nullptr;
        return comes(behind, ':') ? behind : fail(behind);
    }

    const char* other_key(const char* p) {
        std::string_view s;
        if ((p = text(p, s)) != nullptr) handler_.key(s);
        return p;
    }

    Handler& handler_;
};

}  // namespace cubicasa::detail
