// How an order's floor plans are drawn. Includes only detail/members.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>

namespace cubicasa {

// Contract 4.3. A part of an order and not a record of its own: without its `id` the order is read all the same.
struct style_template {
    std::string id;
    std::string name;
    std::vector<std::string> preview_colors;  // "#rrggbb"

    friend bool operator==(const style_template&, const style_template&) = default;
};

constexpr auto members_of(const style_template*) {
    return member_table(member<&style_template::id>("id"), member<&style_template::name>("name"),
                        member<&style_template::preview_colors>("preview_colors"));
}

}  // namespace cubicasa
