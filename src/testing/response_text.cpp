// Writing answers, and the many ways to write them wrongly.
#include "response_text.hpp"

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

void append_chunk(std::string& out, std::string_view data, std::string_view extension) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), data.size(), 16).ptr;
    out.append(digits.data(), end).append(extension).append("\r\n").append(data).append("\r\n");
}

void append_chunked(std::string& out, std::string_view body) {
    const std::size_t portion = body.size() / 3 + 1;
    std::string_view extension = ";part=\"first\"";
    while (!body.empty()) {
        append_chunk(out, body.substr(0, portion), extension);
        body.remove_prefix(std::min(portion, body.size()));
        extension = {};
    }
    out += "0\r\nX-Trailer: done\r\n\r\n";
}

}  // namespace

response_text compose(const answer& what, const header_list& extra_headers, const fault_effects& effects,
                      bool keep_alive, std::uint64_t request_number) {
    response_text out;
    std::string& text = out.text;
    if (effects.garbage) {
        text = "\x15\x03\x01 220 this is not HTTP\r\n\r\n";
        out.end = ending::orderly;
        return out;
    }

    text.reserve(what.body.size() + 320 + effects.header_filler + effects.surplus.size());
    for (std::size_t i = 0; i < effects.interim_answers; ++i) {
        append_status_line(text, i % 2 == 0 ? 100 : 103);
        if (i % 2 == 1) append_field(text, "Link", "</style.css>; rel=preload");
        text += "\r\n";
    }

    const bool announce_close = !keep_alive || effects.announce_close || effects.until_eof;
    append_status_line(text, what.status);
    append_field(text, "Server", "cubicasa-sandbox");
    append_field(text, "X-Request-Id", "sandbox-" + std::to_string(request_number));
    if (!what.content_type.empty()) append_field(text, "Content-Type", what.content_type);
    if (!what.allow.empty()) append_field(text, "Allow", what.allow);
    for (const auto& [name, value] : extra_headers) append_field(text, name, value);
    if (effects.header_filler > 0) append_field(text, "X-Filler", std::string(effects.header_filler, 'x'));
    if (announce_close) append_field(text, "Connection", "close");
    if (effects.chunked) {
        append_field(text, "Transfer-Encoding", "chunked");
    } else if (!effects.until_eof) {
        const long size = std::max(static_cast<long>(what.body.size()) + effects.length_delta, 0L);
        append_field(text, "Content-Length", std::to_string(size));
    }
    text += "\r\n";
    const std::size_t head_size = text.size();
    if (effects.chunked && !what.head_only) {
        append_chunked(text, what.body);
    } else if (!what.head_only) {
        text += what.body;
    }
    text += effects.surplus;

    if (announce_close || effects.length_delta > 0) out.end = ending::orderly;
    if (effects.truncate_after) {
        text.resize(std::min(text.size(), head_size + *effects.truncate_after));
        out.end = ending::orderly;
    }
    if (effects.no_close_notify) out.end = ending::without_notice;
    if (effects.reset_after) {
        text.resize(std::min(text.size(), *effects.reset_after));
        out.end = ending::reset;
    }
    return out;
}

}  // namespace cubicasa::testing::detail
