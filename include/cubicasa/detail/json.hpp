// JSON in and out of any type with a table of members; no parser in here. Includes members.hpp, endpoint.hpp,
// result.hpp and the models that stand for kinds of answers.
#pragma once

#include <cubicasa/detail/members.hpp>
#include <cubicasa/endpoint.hpp>
#include <cubicasa/models/confirmation.hpp>
#include <cubicasa/models/likely.hpp>
#include <cubicasa/models/page.hpp>
#include <cubicasa/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace cubicasa::detail {

// Nesting deeper than this is refused, in answers and in raw JSON to be sent.
inline constexpr std::size_t max_json_depth = 64;

// Decodes the body of a good answer into `object`, a value of the type that `type` describes, straight from the bytes.
// Errors: html_instead_of_json, empty_body, malformed_json (with the byte), missing_member (with the JSON pointer),
// unexpected_answer. After an error `object` is valid, with contents of no meaning.
error decode_into(const type_info& type, void* object, std::string_view body);

template <class T>
result<T> decode_json(std::string_view body) {
    result<T> out(boost::system::in_place_value);
    error problem = decode_into(*type_of<T>(), storage(*out), body);
    if (problem) out = std::move(problem);
    return out;
}

// An answer of which nothing is known: any JSON, or no body at all.
result<raw_json> decode_open(const raw_response& answer);

// An answer whose words nobody needs: {"message": ...}, or no body at all.
result<confirmation> decode_confirmation(const raw_response& answer);

template <class T>
result<likely<T>> decode_likely(const raw_response& answer) {
    result<raw_json> document = decode_open(answer);
    if (!document) return document.error();
    likely<T> out;
    if (result<T> value = decode_json<T>(document->text)) out.value = std::move(*value);
    out.document = std::move(*document);
    return out;
}

// True for text that begins a JSON array.
bool looks_like_array(std::string_view body) noexcept;

// A page, or a bare array, which is the only page then.
template <class T>
result<page<T>> decode_list(const raw_response& answer) {
    if (!looks_like_array(answer.body)) return decode_json<page<T>>(answer.body);
    result<std::vector<T>> items = decode_json<std::vector<T>>(answer.body);
    if (!items) return items.error();
    page<T> out;
    out.pagination.has_more = false;
    out.items = std::move(*items);
    return out;
}

// What an endpoint's `decode(const raw_response&)` says, or its response decoded from JSON when it has none.
template <endpoint E>
result<typename E::response> decode_answer(const raw_response& answer) {
    if constexpr (requires { E::decode(answer); }) {
        return E::decode(answer);
    } else if constexpr (std::same_as<typename E::response, raw_json>) {
        return decode_open(answer);
    } else {
        return decode_json<typename E::response>(answer.body);
    }
}

// Why a value cannot be written: a text that is not UTF-8, a number that is not finite, raw JSON that is not JSON.
struct encode_problem {
    std::string where;  // "order_preferences.style_2d.add_info"
    std::string why;
};

// Appends the value as compact JSON. False when it cannot be written; then `problem` says why, `out` is of no use.
bool encode_into(const type_info& type, const void* object, std::string& out, encode_problem& problem);

// The value as compact JSON. Throws `failure` when it cannot be written.
std::string encode_json(const type_info& type, const void* object);
template <class T>
std::string encode_json(const T& value) {
    return encode_json(*type_of<T>(), storage(value));
}

// Makes the value the body of the request, or refuses it.
void set_body(wire_request& request, const type_info& type, const void* object);
template <class T>
void set_body(wire_request& request, const T& value) {
    set_body(request, *type_of<T>(), storage(value));
}
// The same with the members of `more` behind it, which must be an object or nothing.
void set_body(wire_request& request, const type_info& type, const void* object, const raw_json& more);
template <class T>
void set_body(wire_request& request, const T& value, const raw_json& more) {
    set_body(request, *type_of<T>(), storage(value), more);
}
// The same for raw JSON that is the whole body; `name` is what it is called in a refusal.
void set_raw_body(wire_request& request, std::string_view name, const raw_json& body);

// True for one complete JSON value with nothing but white space around it.
bool is_json(std::string_view text);

// The number of bytes of the character at the front; 0 when it is not well-formed UTF-8, or there is none.
std::size_t utf8_character(std::string_view text) noexcept;

// True for well-formed UTF-8.
bool is_utf8(std::string_view text) noexcept;

// Appends a JSON string, quoted and escaped. The text must be UTF-8.
void append_json_string(std::string& out, std::string_view text);

// Seconds since 1970 with up to six digits of fraction: "1716238626.904049".
std::string unix_seconds(timestamp t);

// Nothing when the time is out of range or not a number. Exact to the microsecond.
std::optional<timestamp> from_unix_seconds(double seconds) noexcept;

// A foreign text made safe to print: at most `limit` bytes, cut between characters; control characters and characters
// that change the direction of text removed, line ends turned into blanks, bytes that are not UTF-8 into '?'. Of a link
// the query is left out: it may be a signature that opens the file.
std::string printable(std::string_view text, std::size_t limit);

// True for a text that begins like HTML or XML: '<' after white space and a byte order mark.
bool looks_like_html(std::string_view body) noexcept;

// Reads the body of an answer with an error status (contract 6.1, 6.2) into `fields` and `server_message`. Takes
// anything: what is not JSON of a known shape becomes the message as it is, cut.
void parse_error_body(std::string_view body, error& into) noexcept;

}  // namespace cubicasa::detail
