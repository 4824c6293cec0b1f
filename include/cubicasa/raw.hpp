// The answer of the server as it came: status, headers, body. Includes only the standard library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cubicasa {

// The header fields of an answer, kept as one block of text, since most callers look at none of them.
class header_block {
public:
    header_block() = default;

    // The value of the first field of this name, compared without case.
    std::optional<std::string_view> find(std::string_view name) const noexcept;

    // The fields as "Name: value\n" lines.
    std::string_view text() const noexcept { return text_; }

    // A line end inside of them becomes a space.
    void append(std::string_view name, std::string_view value);
    // For what has none.
    void append_line(std::string_view name, std::string_view value);
    // The same for "Name: value".
    void append_line(std::string_view line);
    void clear() noexcept { text_.clear(); }

private:
    std::string text_;
};

struct raw_response {
    int status = 0;
    header_block headers;
    std::string body;
    int attempts = 1;  // how often the request was sent
    // A DELETE that was sent again, since nobody knew what had become of it, found nothing left to delete: done.
    bool gone_already = false;
    // An attempt before the one that was answered may have been carried out.
    bool maybe_processed_before = false;
};

}  // namespace cubicasa
