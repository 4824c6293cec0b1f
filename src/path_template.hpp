// "/orders/{id}": paths with names in place of their arguments. Standard library only.
#pragma once

#include <string>
#include <string_view>

namespace cubicasa::detail {

// Either a piece of text or the name of an argument.
struct path_part {
    std::string_view text;
    bool is_argument = false;
};

// Takes a template apart, from its front: false from next() at its end, or when it is no template, and then `problem`
// says why. What was taken until then is of no use in that case.
class path_parts {
public:
    path_parts(std::string_view path_template, std::string& problem);
    bool next(path_part& out);

private:
    std::string_view rest_;
    std::string& problem_;
};

// Why `replacement` cannot stand for `original`: it is no template, or has other arguments. Empty when it can.
std::string check_path_replacement(std::string_view original, std::string_view replacement);

}  // namespace cubicasa::detail
