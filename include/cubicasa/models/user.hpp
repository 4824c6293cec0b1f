// Users of a company. Includes only detail/members.hpp and the enumerations.
#pragma once

#include <cubicasa/detail/members.hpp>
#include <cubicasa/models/enumerations.hpp>

namespace cubicasa {

// Contract 4.9.
struct user {
    std::string id;
    std::string email;
    std::optional<std::string> name;  // the given name
    std::optional<std::string> surname;
    user_role role;
    std::optional<bool> email_confirmed;
    std::optional<timestamp> created_at;

    friend bool operator==(const user&, const user&) = default;
};

// What create_user answers (contract 3.9).
struct created_user {
    std::string id;
    std::string email;
    user_role role;       // as stored: need not be the one that was asked for
    std::string message;  // for people, about the invitation

    friend bool operator==(const created_user&, const created_user&) = default;
};

constexpr auto members_of(const user*) {
    using t = user;
    return member_table(required<&t::id>("id"), member<&t::email>("email"), member<&t::name>("name"),
                        member<&t::surname>("surname"), member<&t::role>("role"),
                        member<&t::email_confirmed>("email_confirmed"), member<&t::created_at>("created_at"));
}

constexpr auto members_of(const created_user*) {
    using t = created_user;
    return member_table(required<&t::id>("id"), member<&t::email>("email"), member<&t::role>("role"),
                        member<&t::message>("message"));
}

}  // namespace cubicasa
