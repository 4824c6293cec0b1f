// Where an order's building stands. Includes only detail/members.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>

namespace cubicasa {

// As a geocoder has normalised it: need not equal what was sent (contract 4.5). An absent or null text is empty.
struct address {
    std::string city;
    std::string country;
    std::string full_address;
    std::optional<double> latitude;   // degrees
    std::optional<double> longitude;  // degrees
    std::string number;               // of the house; may be part of `street` instead
    std::string postal_code;
    std::string state;
    std::string street;
    std::string suite;

    friend bool operator==(const address&, const address&) = default;
};

constexpr auto members_of(const address*) {
    return member_table(member<&address::city>("city"), member<&address::country>("country"),
                        member<&address::full_address>("full_address"), member<&address::latitude>("latitude"),
                        member<&address::longitude>("longitude"), member<&address::number>("number"),
                        member<&address::postal_code>("postalCode"), member<&address::state>("state"),
                        member<&address::street>("street"), member<&address::suite>("suite"));
}

}  // namespace cubicasa
