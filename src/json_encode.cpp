// Structs to JSON, by the same tables that decoding uses. Includes only detail/json.hpp.
#include <cubicasa/detail/json.hpp>

#include <charconv>
#include <cmath>

namespace cubicasa::detail {

namespace {

// The way from the outermost object to the value that is being written, for complaints.
struct step {
    const step* outer;
    std::string_view member;  // empty: an element of an array
    std::size_t index;
};

std::string path(const step* last) {
    if (last == nullptr) return {};
    std::string out = path(last->outer);
    if (!out.empty()) out.push_back('.');
    return out.append(last->member.empty() ? std::to_string(last->index) : std::string(last->member));
}

class writer {
public:
    writer(std::string& out, encode_problem& problem) : out_(out), problem_(problem) {}

    bool value(const type_info& type, const void* at, const step* here) {
        if (type.holds) {
            const void* inner = nullptr;
            if (type.look(at, inner) == presence::value) return value(*type.inner, inner, here);
            out_.append("null");
            return true;
        }
        switch (type.leaf) {
            case kind::nothing:
                break;
            case kind::text:
                return text(*static_cast<const std::string*>(at), here);
            case kind::boolean:
                out_.append(*static_cast<const bool*>(at) ? "true" : "false");
                return true;
            case kind::integer:
                out_.append(std::to_string(*static_cast<const std::int64_t*>(at)));
                return true;
            case kind::number:
                return number(*static_cast<const double*>(at), here);
            case kind::time:
                out_.append(unix_seconds(*static_cast<const timestamp*>(at)));
                return true;
            case kind::raw:
                return raw(static_cast<const raw_json*>(at)->text, here);
            case kind::object:
                return object(type, at, here);
            case kind::list:
                return list(type, at, here);
        }
        return true;
    }

private:
    bool refuse(const step* here, const char* why) {
        problem_ = {path(here), why};
        return false;
    }

    bool text(const std::string& s, const step* here) {
        if (!is_utf8(s)) return refuse(here, "is not valid UTF-8");
        append_json_string(out_, s);
        return true;
    }

    bool number(double d, const step* here) {
        if (!std::isfinite(d)) return refuse(here, "is not a finite number");
        char buffer[32];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, d).ptr;  // the shortest that reads back the same
        out_.append(buffer, end);
        return true;
    }

    bool raw(const std::string& json, const step* here) {
        if (json.empty()) {
            out_.append("null");
            return true;
        }
        if (!is_json(json)) return refuse(here, "is not valid JSON");
        out_.append(json);
        return true;
    }

    bool object(const type_info& type, const void* at, const step* here) {
        out_.push_back('{');
        bool first = true;
        for (unsigned i = 0; i < type.count; ++i) {
            const member_info& m = type.members[i];
            const void* member = m.at(const_cast<void*>(at));  // only the address is taken
            if (left_out(m, member)) continue;
            if (!first) out_.push_back(',');
            first = false;
            append_json_string(out_, m.name);
            out_.push_back(':');
            const step next{here, m.name, 0};
            if (!value(*m.type, member, &next)) return false;
        }
        out_.push_back('}');
        return true;
    }

    static bool left_out(const member_info& m, const void* at) {
        if (!m.type->holds) return m.type->leaf == kind::raw && static_cast<const raw_json*>(at)->text.empty();
        const void* inner = nullptr;
        const presence p = m.type->look(at, inner);
        return p == presence::absent || (p == presence::null && m.omitted_if_unset);
    }

    bool list(const type_info& type, const void* at, const step* here) {
        out_.push_back('[');
        const type_info& element = *type.element_type();
        const std::size_t size = type.size(at);
        for (std::size_t i = 0; i < size; ++i) {
            if (i != 0) out_.push_back(',');
            const step next{here, {}, i};
            if (!value(element, type.element(at, i), &next)) return false;
        }
        out_.push_back(']');
        return true;
    }

    std::string& out_;
    encode_problem& problem_;
};

}  // namespace

bool encode_into(const type_info& type, const void* object, std::string& out, encode_problem& problem) {
    return writer(out, problem).value(type, object, nullptr);
}

std::string encode_json(const type_info& type, const void* object) {
    std::string out;
    encode_problem problem;
    if (!encode_into(type, object, out, problem)) {
        throw failure(error(errc::invalid_argument, problem.where + ": " + problem.why));
    }
    return out;
}

void set_body(wire_request& request, const type_info& type, const void* object) {
    std::string out;
    out.reserve(512);  // so that a password is not left behind in memory that was too small
    encode_problem problem;
    if (encode_into(type, object, out, problem)) {
        request.json_body(std::move(out));
    } else {
        request.refuse(problem.where, problem.why);
    }
}

void set_body(wire_request& request, const type_info& type, const void* object, const raw_json& more) {
    set_body(request, type, object);
    if (more.text.empty() || request.body.empty()) return;
    const std::size_t open = more.text.find_first_not_of(" \t\r\n");
    if (!is_json(more.text) || more.text[open] != '{') return request.refuse("more", "is not a JSON object");
    const std::string_view members = std::string_view(more.text).substr(open + 1);
    if (members[members.find_first_not_of(" \t\r\n")] == '}') return;
    request.body.pop_back();  // the closing bracket
    if (request.body.size() > 1) request.body.push_back(',');
    request.body.append(members);
}

void set_raw_body(wire_request& request, std::string_view name, const raw_json& body) {
    if (is_json(body.text)) {
        request.json_body(body.text);
    } else {
        request.refuse(name, body.text.empty() ? "is required" : "is not valid JSON");
    }
}

void append_json_string(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    out.push_back('"');
    for (const char c : text) {
        switch (c) {
            case '"':
                out.append("\\\"");
                break;
            case '\\':
                out.append("\\\\");
                break;
            case '\b':
                out.append("\\b");
                break;
            case '\f':
                out.append("\\f");
                break;
            case '\n':
                out.append("\\n");
                break;
            case '\r':
                out.append("\\r");
                break;
            case '\t':
                out.append("\\t");
                break;
            default:
                if (const auto u = static_cast<unsigned char>(c); u < 0x20) {
                    out.append("\\u00").append({digits[u >> 4], digits[u & 15]});
                } else {
                    out.push_back(c);
                }
        }
    }
    out.push_back('"');
}

std::string unix_seconds(timestamp t) {
    const auto micros = t.time_since_epoch().count();
    const bool negative = micros < 0;
    const auto size = negative ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
    std::string out = negative ? "-" : "";
    out.append(std::to_string(size / 1'000'000));
    if (const auto rest = size % 1'000'000; rest != 0) {
        std::string fraction = std::to_string(1'000'000 + rest);  // a leading 1 keeps the zeros
        fraction.erase(fraction.find_last_not_of('0') + 1);
        out.push_back('.');
        out.append(fraction, 1);
    }
    return out;
}

}  // namespace cubicasa::detail

namespace cubicasa {

raw_json raw_json::from_string(std::string_view content) {
    raw_json out;
    detail::append_json_string(out.text, content);
    return out;
}

}  // namespace cubicasa
