// A request to production to correct a floor plan. Includes only detail/members.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>

namespace cubicasa {

// Contract 4.8. It has no status; the order's tells.
struct change_request {
    std::string id;
    std::string text;
    std::vector<std::string> img_urls;
    std::optional<timestamp> sent_at;

    friend bool operator==(const change_request&, const change_request&) = default;
};

constexpr auto members_of(const change_request*) {
    using t = change_request;
    return member_table(required<&t::id>("id"), member<&t::text>("text"), member<&t::img_urls>("img_urls"),
                        member<&t::sent_at>("sent_at"));
}

}  // namespace cubicasa
