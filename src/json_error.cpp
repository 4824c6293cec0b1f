// Bodies of error answers (contract 6), and foreign text made safe to print. Includes Boost.JSON and detail/json.hpp.
#include <cubicasa/detail/json.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace cubicasa::detail {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_message = 1024;
constexpr std::size_t longest_path = 256;
constexpr std::size_t most_fields = 100;
// A larger body is no error message: its beginning is shown, and no memory is spent on reading it.
constexpr std::size_t largest_document = 1024 * 1024;

// Control characters, and those that reorder or break lines on a terminal.
bool unprintable(std::string_view c) noexcept {
    if (c.size() == 1) return static_cast<unsigned char>(c[0]) < 0x20 || c[0] == 0x7f;
    if (c.size() == 2) return c[0] == '\xC2' && static_cast<unsigned char>(c[1]) < 0xA0;  // U+0080 to U+009F
    if (c.size() == 3 && c[0] == '\xE2') {
        const auto last = static_cast<unsigned char>(c[2]);
        if (c[1] == '\x80') return (last >= 0xA8 && last <= 0xAE) || last == 0x8E || last == 0x8F;  // U+2028 to 202E
        if (c[1] == '\x81') return last >= 0xA6 && last <= 0xA9;                                    // U+2066 to 2069
    }
    return c == "\xD8\x9C" || c == "\xEF\xBB\xBF";
}

// The length of the query at the front of `text`, without its '?'; 0 if there is none. Links to assets have their
// signature there.
std::size_t query(std::string_view text) noexcept {
    const std::string_view all = text.substr(0, text.find_first_of(" \t\r\n\"'<>)]}"));
    return all.find('=') == std::string_view::npos ? 0 : all.size();
}

const json::value* member(const json::object& object, std::string_view name) noexcept {
    return object.if_contains({name.data(), name.size()});
}

std::string location(const json::value& loc) {
    std::string out;
    const auto add = [&](const json::value& part) {
        std::string text;
        if (const auto* s = part.if_string()) {
            text = printable(*s, longest_path);
        } else if (const auto* i = part.if_int64()) {
            text = std::to_string(*i);
        } else if (const auto* u = part.if_uint64()) {
            text = std::to_string(*u);
        } else {
            return;
        }
        if (!out.empty()) out.push_back('.');
        out.append(text);
    };
    if (const auto* parts = loc.if_array()) {
        for (const auto& part : *parts) {
            if (out.size() > longest_path) break;
            add(part);
        }
    } else {
        add(loc);
    }
    return printable(out, longest_path);
}

void read_fields(const json::object& validation, error& into) {
    for (const char* place : {"body_params", "query_params", "path_params", "form_params"}) {
        const auto* list = member(validation, place);
        if (list == nullptr || !list->is_array()) continue;
        for (const auto& entry : list->get_array()) {
            if (into.fields.size() == most_fields) return;
            const auto* object = entry.if_object();
            if (object == nullptr) continue;
            const auto* loc = member(*object, "loc");
            const auto* msg = member(*object, "msg");
            field_error f;
            f.place = place;
            if (loc != nullptr) f.path = location(*loc);
            if (msg != nullptr && msg->is_string()) f.text = printable(msg->get_string(), longest_message);
            if (!f.path.empty() || !f.text.empty()) into.fields.push_back(std::move(f));
        }
    }
}

// True when the document said something that is now in `into`.
bool read_document(const json::value& document, error& into) {
    if (const auto* s = document.if_string()) {
        into.server_message = printable(*s, longest_message);
        return !into.server_message.empty();
    }
    const auto* object = document.if_object();
    if (object == nullptr) return false;
    const auto* validation = member(*object, "validation_error");
    if (validation != nullptr && validation->is_object()) read_fields(validation->get_object(), into);
    for (const char* name : {"message", "detail", "error"}) {
        const auto* text = member(*object, name);
        if (text == nullptr || !text->is_string()) continue;
        into.server_message = printable(text->get_string(), longest_message);
        if (!into.server_message.empty()) break;
    }
    return !into.fields.empty() || !into.server_message.empty();
}

bool read_json(std::string_view body, error& into) {
    if (body.size() > largest_document) return false;
    json::monotonic_resource memory;
    json::parse_options options;
    options.max_depth = 32;
    json::error_code ec;
    const json::value document = json::parse({body.data(), body.size()}, ec, &memory, options);
    return !ec && read_document(document, into);
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
    std::string out;
    while (!text.empty()) {
        const std::size_t size = utf8_character(text);
        std::string_view c = text.substr(0, size == 0 ? 1 : size);
        text.remove_prefix(c.size());
        if (size == 0) {
            c = "?";
        } else if (c == "\n" || c == "\t") {
            c = " ";
        } else if (unprintable(c)) {
            continue;
        }
        if (out.size() + c.size() > limit) break;
        out.append(c);
        if (c == "?") {
            const std::size_t hidden = query(text);
            text.remove_prefix(hidden);
            if (hidden > 0) out.append(std::string_view("...").substr(0, limit - out.size()));
        }
    }
    return out;
}

void parse_error_body(std::string_view body, error& into) noexcept {
    try {
        into.fields.clear();
        into.server_message.clear();
        if (!read_json(body, into)) into.server_message = printable(body, longest_message);
    } catch (...) {
        // Out of memory: the status has to do.
    }
}

}  // namespace cubicasa::detail
