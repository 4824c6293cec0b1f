// Keeps the key out of what is shown. Standard library only.
#pragma once

#include <string>
#include <string_view>

namespace cubicasa::detail {

// Replaces `key` by "[key]" wherever `text` has it, as it is or with letters written as JSON's escapes ("\/",
// "\u002f").
void redact(std::string& text, std::string_view key);

}  // namespace cubicasa::detail
