// The ids that a command is to work on: its arguments, or the lines of standard input.
#pragma once

#include "session.hpp"

#include <cubicasa/generator.hpp>

#include <string>

namespace cubicasa::cli {

// Of the parameter "ID". Without arguments standard input is read while the batch goes on. Throws usage_error when it
// is a terminal, at which people would wait for nothing.
async_generator<std::string> chosen_ids(session& s, const arguments& given);

}  // namespace cubicasa::cli
