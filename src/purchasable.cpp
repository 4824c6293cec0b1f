// purchasable(): the offer of an order, less what it has.
#include <cubicasa/models/purchasable.hpp>

#include <algorithm>

namespace cubicasa {

std::optional<purchasable_items> purchasable(const order& o) {
    const product& p = o.info.product;
    if (!p.purchasable_package_types && !p.purchasable_add_ons) return std::nullopt;
    purchasable_items out;
    if (p.purchasable_package_types) {
        std::copy_if(p.purchasable_package_types->begin(), p.purchasable_package_types->end(),
                     std::back_inserter(out.packages),
                     [&](const package_type& t) { return !t.empty() && t != p.package_type; });
    }
    if (p.purchasable_add_ons) {
        std::copy_if(p.purchasable_add_ons->begin(), p.purchasable_add_ons->end(), std::back_inserter(out.add_ons),
                     [&](const add_on& a) {
                         return !a.empty() && std::find(p.add_ons.begin(), p.add_ons.end(), a) == p.add_ons.end();
                     });
    }
    return out;
}

}  // namespace cubicasa
