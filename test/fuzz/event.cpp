// libFuzzer: any bytes as the body of a webhook call.
#include <cubicasa/detail/json.hpp>
#include <cubicasa/models/order_event.hpp>

#include <cstdint>
#include <cstdlib>

namespace cc = cubicasa;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto out = cc::parse_order_event({reinterpret_cast<const char*>(data), size});
    if (!out) {
        if (!out.error().code.failed() || !cc::detail::is_utf8(out.error().describe())) std::abort();
        return 0;
    }
    if (out->id.empty() || out->current_status.empty()) std::abort();
    const auto again = cc::parse_order_event(cc::detail::encode_json(*out));
    if (!again || !(*again == *out)) std::abort();
    return 0;
}
