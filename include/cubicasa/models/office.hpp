// Offices of a company. Includes only detail/members.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>

namespace cubicasa {

// Contract 4.10: both names are inferred, and there may be more.
struct office {
    std::string id;
    std::string name;

    friend bool operator==(const office&, const office&) = default;
};

constexpr auto members_of(const office*) {
    return member_table(required<&office::id>("id"), member<&office::name>("name"));
}

}  // namespace cubicasa
