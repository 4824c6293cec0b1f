// Beast's HTTP/1 parser, filling a raw_response. Beast without its streams.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/raw.hpp>
#include <cubicasa/result.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace cubicasa::detail {

namespace http = boost::beast::http;

// More of them before one answer are an attack.
inline constexpr int max_interim_answers = 32;

// A length that is announced is only a claim: memory follows what arrives.
void reserve_body(raw_response& message, std::uint64_t length);

class response_parser : public http::basic_parser<false> {
public:
    explicit response_parser(const limit_options& limits, bool head_request);

    raw_response& message() noexcept { return message_; }

    // 1xx: not the answer, only a word before it.
    bool interim() const noexcept { return message_.status >= 100 && message_.status < 200; }

protected:
    using text = boost::beast::string_view;
    using error_code = boost::beast::error_code;

private:
    void on_request_impl(http::verb, text, text, int, error_code&) override {}
    void on_response_impl(int status, text reason, int version, error_code&) override;
    void on_field_impl(http::field, text name, text value, error_code&) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override;
    std::size_t on_body_impl(text body, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t remain, text body, error_code&) override;
    void on_finish_impl(error_code&) override {}

    raw_response message_;
    std::size_t head_left_;  // of the limit, for trailers too
};

// The same for a body of any size: it goes into `space`, whose first `filled` bytes are in use, and the parser stops
// when that is full. It stops behind the head, too.
class body_parser : public response_parser {
public:
    explicit body_parser(const limit_options& limits);

    asio::mutable_buffer space;
    std::size_t filled = 0;

private:
    std::size_t take(text body, error_code& ec);
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(text body, error_code& ec) override { return take(body, ec); }
    std::size_t on_chunk_body_impl(std::uint64_t, text body, error_code& ec) override { return take(body, ec); }
};

// What the parser has found wrong, in our words.
error protocol_error(const boost::system::error_code& ec, const limit_options& limits);

}  // namespace cubicasa::detail
