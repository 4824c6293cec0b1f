// JSON whose shape is not known, as text. Includes only the standard library.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace cubicasa {

// In an answer: compact JSON text, numbers digit by digit as they came; empty when the member was absent. In a
// request: any JSON text, checked before it is sent.
class raw_json {
public:
    raw_json() {}
    explicit raw_json(std::string json) : text(std::move(json)) {}

    // The JSON string with this content: quoted and escaped.
    static raw_json from_string(std::string_view content);

    // True when the member was absent or null.
    bool is_null() const noexcept { return text.empty() || text == "null"; }

    friend bool operator==(const raw_json&, const raw_json&) = default;

    std::string text;
};

}  // namespace cubicasa
