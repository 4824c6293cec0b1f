// The head of an answer, read without Beast's parser and with it. For tests only.
#pragma once

#include <net/plain_head.hpp>
#include <net/response_parser.hpp>

#include <string>

namespace test {

struct compared_head {
    bool plain = false;      // Beast's parser is not needed
    std::string difference;  // between the two; empty is good
};

inline compared_head compare_heads(const std::string& data) {
    namespace detail = cubicasa::detail;
    const cubicasa::limit_options limits;
    cubicasa::raw_response message;
    const detail::plain_head head = detail::read_plain_head(data, limits, message);
    if (head.size == 0) return {false, message.headers.text().empty() ? "" : "fields of a head that is not plain"};
    detail::body_parser parser(limits);  // stops behind the head
    boost::system::error_code ec;
    const std::size_t size = parser.put(boost::asio::buffer(data), ec);
    const auto length = parser.content_length();
    if (ec || !parser.is_header_done()) return {true, "Beast refuses it: " + ec.message()};
    if (size != head.size) return {true, "size"};
    if (!parser.keep_alive() || parser.chunked() || parser.interim()) return {true, "meaning"};
    if (!length || *length != head.length) return {true, "length of the body"};
    if (parser.message().status != message.status) return {true, "status"};
    if (parser.message().headers.text() != message.headers.text()) return {true, "fields"};
    return {true, {}};
}

}  // namespace test
