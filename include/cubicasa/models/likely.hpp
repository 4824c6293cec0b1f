// An answer whose type is not public. Includes only models/raw_json.hpp.
#pragma once

#include <cubicasa/models/raw_json.hpp>

#include <optional>

namespace cubicasa {

// What was done is done, whatever the server says about it: an answer that turns out to be no T is not an error.
template <class T>
struct likely {
    std::optional<T> value;  // set when the answer can be read as the type that is inferred
    raw_json document;       // the answer as it came; empty when it had no body

    friend bool operator==(const likely&, const likely&) = default;
};

}  // namespace cubicasa
