// What a draft order says (contract 4.4): the body of create_draft and update_draft. Includes only the other models.
#pragma once

#include <cubicasa/models/enumerations.hpp>
#include <cubicasa/models/order_preferences.hpp>

#include <utility>

namespace cubicasa {

// A `field` is left out of the request until it is set. Whether the server takes null is not public.
class draft_details {
public:
    draft_details() {}
    draft_details(std::string street_line, std::string city_name, std::string country_name, std::string owner)
        : street(std::move(street_line)),
          city(std::move(city_name)),
          country(std::move(country_name)),
          owner_email(std::move(owner)) {}

    std::string street;       // required
    std::string city;         // required
    std::string country;      // required; its name: "United States"
    std::string owner_email;  // required; the user who gets the draft
    field<std::string> suite;
    field<std::string> state;
    field<std::string> postal_code;
    field<std::string> info;  // free text
    field<double> latitude;   // degrees
    field<double> longitude;  // degrees
    field<std::string> external_id;
    field<cubicasa::package_type> package_type;
    field<std::vector<add_on>> add_ons;
    field<cubicasa::order_preferences> order_preferences;

    friend bool operator==(const draft_details&, const draft_details&) = default;
};

constexpr auto members_of(const draft_details*) {
    using t = draft_details;
    return member_table(
        member<&t::street>("street"), member<&t::suite>("suite"), member<&t::city>("city"), member<&t::state>("state"),
        member<&t::country>("country"), member<&t::postal_code>("postalCode"), member<&t::info>("info"),
        member<&t::latitude>("latitude"), member<&t::longitude>("longitude"), member<&t::external_id>("external_id"),
        member<&t::owner_email>("owner_email"), member<&t::package_type>("package_type"),
        member<&t::add_ons>("add_ons"), member<&t::order_preferences>("order_preferences"));
}

}  // namespace cubicasa
