// The combined PDF document of an order. Includes only raw.hpp and result.hpp.
#pragma once

#include <cubicasa/raw.hpp>
#include <cubicasa/result.hpp>

#include <string>

namespace cubicasa {

// The document itself or a link to it, one of them empty: which of the two the server sends is not public
// (contract 3.19).
struct combined_pdf {
    std::string bytes;
    std::string url;

    friend bool operator==(const combined_pdf&, const combined_pdf&) = default;
};

}  // namespace cubicasa
