// parse_order_event().
#include <cubicasa/detail/json.hpp>
#include <cubicasa/models/order_event.hpp>

namespace cubicasa {

namespace {
constexpr std::size_t largest_event = 64 * 1024;  // real ones have 250 bytes
}

result<order_event> parse_order_event(std::string_view body) {
    if (body.size() > largest_event) {
        return error(errc::body_too_large, "an event has at most " + std::to_string(largest_event) + " bytes",
                     delivery::answered);
    }
    return detail::decode_json<order_event>(body);
}

}  // namespace cubicasa
