// What follows from the head of an answer to a request for a file, of which a part may be here already; decided from
// facts. Standard library only.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cubicasa::detail {

// What is here of a file, and which file it is a part of. Parts are joined only when the server says that both are of
// the same: by an entity tag or a date that is exact enough, by the length, and by the place of the second part.
struct part_facts {
    std::uint64_t size = 0;               // bytes that are here
    std::string url;                      // that was asked for, without its query
    std::string source;                   // that they came from, after redirects; the same way
    std::string etag;                     // empty, or a strong one
    std::string last_modified;            // empty, or one that can serve as a strong validator
    std::optional<std::uint64_t> length;  // of the whole file

    // Another request can ask for the rest. A part that is longer than the whole is no part of it.
    bool resumable() const noexcept {
        return size > 0 && (!etag.empty() || !last_modified.empty()) && (!length || size <= *length);
    }
    // What the rest depends on (RFC 9110, 13.1.5).
    const std::string& validator() const noexcept { return etag.empty() ? last_modified : etag; }
};

struct file_head {
    int status = 0;
    bool ranged = false;                          // the request asked for the rest
    std::optional<std::uint64_t> content_length;  // of the body
    std::string_view content_range;
    std::string_view etag;
    std::string_view last_modified;
};

enum class file_step {
    whole,       // the body is the file, from its beginning
    rest,        // the body goes on where the part ends
    complete,    // the part is the whole file
    start_over,  // the part is of no use: ask without it
    redirect,
    dead_link,  // the link leads nowhere any more, or is refused
    retry,      // the server is in trouble, or wants silence
    fail,
};

struct content_range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t length = 0;  // of the whole
};

// "bytes 200-999/1000"; nothing for what is not that, a length of "*" included.
inline std::optional<content_range> parse_content_range(std::string_view text) noexcept {
    content_range out;
    const auto skip = [&](std::string_view what) {
        if (!text.starts_with(what)) return false;
        text.remove_prefix(what.size());
        return true;
    };
    const auto number = [&](std::uint64_t& value) {
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        return ec == std::errc();
    };
    const bool read = skip("bytes ") && number(out.first) && skip("-") && number(out.last) && skip("/") &&
                      number(out.length) && text.empty();
    if (!read || out.first > out.last || out.last >= out.length) return std::nullopt;
    return out;
}

// "bytes */1000", as a 416 has it.
inline std::optional<std::uint64_t> parse_unsatisfied_range(std::string_view text) noexcept {
    constexpr std::string_view begin = "bytes */";
    std::uint64_t out = 0;
    if (!text.starts_with(begin)) return std::nullopt;
    text.remove_prefix(begin.size());
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

// An answer that names another validator than ours is about another file, whatever its status says.
inline bool same_file(const part_facts& have, const file_head& head) noexcept {
    if (!have.etag.empty() && !head.etag.empty() && head.etag != have.etag) return false;
    if (have.last_modified.empty() || head.last_modified.empty()) return true;
    return head.last_modified == have.last_modified;
}

inline file_step decide(const part_facts& have, const file_head& head) noexcept {
    switch (head.status) {
        case 200:
            return file_step::whole;
        case 206: {
            if (!head.ranged) return file_step::fail;
            const auto range = parse_content_range(head.content_range);
            if (!range || range->first != have.size || range->length != have.length.value_or(range->length)) {
                return file_step::start_over;
            }
            const std::uint64_t size = range->last - range->first + 1;
            if (head.content_length.value_or(size) != size || !same_file(have, head)) return file_step::start_over;
            return file_step::rest;
        }
        case 416: {
            if (!head.ranged) return file_step::fail;
            // Nothing is left: the server says that the file ends where the part ends.
            const auto length = parse_unsatisfied_range(head.content_range);
            const bool whole = length && *length == have.size && have.length.value_or(*length) == *length;
            return whole && same_file(have, head) ? file_step::complete : file_step::start_over;
        }
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            return file_step::redirect;
        case 403:
        case 404:
        case 410:
            return file_step::dead_link;
        case 408:
        case 429:
        case 500:
        case 502:
        case 503:
        case 504:
            return file_step::retry;
        default:
            return file_step::fail;
    }
}

}  // namespace cubicasa::detail
