// raw_request: what can be sent at all.
#include <cubicasa/endpoints/raw_request.hpp>

#include <algorithm>
#include <array>

namespace cubicasa {

namespace {

// A token (RFC 9110, 5.6.2) of capital letters, as all methods are.
bool is_method(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 32 &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
}

// Visible, and in no URL as it is (RFC 3986, appendix A).
constexpr auto out_of_place = [] {
    std::array<bool, 256> out{};
    for (const unsigned char c : std::string_view("{}\\\"<>^`|")) out[c] = true;
    return out;
}();

bool is_field_value(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

effect raw_request::usual_effect(std::string_view method) noexcept {
    if (method == "GET" || method == "HEAD") return effect::read;
    if (method == "PUT" || method == "PATCH" || method == "DELETE") return effect::replace;
    return effect::create;
}

void raw_request::write(wire_request& w) const {
    // CONNECT would turn the connection into something else.
    if (!is_method(method) || method == "CONNECT") w.refuse("method", "is not a method that can be sent");
    w.require("path", path);
    if (std::any_of(path.begin(), path.end(), [](unsigned char c) { return out_of_place[c]; })) {
        w.refuse("path", "has a character that must be percent-encoded");
    }
    for (const auto& parameter : query) {
        w.require("query", parameter.first);
        w.query(parameter.first, parameter.second);
    }
    if (!is_field_value(content_type)) w.refuse("content_type", "has a character that no header field may have");
    w.body = body;
    if (!body.empty()) w.content_type = content_type;
}

}  // namespace cubicasa
