// JSON to text. Boost.JSON's own serialiser would write every fraction with an exponent.
#include "json_text.hpp"

#include <charconv>

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

template <class Number>
void append_number(std::string& out, Number number) {
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

void append_double(std::string& out, double number) {
    const std::size_t begin = out.size();
    append_number(out, number);
    if (out.find_first_of(".e", begin) == std::string::npos) out += ".0";
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    constexpr char digits[] = "0123456789abcdef";
                    out.append("\\u00").append(1, digits[(c >> 4) & 0xf]).append(1, digits[c & 0xf]);
                } else {
                    out += c;
                }
        }
    }
    out += '"';
}

void append_json(std::string& out, const json::object& value) {
    out += '{';
    const char* separator = "";
    for (const auto& member : value) {
        out += separator;
        append_json_string(out, std::string_view(member.key().data(), member.key().size()));
        out += ':';
        append_json(out, member.value());
        separator = ",";
    }
    out += '}';
}

void append_json(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::object:
            append_json(out, value.get_object());
            break;
        case json::kind::array: {
            out += '[';
            const char* separator = "";
            for (const json::value& element : value.get_array()) {
                out += separator;
                append_json(out, element);
                separator = ",";
            }
            out += ']';
            break;
        }
        case json::kind::string:
            append_json_string(out, std::string_view(value.get_string().data(), value.get_string().size()));
            break;
        case json::kind::int64:
            append_number(out, value.get_int64());
            break;
        case json::kind::uint64:
            append_number(out, value.get_uint64());
            break;
        case json::kind::double_:
            append_double(out, value.get_double());
            break;
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            break;
        case json::kind::null:
            out += "null";
            break;
    }
}

}  // namespace cubicasa::testing::detail
