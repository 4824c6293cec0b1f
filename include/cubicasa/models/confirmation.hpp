// The answer of an operation that returns nothing but words. Includes only detail/members.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>

namespace cubicasa {

struct confirmation {
    std::string message;  // for people; empty when the server sent none

    friend bool operator==(const confirmation&, const confirmation&) = default;
};

constexpr auto members_of(const confirmation*) { return member_table(member<&confirmation::message>("message")); }

}  // namespace cubicasa
