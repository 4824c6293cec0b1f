// The manual page, made from the commands. Standard library only.
#pragma once

#include <string>

namespace cubicasa::cli {

// In the language of man.
std::string manual_page();

}  // namespace cubicasa::cli
