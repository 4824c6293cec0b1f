// The options that every command takes, as values, and what follows from them for the client. Includes config.hpp.
#pragma once

#include "arguments.hpp"

#include <cubicasa/config.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace cubicasa::cli {

enum class output_format {
    table,   // for people
    ndjson,  // a line of JSON for each record
    json,    // one document
};

class options {
public:
    options() {}
    // Throws usage_error.
    explicit options(const arguments& given);

    output_format format = output_format::ndjson;
    bool json_errors = false;
    bool quiet = false;
    bool verbose = false;
    std::optional<std::size_t> in_flight;
    std::optional<std::chrono::milliseconds> timeout;  // for one call or file
    std::optional<int> attempts;                       // of one call or download
    bool colours = false;                              // on standard output
    bool terminal = false;                             // standard error is one
    bool error_colours = false;                        // on it
};

// The environment, and above it the arguments. Throws usage_error, and `failure` when the file of the key cannot be
// read.
client_config make_config(const arguments& given);

}  // namespace cubicasa::cli
