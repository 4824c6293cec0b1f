// Beast's HTTP/1 parser, taking the request of a sender of webhooks. Beast without its streams.
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace cubicasa::detail {

// Stops behind the head, for it may say that the body is not wanted; eager(true) goes on.
class event_request : public boost::beast::http::basic_parser<true> {
public:
    explicit event_request(std::size_t header_limit);

    std::string method;
    std::string target;
    std::string body;
    bool expects_continue = false;

private:
    using text = boost::beast::string_view;
    using error_code = boost::beast::error_code;
    using optional_size = boost::optional<std::uint64_t>;

    void on_request_impl(boost::beast::http::verb, text name, text path, int, error_code& ec) override;
    void on_response_impl(int, text, int, error_code&) override {}
    void on_field_impl(boost::beast::http::field which, text name, text value, error_code& ec) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const optional_size&, error_code&) override {}
    std::size_t on_body_impl(text part, error_code&) override;
    void on_chunk_header_impl(std::uint64_t, text, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, text part, error_code& ec) override { return on_body_impl(part, ec); }
    void on_finish_impl(error_code&) override {}

    void count(std::size_t header, error_code& ec);

    std::size_t left_;  // of the limit
};

}  // namespace cubicasa::detail
