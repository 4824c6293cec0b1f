// Completions for shells, made from the commands. Standard library only.
#pragma once

#include <string>
#include <string_view>

namespace cubicasa::cli {

// `shell`: bash, zsh or fish. Throws usage_error for another one.
std::string completion_for(std::string_view shell);

}  // namespace cubicasa::cli
