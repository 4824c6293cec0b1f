// One page of a list. Includes only detail/members.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>

namespace cubicasa {

// Contract 2.5. An unset member was not sent, or not as what it should be.
struct pagination {
    std::optional<bool> has_more;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> next_offset;  // present, and without meaning, when `has_more` is false
    std::optional<std::int64_t> previous_offset;

    friend bool operator==(const pagination&, const pagination&) = default;
};

template <class T>
struct page {
    using value_type = T;

    cubicasa::pagination pagination;
    std::vector<T> items;

    friend bool operator==(const page&, const page&) = default;
};

constexpr auto members_of(const pagination*) {
    using t = pagination;
    return member_table(member<&t::has_more>("has_more"), member<&t::limit>("limit"),
                        member<&t::next_offset>("next_offset"), member<&t::previous_offset>("previous_offset"));
}

// An object with neither member is no page, and must not pass for an empty list.
template <class T>
constexpr auto members_of(const page<T>*) {
    return member_table(member<&page<T>::pagination>("pagination"), member<&page<T>::items>("items")).not_without_any();
}

}  // namespace cubicasa
