// Answers as bytes, spoiled as a fault wants it. Includes Boost.JSON by answer.hpp; no I/O.
#pragma once

#include "answer.hpp"

#include <cubicasa/testing/script.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace cubicasa::testing::detail {

// How the connection ends when the bytes have been sent.
enum class ending { keep, orderly, without_notice, reset };

struct response_text {
    std::string text;
    ending end = ending::keep;
};

// `keep_alive` is what the client asked for.
response_text compose(const answer& what, const header_list& extra_headers, const fault_effects& effects,
                      bool keep_alive, std::uint64_t request_number);

}  // namespace cubicasa::testing::detail
