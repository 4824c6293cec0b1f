// This library: a single order, with its assets.
#include "decode_loop.hpp"

#include <cubicasa/endpoints/orders.hpp>

int main(int count, char** values) {
    return bench::decode_loop(count, values, [](const std::string& text) {
        return [&text] { return cubicasa::detail::decode_json<cubicasa::get_order::response>(text).value(); };
    });
}
