// Checks and their texts: those of pydantic 1, which the captured answer shows.
#include "validation.hpp"

#include "json_text.hpp"

#include <charconv>
#include <cmath>

namespace json = boost::json;

namespace cubicasa::testing::detail {

void complaints::add_raw(std::string loc, std::string_view message) {
    if (!list_.empty()) list_ += ',';
    list_.append("{\"loc\":[").append(loc).append("],\"msg\":");
    append_json_string(list_, message);
    list_ += '}';
}

void complaints::add(std::string_view field, std::string_view message) {
    std::string loc;
    append_json_string(loc, field);
    add_raw(std::move(loc), message);
}

void complaints::add(std::string_view field, std::size_t index, std::string_view message) {
    std::string loc;
    append_json_string(loc, field);
    loc.append(",").append(std::to_string(index));
    add_raw(std::move(loc), message);
}

std::string complaints::text() const {
    std::string out = "{\"validation_error\":{";
    append_json_string(out, place_);
    return out.append(":[").append(list_).append("]}}");
}

const json::value* body_reader::any(std::string_view name, bool required) {
    const json::value* const v = body_.if_contains(json::string_view(name.data(), name.size()));
    if (v == nullptr) {
        if (required) errors_.add(name, "field required");
        return nullptr;
    }
    if (!v->is_null()) return v;
    if (required) errors_.add(name, "none is not an allowed value");
    return nullptr;
}

std::optional<std::string> body_reader::text(std::string_view name, bool required) {
    const json::value* const v = any(name, required);
    if (v == nullptr) return std::nullopt;
    if (const json::string* const s = v->if_string()) return std::string(s->data(), s->size());
    errors_.add(name, "str type expected");
    return std::nullopt;
}

std::optional<double> body_reader::number(std::string_view name) {
    const json::value* const v = any(name, false);
    if (v == nullptr) return std::nullopt;
    boost::system::error_code wrong;
    const double number = v->to_number<double>(wrong);
    if (!wrong) return number;
    errors_.add(name, "value is not a valid float");
    return std::nullopt;
}

std::optional<std::vector<std::string>> body_reader::texts(std::string_view name, bool required) {
    const json::value* const v = any(name, required);
    if (v == nullptr) return std::nullopt;
    const json::array* const array = v->if_array();
    if (array == nullptr) {
        errors_.add(name, "value is not a valid list");
        return std::nullopt;
    }
    std::vector<std::string> out;
    for (std::size_t i = 0; i < array->size(); ++i) {
        if (const json::string* const s = (*array)[i].if_string()) {
            out.emplace_back(s->data(), s->size());
        } else {
            errors_.add(name, i, "str type expected");
        }
    }
    return out;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
            out += static_cast<char>(value);
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [at, wrong] = std::from_chars(text.data(), end, value);
    if (wrong != std::errc() || at != end) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_time(std::string_view text) noexcept {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [at, wrong] = std::from_chars(text.data(), end, value);
    if (wrong != std::errc() || at != end || !(std::abs(value) < 1e12)) return std::nullopt;
    return std::llround(value * 1e6);
}

}  // namespace cubicasa::testing::detail
