// Path templates: taken apart for sending, and compared for client_config::paths.
#include "path_template.hpp"

#include <algorithm>
#include <set>

namespace cubicasa::detail {

namespace {

std::set<std::string_view> names(const std::vector<path_part>& parts) {
    std::set<std::string_view> out;
    for (const path_part& p : parts) {
        if (p.is_argument) out.insert(p.text);
    }
    return out;
}

}  // namespace

std::vector<path_part> parse_path_template(std::string_view path_template, std::string& problem) {
    const bool printable =
        std::all_of(path_template.begin(), path_template.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (!path_template.starts_with('/') || path_template.starts_with("//") || !printable ||
        path_template.find('#') != std::string_view::npos) {
        problem = "must begin with one / and hold only printable ASCII without blanks and #";
        return {};
    }
    std::vector<path_part> out;
    for (std::size_t at = 0; at < path_template.size();) {
        const std::size_t open = std::min(path_template.find('{', at), path_template.size());
        if (open > at) out.push_back({path_template.substr(at, open - at), false});
        if (open == path_template.size()) break;
        const std::size_t close = path_template.find('}', open);
        if (close == std::string_view::npos) {
            problem = "has a { without }";
            return {};
        }
        out.push_back({path_template.substr(open + 1, close - open - 1), true});
        at = close + 1;
    }
    return out;
}

std::string check_path_replacement(std::string_view original, std::string_view replacement) {
    std::string problem;
    const auto wanted = names(parse_path_template(original, problem));
    const auto given = names(parse_path_template(replacement, problem));
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
