// An order, in lists and in detail. Includes only the other models.
#pragma once

#include <cubicasa/models/address.hpp>
#include <cubicasa/models/delivery_assets.hpp>
#include <cubicasa/models/enumerations.hpp>
#include <cubicasa/models/product.hpp>
#include <cubicasa/models/style_template.hpp>

namespace cubicasa {

// Contract 4.2. A text that is always there in the documentation is empty when the server left it out; what may be
// missing, and every number, flag and time, is optional instead, since 0 would be a lie.
struct order_info {
    order_status status;
    std::string created_by;  // e-mail address
    std::string location;    // street, suite and city in one line
    cubicasa::order_type order_type;
    std::optional<timestamp> first_delivered_at;
    std::optional<timestamp> created_at;
    std::optional<bool> is_scan_order;
    std::optional<double> total_scanned_area;  // the unit is not public
    raw_json go2scan;                          // of a type that is not public
    std::optional<std::string> external_id;    // your own reference
    std::string add_info;
    std::optional<cubicasa::style_template> style_template;
    std::optional<std::string> model_id;  // of the floor plan model; also its name in the Exporter API
    cubicasa::product product;

    friend bool operator==(const order_info&, const order_info&) = default;
};

// Contract 4.1. `id` is the only member that is sure to be there. Members that are not listed here are dropped.
struct order {
    order() {}  // no aggregate, since calls take it: see README about g++ 12

    std::string id;
    order_info info;
    cubicasa::address address;
    std::optional<cubicasa::delivery_assets> delivery_assets;  // unset in lists and for drafts

    friend bool operator==(const order&, const order&) = default;
};

constexpr auto members_of(const order_info*) {
    using t = order_info;
    return member_table(
        member<&t::status>("status"), member<&t::created_by>("created_by"), member<&t::location>("location"),
        member<&t::order_type>("order_type"), member<&t::first_delivered_at>("first_delivered_at"),
        member<&t::created_at>("created_at"), member<&t::is_scan_order>("is_scan_order"),
        member<&t::total_scanned_area>("total_scanned_area"), member<&t::go2scan>("go2scan"),
        member<&t::external_id>("external_id"), member<&t::add_info>("add_info"),
        member<&t::style_template>("style_template"), member<&t::model_id>("model_id"), member<&t::product>("product"));
}

constexpr auto members_of(const order*) {
    return member_table(required<&order::id>("id"), member<&order::info>("info"), member<&order::address>("address"),
                        omitted_if_unset<&order::delivery_assets>("delivery_assets"));
}

}  // namespace cubicasa
