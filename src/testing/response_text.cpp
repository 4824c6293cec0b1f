// Writing answers, and the many ways to write them wrongly.
#include "response_text.hpp"

#include "fault.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace cubicasa::testing::detail {

namespace {

void append_status_line(std::string& out, int status) {
    const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason.data(), reason.size());
    out.append("\r\n");
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

std::uint64_t body_size(const answer& what) { return what.body.size() + what.file.size(); }

// `size` bytes of the body from `offset` on, or fewer if it ends before.
void append_body(response_text& out, const answer& what, std::uint64_t offset, std::uint64_t size) {
    const std::uint64_t from_text = std::min<std::uint64_t>(offset, what.body.size());
    const std::string_view text = std::string_view(what.body).substr(static_cast<std::size_t>(from_text), size);
    out.text() += text;
    out.append(what.file.part(offset - from_text, size - text.size()));
}

void append_chunked(response_text& out, const answer& what) {
    const std::uint64_t size = body_size(what);
    const std::uint64_t portion = size / 3 + 1;
    std::string_view extension = ";part=\"first\"";
    for (std::uint64_t offset = 0; offset < size; offset += portion) {
        const std::uint64_t count = std::min(portion, size - offset);
        std::array<char, 16> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), count, 16).ptr;
        out.text().append(digits.data(), end).append(extension).append("\r\n");
        append_body(out, what, offset, count);
        out.text() += "\r\n";
        extension = {};
    }
    out.text() += "0\r\nX-Trailer: done\r\n\r\n";
}

bool is_among(const header_list& headers, std::string_view name) {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& field) { return same_name(field.first, name); });
}

void append_head(std::string& text, const answer& what, const fault_effects& effects, bool announce_close,
                 std::uint64_t request_number) {
    append_status_line(text, what.status);
    const auto append_unless_replaced = [&](std::string_view name, std::string_view value) {
        if (!value.empty() && !is_among(effects.headers, name)) append_field(text, name, value);
    };
    append_unless_replaced("Server", "cubicasa-sandbox");
    append_unless_replaced("X-Request-Id", "sandbox-" + std::to_string(request_number));
    append_unless_replaced("Content-Type", what.content_type);
    for (const auto& [name, value] : what.headers) append_unless_replaced(name, value);
    for (const auto& [name, value] : effects.headers) append_field(text, name, value);
    if (effects.header_filler > 0) append_field(text, "X-Filler", std::string(effects.header_filler, 'x'));
    if (announce_close) append_field(text, "Connection", "close");
    if (effects.chunked) {
        append_field(text, "Transfer-Encoding", "chunked");
    } else if (!effects.until_eof) {
        const auto size = static_cast<std::int64_t>(body_size(what)) + effects.length_delta;
        append_field(text, "Content-Length", std::to_string(std::max<std::int64_t>(size, 0)));
    }
    text += "\r\n";
}

}  // namespace

std::string& response_text::text() {
    if (pieces_.empty() || pieces_.back().file.size() > 0) pieces_.emplace_back();
    return pieces_.back().text;
}

void response_text::append(const file_slice& file) {
    if (pieces_.empty() || pieces_.back().file.size() > 0) pieces_.emplace_back();
    pieces_.back().file = file;
}

void response_text::cut(std::uint64_t size) {
    for (piece& p : pieces_) {
        p.text.resize(static_cast<std::size_t>(std::min<std::uint64_t>(p.text.size(), size)));
        size -= p.text.size();
        p.file = p.file.part(0, size);
        size -= p.file.size();
    }
}

std::string_view response_text::take(std::size_t most, std::string& buffer) {
    buffer.clear();
    while (piece_ < pieces_.size() && buffer.size() < most) {
        const piece& p = pieces_[piece_];
        const std::size_t room = most - buffer.size();
        if (taken_ < p.text.size()) {
            const std::size_t before = buffer.size();
            buffer.append(p.text, static_cast<std::size_t>(taken_), room);
            taken_ += buffer.size() - before;
        } else if (const file_slice next = p.file.part(taken_ - p.text.size(), room); next.size() > 0) {
            const std::size_t before = buffer.size();
            const auto count = static_cast<std::size_t>(next.size());
            buffer.resize(before + count);
            next.copy(buffer.data() + before, count);
            taken_ += count;
        } else {
            ++piece_;
            taken_ = 0;
        }
    }
    return buffer;
}

response_text compose(const answer& what, const fault_effects& effects, bool keep_alive, std::uint64_t request_number) {
    response_text out;
    if (effects.garbage) {
        out.text() = "\x15\x03\x01 220 this is not HTTP\r\n\r\n";
        out.end = ending::orderly;
        return out;
    }

    std::string& text = out.text();
    text.reserve(what.body.size() + 512 + effects.header_filler + effects.surplus.size());
    for (std::size_t i = 0; i < effects.interim_answers; ++i) {
        append_status_line(text, i % 2 == 0 ? 100 : 103);
        if (i % 2 == 1) append_field(text, "Link", "</style.css>; rel=preload");
        text += "\r\n";
    }
    const bool announce_close = !keep_alive || effects.announce_close || effects.until_eof;
    append_head(text, what, effects, announce_close, request_number);
    const std::uint64_t head_size = text.size();
    if (effects.chunked && !what.head_only) {
        append_chunked(out, what);
    } else if (!what.head_only) {
        append_body(out, what, 0, body_size(what));
    }
    out.text() += effects.surplus;

    if (announce_close || effects.length_delta > 0) out.end = ending::orderly;
    if (effects.truncate_after) {
        out.cut(head_size + *effects.truncate_after);
        out.end = ending::orderly;
    }
    if (effects.no_close_notify) out.end = ending::without_notice;
    if (effects.reset_after) {
        out.cut(*effects.reset_after);
        out.end = ending::reset;
    }
    return out;
}

}  // namespace cubicasa::testing::detail
