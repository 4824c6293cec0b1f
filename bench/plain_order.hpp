// The page of orders that the peers decode into: the members that an answer to list_orders has, with the types and the
// names that this library's models have.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bench {

using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

// JSON of a type that is not public.
struct plain_raw {
    std::string text;
};

struct plain_style_template {
    std::string id;
    std::string name;
    std::vector<std::string> preview_colors;
};

struct plain_product {
    std::string package_type;
    std::vector<std::string> add_ons;
    plain_raw over_limits;
    std::optional<std::vector<std::string>> purchasable_add_ons;
    std::optional<std::vector<std::string>> purchasable_package_types;
};

struct plain_info {
    std::string status;
    std::string created_by;
    std::string location;
    std::string order_type;
    std::optional<timestamp> first_delivered_at;
    std::optional<timestamp> created_at;
    std::optional<bool> is_scan_order;
    std::optional<double> total_scanned_area;
    plain_raw go2scan;
    std::optional<std::string> external_id;
    std::string add_info;
    std::optional<plain_style_template> style_template;
    std::optional<std::string> model_id;
    plain_product product;
};

struct plain_address {
    std::string city;
    std::string country;
    std::string full_address;
    std::optional<double> latitude;
    std::optional<double> longitude;
    std::string number;
    std::string postal_code;
    std::string state;
    std::string street;
    std::string suite;
};

struct plain_order {
    std::string id;
    plain_info info;
    plain_address address;
};

struct plain_pagination {
    std::optional<bool> has_more;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> next_offset;
    std::optional<std::int64_t> previous_offset;
};

struct plain_page {
    plain_pagination pagination;
    std::vector<plain_order> items;
};

}  // namespace bench
