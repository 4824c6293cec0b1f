// HTTP for files: ranges, validators and redirects, and what faults make of them. Includes Boost.JSON by answer.hpp.
#pragma once

#include "answer.hpp"

namespace cubicasa::testing::detail {

// Answers GET and HEAD. `path` is what follows /files/.
answer serve_file(const file_store& files, std::string_view path, std::string_view query, const request_view& request,
                  const fault_effects& effects);

}  // namespace cubicasa::testing::detail
