// The body of a request, from arguments and from --json.
#pragma once

#include "command.hpp"

#include <cubicasa/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::cli {

// The arguments that have a place in the body, above the object in --json, as one JSON object. Throws usage_error, and
// `failure` for files.
std::string body_text(const command& of, const arguments& given);

// The text in --json as it is; empty if there is none. Throws like body_text.
std::string json_argument(const arguments& given);

// The members of `given` that are not in `understood`, by their paths: "order_preferences.style_2d".
std::vector<std::string> lost_members(std::string_view given, std::string_view understood);

// Those of the lost ones that are no members of `understood` at all, with their values, as a JSON object.
std::string unknown_members(std::string_view given, std::string_view understood);

[[noreturn]] void refuse_members(const std::vector<std::string>& paths);

// Sets the members of a request. What it does not know, or not with such a value, must not be dropped without a word:
// it goes to `more`, if the request has that, and is a usage_error otherwise.
template <class Request>
void fill(Request& request, const std::string& body) {
    result<Request> read = from_json<Request>(body);
    if (!read) throw usage_error("the body: " + read.error().describe());
    const std::string understood = to_json(*read);
    if constexpr (requires { request.more; }) {
        const std::string unknown = unknown_members(body, understood);
        if (unknown != "{}") read->more = raw_json(unknown);
    } else {
        const auto lost = lost_members(body, understood);
        if (!lost.empty()) refuse_members(lost);
    }
    request = std::move(*read);
}

}  // namespace cubicasa::cli
