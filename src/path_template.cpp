// Path templates: taken apart for sending, and compared for client_config::paths.
#include "path_template.hpp"

#include <algorithm>
#include <set>

namespace cubicasa::detail {

namespace {

std::set<std::string_view> names(std::string_view path_template, std::string& problem) {
    std::set<std::string_view> out;
    path_parts parts(path_template, problem);
    for (path_part p; parts.next(p);) {
        if (p.is_argument) out.insert(p.text);
    }
    return out;
}

}  // namespace

path_parts::path_parts(std::string_view path_template, std::string& problem) : rest_(path_template), problem_(problem) {
    const bool printable = std::all_of(path_template.begin(), path_template.end(),
                                       [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
    if (path_template.starts_with('/') && !path_template.starts_with("//") && printable) return;
    problem = "must begin with one / and hold only printable ASCII without blanks and #";
    rest_ = {};
}

bool path_parts::next(path_part& out) {
    if (rest_.empty()) return false;
    const bool is_argument = rest_.front() == '{';
    const std::size_t end = rest_.find(is_argument ? '}' : '{');
    if (is_argument && end == std::string_view::npos) {
        problem_ = "has a { without }";
        return false;
    }
    out.is_argument = is_argument;
    out.text = is_argument ? rest_.substr(1, end - 1) : rest_.substr(0, end);
    rest_.remove_prefix(std::min(out.text.size() + (is_argument ? 2 : 0), rest_.size()));
    return true;
}

std::string check_path_replacement(std::string_view original, std::string_view replacement) {
    std::string problem;
    const auto wanted = names(original, problem);
    const auto given = names(replacement, problem);
    if (!problem.empty()) return problem;
    for (const std::string_view name : given) {
        if (!wanted.contains(name)) return "nothing fills {" + std::string(name) + "}";
    }
    for (const std::string_view name : wanted) {
        if (!given.contains(name)) return "lacks {" + std::string(name) + "}";
    }
    return {};
}

}  // namespace cubicasa::detail
