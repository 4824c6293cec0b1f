// JSON out of models and requests, and back: for files, queues and logs of yours. Includes only detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa {

namespace detail {
// A table is of one type: that of a base class says too little of what is derived from it.
template <class T>
inline constexpr bool has_members = requires {
    requires std::same_as<typename decltype(members_of(static_cast<const T*>(nullptr)))::type, T>;
};
template <class T>
inline constexpr bool has_members<std::vector<T>> = has_members<T>;
}  // namespace detail

// A model, the body of a request, a type of yours with a table of members (detail/members.hpp), or a vector of these.
template <class T>
concept json_readable = detail::has_members<T>;

// The value as the API writes it: compact, with the API's names, points in time as seconds since 1970. What was not in
// an answer is null or left out. Shows what is in a `secret`.
// Throws `failure` with errc::invalid_argument for what JSON cannot say: a text that is not UTF-8, a number that is not
// finite, raw JSON that is none; the message names the member.
template <json_readable T>
std::string to_json(const T& value) {
    return detail::encode_json(value);
}

// Reads a value in the way answers are read: a member that is absent, unknown or of another type is passed over.
// Errors: empty_body, malformed_json, missing_member (an order without its id), unexpected_answer (a number where an
// object is expected), html_instead_of_json. Any text is safe; nested deeper than 64 it is refused.
template <json_readable T>
result<T> from_json(std::string_view text) {
    return detail::decode_json<T>(text);
}

}  // namespace cubicasa
