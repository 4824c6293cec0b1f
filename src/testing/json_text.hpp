// JSON to text with numbers as people write them: 1716238626.904049, not 1.716238626904049E9. Includes Boost.JSON.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace cubicasa::testing::detail {

void append_json(std::string& out, const boost::json::value& value);
void append_json(std::string& out, const boost::json::object& value);

// Quoted and escaped.
void append_json_string(std::string& out, std::string_view text);

}  // namespace cubicasa::testing::detail
