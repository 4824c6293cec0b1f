// "/orders/{id}": paths with names in place of their arguments. Standard library only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::detail {

// Either a piece of text or the name of an argument.
struct path_part {
    std::string_view text;
    bool is_argument = false;
};

// Takes a template apart. When it is not one, `problem` says why.
std::vector<path_part> parse_path_template(std::string_view path_template, std::string& problem);

// Why `replacement` cannot stand for `original`: it is no template, or has other arguments. Empty when it can.
std::string check_path_replacement(std::string_view original, std::string_view replacement);

}  // namespace cubicasa::detail
