// What was bought for an order, and what can be. Includes only detail/members.hpp and the enumerations.
#pragma once

#include <cubicasa/detail/members.hpp>
#include <cubicasa/models/enumerations.hpp>

namespace cubicasa {

// Contract 4.2, `info.product`.
struct product {
    cubicasa::package_type package_type;
    std::vector<add_on> add_ons;  // bought so far
    raw_json over_limits;         // an array of a type that is not public
    // What can still be bought. Unset in lists; may contain the package that the order has.
    std::optional<std::vector<add_on>> purchasable_add_ons;
    std::optional<std::vector<cubicasa::package_type>> purchasable_package_types;

    friend bool operator==(const product&, const product&) = default;
};

constexpr auto members_of(const product*) {
    return member_table(member<&product::add_ons>("add_ons"), member<&product::over_limits>("over_limits"),
                        member<&product::package_type>("package_type"),
                        member<&product::purchasable_add_ons>("purchasable_add_ons"),
                        member<&product::purchasable_package_types>("purchasable_package_types"));
}

}  // namespace cubicasa
