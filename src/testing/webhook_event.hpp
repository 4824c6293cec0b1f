// Which changes are told, and in which words (contract 3.2 and 7.1). Includes Boost.JSON by the order store.
#pragma once

#include "order_store.hpp"

namespace cubicasa::testing::detail {

// One set of triggers for all URLs.
struct webhook_settings {
    std::vector<std::string> urls;
    std::vector<std::string> triggers;

    // True if a change to this status is to be told.
    bool wants(std::string_view status) const;
};

bool is_known_trigger(std::string_view trigger) noexcept;

std::string make_event(const status_change& change);

}  // namespace cubicasa::testing::detail
