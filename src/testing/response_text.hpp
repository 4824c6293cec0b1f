// Answers as bytes, spoiled as a fault wants it. Includes Boost.JSON by answer.hpp; no I/O.
#pragma once

#include "answer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cubicasa::testing::detail {

// How the connection ends when the bytes have been sent.
enum class ending { keep, orderly, without_notice, reset };

// The bytes of an answer, in their order: texts, and parts of files that become bytes when they are read.
class response_text {
public:
    ending end = ending::keep;

    // For what goes behind all that is there.
    std::string& text();
    void append(const file_slice& file);

    // Drops what is behind this many bytes.
    void cut(std::uint64_t size);

    // Moves on by the next bytes, at most this many, which are in `buffer` then. None: all has been read.
    std::string_view take(std::size_t most, std::string& buffer);

private:
    struct piece {
        std::string text;
        file_slice file;  // follows the text
    };

    std::vector<piece> pieces_;
    std::size_t piece_ = 0;    // that take() goes on with
    std::uint64_t taken_ = 0;  // of it
};

// `keep_alive` is what the client asked for.
response_text compose(const answer& what, const fault_effects& effects, bool keep_alive, std::uint64_t request_number);

}  // namespace cubicasa::testing::detail
