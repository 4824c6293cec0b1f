// What --help prints, made from the commands. Standard library only.
#pragma once

#include "command.hpp"

#include <string>
#include <string_view>

namespace cubicasa::cli {

std::string help();
// Of a group: its commands.
std::string help_for(const group_info& group);
std::string help_for(const command& c);

}  // namespace cubicasa::cli
