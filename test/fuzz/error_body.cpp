// libFuzzer: any bytes as the body of an answer with an error status.
#include <cubicasa/detail/json.hpp>

#include <cstdint>
#include <cstdlib>

namespace cc = cubicasa;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    cc::error e(cc::errc::bad_request);
    cc::detail::parse_error_body({reinterpret_cast<const char*>(data), size}, e);
    bool good = cc::detail::is_utf8(e.describe()) && e.server_message.size() <= 1024 && e.fields.size() <= 100;
    for (const char c : e.describe()) good = good && (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    if (!good) std::abort();
    return 0;
}
