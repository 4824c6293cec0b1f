// What an exception means that came out of a function of the caller. Includes only error.hpp.
#pragma once

#include <cubicasa/error.hpp>

#include <exception>

namespace cubicasa::detail {

// That of a `failure` as it is; otherwise whether something was sent is not known.
error error_of(const std::exception_ptr& thrown);

}  // namespace cubicasa::detail
