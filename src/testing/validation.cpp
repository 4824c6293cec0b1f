// Checks and their texts: those of pydantic 1, which the captured answer shows.
#include "validation.hpp"

#include "json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace json = boost::json;

namespace cubicasa::testing::detail {

void complaints::add_at(std::string_view loc, std::string_view message) {
    if (!list_.empty()) list_ += ',';
    list_.append("{\"loc\":[").append(loc).append("],\"msg\":");
    append_json_string(list_, message);
    list_ += '}';
}

void complaints::add(std::string_view field, std::string_view message) {
    std::string loc;
    append_json_string(loc, field);
    add_at(loc, message);
}

std::string complaints::text() const {
    std::string out = "{\"validation_error\":{";
    append_json_string(out, place_);
    return out.append(":[").append(list_).append("]}}");
}

const json::value* body_reader::find(std::string_view name) const {
    return body_.if_contains(json::string_view(name.data(), name.size()));
}

std::string body_reader::loc(std::string_view name) const {
    std::string out = outer_;
    append_json_string(out, name);
    return out;
}

void body_reader::complain(std::string_view name, std::size_t index, std::string_view message) {
    errors_.add_at(loc(name) + "," + std::to_string(index), message);
}

const json::value* body_reader::any(std::string_view name, bool required) {
    const json::value* const v = find(name);
    if (v == nullptr) {
        if (required) complain(name, "field required");
        return nullptr;
    }
    if (!v->is_null()) return v;
    if (required) complain(name, "none is not an allowed value");
    return nullptr;
}

std::optional<std::string> body_reader::text(std::string_view name, bool required) {
    const json::value* const v = any(name, required);
    if (v == nullptr) return std::nullopt;
    if (const json::string* const s = v->if_string()) return std::string(s->data(), s->size());
    complain(name, "str type expected");
    return std::nullopt;
}

std::optional<double> body_reader::number(std::string_view name) {
    const json::value* const v = any(name, false);
    if (v == nullptr) return std::nullopt;
    boost::system::error_code wrong;
    const double number = v->to_number<double>(wrong);
    if (!wrong) return number;
    complain(name, "value is not a valid float");
    return std::nullopt;
}

std::optional<bool> body_reader::boolean(std::string_view name) {
    const json::value* const v = any(name, false);
    if (v == nullptr) return std::nullopt;
    if (v->is_bool()) return v->get_bool();
    complain(name, "value could not be parsed to a boolean");
    return std::nullopt;
}

std::optional<std::vector<std::string>> body_reader::texts(std::string_view name, bool required) {
    const json::value* const v = any(name, required);
    if (v == nullptr) return std::nullopt;
    const json::array* const array = v->if_array();
    if (array == nullptr) {
        complain(name, "value is not a valid list");
        return std::nullopt;
    }
    std::vector<std::string> out;
    for (std::size_t i = 0; i < array->size(); ++i) {
        if (const json::string* const s = (*array)[i].if_string()) {
            out.emplace_back(s->data(), s->size());
        } else {
            complain(name, i, "str type expected");
        }
    }
    return out;
}

std::optional<body_reader> body_reader::nested(std::string_view name) {
    const json::value* const v = any(name, false);
    if (v == nullptr) return std::nullopt;
    const json::object* const object = v->if_object();
    if (object == nullptr) {
        complain(name, "value is not a valid dict");
        return std::nullopt;
    }
    body_reader out(*object, errors_);
    out.outer_ = loc(name) + ",";
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
            out += text[i];
        }
    }
    return out;
}

std::string decode_query_part(std::string_view text) {
    std::string blanks(text);
    std::replace(blanks.begin(), blanks.end(), '+', ' ');
    return percent_decode(blanks);
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
