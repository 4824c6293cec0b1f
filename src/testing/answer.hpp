// Requests and answers as the operations see them, and the common parts of both. Includes Boost.JSON.
#pragma once

#include "files.hpp"
#include "validation.hpp"

#include <cubicasa/testing/script.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cubicasa::testing::detail {

struct request_view {
    std::string_view method;
    std::string_view target;
    std::string_view api_key;
    std::string_view content_type;
    std::string_view range;
    std::string_view if_range;
    std::string_view if_none_match;
    std::string_view body;
};

struct answer {
    int status = 200;
    std::string_view content_type = "application/json";
    std::string body;
    file_slice file;  // the rest of the body, which is made while it is sent
    header_list headers;
    bool head_only = false;  // the body is not sent, only its length: HEAD
};

// Thrown by an operation that cannot be carried out: what is answered instead. Not an error of the sandbox.
struct refused {
    answer what;
};

answer make_answer(const boost::json::object& body);
// {"message": "..."}, or with another member.
answer make_message(int status, std::string_view text, std::string_view member = "message");

[[noreturn]] void refuse(int status, std::string_view text);
// Throws if there are any.
void refuse_if(const complaints& errors);

// The body as an object; refuses everything else.
boost::json::object parse_body(const request_view& request);

// Names and values of a query, decoded, in its order.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

boost::json::array array_of(const std::vector<std::string>& texts);

}  // namespace cubicasa::testing::detail
