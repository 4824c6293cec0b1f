// Between the views of the standard library and those of Boost.JSON. Includes Boost.JSON, so for source files only.
#pragma once

#include <boost/json.hpp>

#include <string_view>

namespace cubicasa::cli {

namespace json = boost::json;

inline json::string_view view(std::string_view text) { return {text.data(), text.size()}; }

// Of text that is known to be JSON.
inline json::value parse_json(std::string_view text) { return json::parse(view(text)); }

}  // namespace cubicasa::cli
