// What can still be bought for an order. Includes only order.hpp.
#pragma once

#include <cubicasa/models/order.hpp>

#include <optional>
#include <vector>

namespace cubicasa {

struct purchasable_items {
    std::vector<package_type> packages;
    std::vector<add_on> add_ons;

    bool empty() const noexcept { return packages.empty() && add_ons.empty(); }
    friend bool operator==(const purchasable_items&, const purchasable_items&) = default;
};

// What upgrade_order would take, without the package and add-ons that the order has already: the server offers them
// again (contract, section 8, item 12). Unset when it is not known, as for an order from a list.
std::optional<purchasable_items> purchasable(const order&);

}  // namespace cubicasa
