// The company that the API key belongs to. Includes only detail/members.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>

namespace cubicasa {

// Contract 3.1, as far as anybody has been seen to read it.
struct company_profile {
    std::optional<std::string> name;
    std::optional<std::string> email;

    friend bool operator==(const company_profile&, const company_profile&) = default;
};

struct company {
    std::optional<company_profile> profile;
    raw_json document;  // all that the server sent, since the other members are not public

    friend bool operator==(const company&, const company&) = default;
};

constexpr auto members_of(const company_profile*) {
    return member_table(member<&company_profile::name>("name"), member<&company_profile::email>("email"));
}

constexpr auto members_of(const company*) { return member_table(member<&company::profile>("profile")); }

}  // namespace cubicasa
