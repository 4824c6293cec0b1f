// The head of an answer as servers nearly always send it, read in one pass.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/raw.hpp>

#include <cstddef>
#include <string_view>

namespace cubicasa::detail {

struct plain_head {
    std::size_t size = 0;    // 0: Beast has to read it
    std::size_t length = 0;  // of the body
};

// Reads a head that is whole, of a final answer to anything but HEAD, whose connection is kept and whose body has a
// length, with nothing that allows of a second opinion. Beast's parser would read it the same way, so it is asked about
// all others, and says what is wrong with them. `message` gets status and fields.
plain_head read_plain_head(std::string_view data, const limit_options& limits, raw_response& message);

}  // namespace cubicasa::detail
