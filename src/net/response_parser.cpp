// What the parser's events do to the message.
#include "response_parser.hpp"

#include <cubicasa/detail/spare_memory.hpp>

#include <algorithm>

namespace cubicasa::detail {

void reserve_body(raw_response& message, std::uint64_t length) {
    take_body_memory(message.body, static_cast<std::size_t>(std::min<std::uint64_t>(length, 1024 * 1024)));
}

response_parser::response_parser(const limit_options& limits, bool head_request) : head_left_(limits.header) {
    header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(limits.header, UINT32_MAX)));
    body_limit(limits.body);
    eager(true);
    skip(head_request);
}

void response_parser::on_response_impl(int status, text, int, error_code& ec) {
    // 0 is how we say that there was no answer.
    if (status < 100) ec = http::error::bad_status;
    message_.status = status;
}

void response_parser::on_field_impl(http::field, text name, text value, error_code& ec) {
    // The parser's own limit is for what it has not taken yet, which never grows if the lines come one by one.
    const std::size_t size = name.size() + value.size() + 4;
    if (size > head_left_) {
        ec = http::error::header_limit;
        return;
    }
    head_left_ -= size;
    // The parser lets no line end through.
    message_.headers.append_line({name.data(), name.size()}, {value.data(), value.size()});
}

void response_parser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
    if (length) reserve_body(message_, *length);
}

std::size_t response_parser::on_body_impl(text body, error_code&) {
    message_.body.append(body.data(), body.size());
    return body.size();
}

std::size_t response_parser::on_chunk_body_impl(std::uint64_t, text body, error_code&) {
    message_.body.append(body.data(), body.size());
    return body.size();
}

body_parser::body_parser(const limit_options& limits) : response_parser(limits, false) {
    body_limit(boost::none);
    eager(false);  // stops behind the head
}

std::size_t body_parser::take(text body, error_code& ec) {
    const std::size_t n = asio::buffer_copy(space + filled, asio::buffer(body.data(), body.size()));
    filled += n;
    if (n < body.size()) ec = http::error::need_buffer;
    return n;
}

error protocol_error(const boost::system::error_code& ec, const limit_options& limits) {
    using e = http::error;
    if (ec == e::header_limit) {
        return error(errc::header_too_large, "the limit is " + std::to_string(limits.header) + " bytes");
    }
    if (ec == e::body_limit || ec == e::buffer_overflow) {
        return error(errc::body_too_large, "the limit is " + std::to_string(limits.body) + " bytes");
    }
    if (ec == e::partial_message || ec == e::end_of_stream) return error(errc::truncated);
    return error(errc::malformed_http, ec.message());
}

}  // namespace cubicasa::detail
