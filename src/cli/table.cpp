// See the header.
#include "table.hpp"

#include "json_text.hpp"
#include "moment.hpp"
#include "terminal.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace cubicasa::cli {

namespace {

const json::value* member_at(const json::value& of, std::string_view path) {
    const json::value* here = &of;
    while (here != nullptr && !path.empty()) {
        const std::size_t dot = path.find('.');
        const json::object* object = here->if_object();
        const std::string_view name = path.substr(0, dot);
        here = object == nullptr ? nullptr : object->if_contains(view(name));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return here;
}

bool is_moment(std::string_view path, const json::value& v) { return path.ends_with("_at") && v.is_number(); }

std::string text_of(std::string_view path, const json::value& v) {
    if (is_moment(path, v)) {
        const double seconds = v.to_number<double>();
        if (std::abs(seconds) < 1e11) {
            return describe_moment(timestamp(std::chrono::microseconds(std::llround(seconds * 1e6))));
        }
    }
    if (v.is_null()) return {};
    if (const json::string* s = v.if_string()) return harmless(std::string_view(s->data(), s->size()));
    if (const json::array* a = v.if_array()) {
        if (!a->empty() && a->front().is_object()) return std::to_string(a->size());
        std::string out;
        for (const json::value& element : *a) {
            if (!out.empty()) out += ", ";
            out += text_of({}, element);
        }
        return out;
    }
    return harmless(json::serialize(v));
}

using line = std::pair<std::string, std::string>;

void flatten(const std::string& path, const json::value& v, std::vector<line>& into) {
    const json::object* object = v.if_object();
    if (object == nullptr) {
        std::string text = text_of(path, v);
        if (!text.empty()) into.emplace_back(harmless(path), std::move(text));
        return;
    }
    for (const auto& member : *object) {
        flatten((path.empty() ? "" : path + ".") + std::string(member.key()), member.value(), into);
    }
}

void pad(std::string& out, std::string_view text, std::size_t width) {
    out += text;
    const std::size_t taken = width_of(text);
    if (taken < width) out.append(width - taken, ' ');
}

std::string title_of(const std::string& path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? path : path.substr(dot + 1);
}

}  // namespace

table::table(std::vector<std::string> columns, std::size_t width, bool colours)
    : columns_(std::move(columns)), width_(width), colours_(colours) {}

void table::add(std::string_view record) {
    const json::value document = parse_json(record);
    row cells;
    for (const std::string& path : columns_) {
        const json::value* v = member_at(document, path);
        if (v == nullptr) {
            cells.emplace_back();
        } else if (const json::array* all = v->if_array()) {
            cells.push_back(std::to_string(all->size()));
        } else {
            cells.push_back(text_of(path, *v));
        }
    }
    rows_.push_back(std::move(cells));
}

std::string table::take() {
    std::string out;
    if (rows_.empty()) return out;
    if (widths_.empty()) {
        row titles;
        for (const std::string& path : columns_) titles.push_back(title_of(path));
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            // Later rows may be wider than those that are there; for these two it is known how wide.
            const std::size_t usual = columns_[i].ends_with("status") ? 7 : columns_[i].ends_with("_at") ? 17 : 0;
            std::size_t widest = std::max(titles[i].size(), usual);
            for (const row& r : rows_) widest = std::max(widest, width_of(r[i]));
            widths_.push_back(widest);
        }
        if (colours_) out += "\x1b[1m";
        print(titles, out);
        if (colours_) out.insert(out.size() - 1, "\x1b[0m");
    }
    for (const row& r : rows_) print(r, out);
    rows_.clear();
    return out;
}

void table::print(const row& cells, std::string& out) const {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i + 1 == cells.size()) {
            text += cells[i];
        } else {
            pad(text, cells[i], widths_[i]);
            text += "  ";
        }
    }
    while (text.ends_with(' ')) text.pop_back();
    out += fitted(text, width_) + '\n';
}

std::string as_list(std::string_view document) {
    std::vector<line> lines;
    flatten({}, parse_json(document), lines);
    std::size_t widest = 0;
    for (const line& l : lines) widest = std::max(widest, width_of(l.first));
    std::string out;
    for (const line& l : lines) {
        if (!l.first.empty()) pad(out, l.first, widest + 2);
        out += l.second + '\n';
    }
    return out;
}

}  // namespace cubicasa::cli
