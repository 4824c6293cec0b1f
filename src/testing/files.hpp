// The files that orders refer to.
#pragma once

#include "answer.hpp"

namespace cubicasa::testing::detail {

// The bytes behind an address of a file: always the same for the same address.
answer make_file(std::string_view path);

}  // namespace cubicasa::testing::detail
