// How the program ends. Includes only error.hpp.
#pragma once

#include <cubicasa/error.hpp>

namespace cubicasa::cli {

enum class exit_status {
    done = 0,
    refused = 1,      // the server answered, with an error or with something that is not the contract
    usage = 2,        // wrong arguments, or no key
    network = 3,      // no complete HTTP answer
    out_of_time = 4,  // a deadline has passed
    local_file = 5,   // a file here cannot be read or written
    partly = 6,       // part of a batch failed
    interrupted = 130,
};

exit_status status_of(const error& e) noexcept;

}  // namespace cubicasa::cli
