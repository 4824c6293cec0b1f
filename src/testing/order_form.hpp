// The flat bodies that orders are made from (contract 3.20 and 4.4). Includes Boost.JSON.
#pragma once

#include "validation.hpp"

#include <boost/json/object.hpp>

namespace cubicasa::testing::detail {

struct order_form {
    std::string street;
    std::string city;
    std::string country;
    std::optional<std::string> suite;
    std::optional<std::string> state;
    std::optional<std::string> postal_code;
    std::optional<std::string> info;
    std::optional<std::string> external_id;
    std::optional<std::string> owner_email;
    std::optional<std::string> package_type;
    std::optional<std::vector<std::string>> add_ons;
    std::optional<double> latitude;
    std::optional<double> longitude;
};

// A redraw needs a source, a draft an owner.
enum class form_kind { redraw, draft };

order_form read_order_form(body_reader& reader, form_kind kind);

// An order without any properties but these, to apply a form to.
boost::json::object make_blank_order(std::string_view id, std::int64_t created_at, std::string_view status);

// What the form leaves out keeps its value.
void apply(const order_form& form, boost::json::object& order);

std::size_t package_rank(std::string_view package) noexcept;

}  // namespace cubicasa::testing::detail
