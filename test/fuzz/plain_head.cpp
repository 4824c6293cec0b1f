// libFuzzer: any bytes as the head of an answer, or as fields of one. What is read without Beast's parser must be read
// as it reads it.
#include "support/compared_head.hpp"

#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace {

void compare(const std::string& data) {
    const test::compared_head out = test::compare_heads(data);
    if (out.difference.empty()) return;
    std::cerr << out.difference << ": " << data << '\n';
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string data(reinterpret_cast<const char*>(bytes), size);
    compare(data);
    compare("HTTP/1.1 200 OK\r\n" + data);
    compare("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n" + data + "\r\n\r\n");
    return 0;
}
