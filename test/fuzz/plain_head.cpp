// libFuzzer: any bytes behind the status line of an answer. A head that is read without Beast's parser must be read as
// it reads it.
#include <net/plain_head.hpp>
#include <net/response_parser.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace detail = cubicasa::detail;

namespace {

void check(bool good, const char* what, const std::string& data) {
    if (good) return;
    std::cerr << what << ": " << data << '\n';
    std::abort();
}

void compare(const std::string& data) {
    const cubicasa::limit_options limits;
    cubicasa::raw_response message;
    const detail::plain_head head = detail::read_plain_head(data, limits, message);
    if (head.size == 0) return;
    detail::body_parser parser(limits);  // stops behind the head
    boost::system::error_code ec;
    const std::size_t size = parser.put(boost::asio::buffer(data), ec);
    check(!ec && parser.is_header_done(), "refused by Beast", data);
    check(size == head.size, "another size", data);
    check(parser.keep_alive() && !parser.chunked() && !parser.interim(), "another meaning", data);
    check(parser.content_length() && *parser.content_length() == head.length, "another length", data);
    check(parser.message().status == message.status, "another status", data);
    check(parser.message().headers.text() == message.headers.text(), "other fields", data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string data(reinterpret_cast<const char*>(bytes), size);
    compare(data);
    compare("HTTP/1.1 200 OK\r\n" + data);
    compare("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + data + "\r\n\r\n");
    return 0;
}
