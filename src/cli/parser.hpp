// Command lines into commands and their arguments.
#pragma once

#include "command.hpp"

#include <string>
#include <vector>

namespace cubicasa::cli {

struct parsed {
    const command* what = nullptr;  // null: `help` is all that is wanted
    arguments given;
    arguments global;
    std::string help;
    // What is unusual about the arguments, and may be meant so.
    std::vector<std::string> notes;
};

// Throws usage_error.
parsed parse(int count, const char* const* words);

}  // namespace cubicasa::cli
