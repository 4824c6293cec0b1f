// See the header.
#include "body.hpp"

#include "files.hpp"
#include "json_text.hpp"

#include <charconv>

namespace cubicasa::cli {

namespace {

json::value read_json(const std::string& text, const std::string& name) {
    json::error_code ec;
    json::value out = json::parse(view(text), ec);
    if (ec) throw usage_error(name + ": not valid JSON: " + ec.message());
    return out;
}

json::value value_of(const parameter& p, const std::string& text) {
    switch (p.type) {
        case kind::flag:
        case kind::truth:
            return text == "true";
        case kind::integer:
        case kind::number: {
            double number = 0;
            std::from_chars(text.data(), text.data() + text.size(), number);
            return number;
        }
        case kind::secret_file:
            return json::value(view(read_secret(text).reveal()));
        default:
            return json::value(view(text));
    }
}

// Makes the objects on the way that are not there.
void put(json::object& into, std::string_view path, json::value value) {
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) {
        into[view(path)] = std::move(value);
        return;
    }
    json::value& next = into[view(path.substr(0, dot))];
    if (!next.is_object()) next = json::object();
    put(next.as_object(), path.substr(dot + 1), std::move(value));
}

bool same(const json::value& a, const json::value& b) {
    if (a.is_number() && b.is_number()) return a.to_number<double>() == b.to_number<double>();
    return a == b;
}

void compare(const std::string& path, const json::value& given, const json::value& understood,
             std::vector<std::string>& lost) {
    const json::object* members = given.if_object();
    const json::object* known = understood.if_object();
    if (members == nullptr || known == nullptr) {
        if (!same(given, understood)) lost.push_back(path);
        return;
    }
    for (const auto& m : *members) {
        const std::string here = (path.empty() ? "" : path + ".") + std::string(m.key());
        const json::value* found = known->if_contains(m.key());
        if (found == nullptr) {
            lost.push_back(here);
        } else {
            compare(here, m.value(), *found, lost);
        }
    }
}

}  // namespace

std::string json_argument(const arguments& given) {
    if (!given.has("--json")) return {};
    const std::string text = read_file(given.text("--json"));
    read_json(text, "--json");
    return text;
}

std::string body_text(const command& of, const arguments& given) {
    json::object out;
    if (given.has("--json")) {
        json::value document = read_json(json_argument(given), "--json");
        if (!document.is_object()) throw usage_error("--json: an object is expected");
        out = std::move(document.as_object());
    }
    for (const parameter& p : of.parameters) {
        if (p.member.empty() || !given.has(p.name)) continue;
        if (p.repeated) {
            json::array all;
            for (const std::string& text : given.all(p.name)) all.push_back(value_of(p, text));
            put(out, p.member, std::move(all));
        } else {
            put(out, p.member, value_of(p, given.text(p.name)));
        }
    }
    return json::serialize(out);
}

std::vector<std::string> lost_members(std::string_view given, std::string_view understood) {
    std::vector<std::string> out;
    compare({}, parse_json(given), parse_json(understood), out);
    return out;
}

std::string unknown_members(std::string_view given, std::string_view understood) {
    const json::value all = parse_json(given);
    const json::value known = parse_json(understood);
    json::object out;
    for (const auto& m : all.as_object()) {
        if (!known.as_object().contains(m.key())) out[m.key()] = m.value();
    }
    return json::serialize(out);
}

void refuse_members(const std::vector<std::string>& paths) {
    std::string text;
    for (const std::string& path : paths) text += (text.empty() ? "" : ", ") + path;
    throw usage_error("no such member, or not with a value of this type: " + text);
}

}  // namespace cubicasa::cli
