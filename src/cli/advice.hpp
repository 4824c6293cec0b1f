// What to do about an error, for people, and a name for its kind, for programs. Includes only error.hpp.
#pragma once

#include <cubicasa/error.hpp>

#include <string>
#include <string_view>

namespace cubicasa::cli {

// What has happened and what the server may have done, in words of the command line.
std::string sentence_for(const error& e);

// One sentence or two; empty when the error says it all.
std::string advice_for(const error& e);

// It is not known whether the server has done what it was asked for, and to ask again may do it twice.
bool may_have_been_done(const error& e);

// What was asked for would have changed something.
bool of_a_change(const error& e);

// "not_found"
std::string_view kind_of(const error& e) noexcept;

}  // namespace cubicasa::cli
