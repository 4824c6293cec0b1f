// How text looks on a terminal. Standard library only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cubicasa::cli {

// In columns; 0 when the descriptor is no terminal.
std::size_t terminal_width(int descriptor) noexcept;

// One line that does what it shows: without control characters, and without characters that change the direction of
// text. Line ends become blanks.
std::string harmless(std::string_view text);

// JSON, or other text in lines, without what a terminal obeys: \u001b in its place. JSON stays what it was.
std::string escaped(std::string_view text);

// Columns that a harmless text takes.
std::size_t width_of(std::string_view text) noexcept;

// At most so many columns, the last one an ellipsis if something was cut off. 0: all of it.
std::string fitted(std::string_view text, std::size_t columns);

}  // namespace cubicasa::cli
