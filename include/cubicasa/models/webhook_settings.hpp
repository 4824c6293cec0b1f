// Where and when the server calls webhooks. Includes only detail/members.hpp and the enumerations.
#pragma once

#include <cubicasa/detail/members.hpp>
#include <cubicasa/models/enumerations.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cubicasa {

// Contract 3.2. One set of triggers serves all URLs.
struct webhook_settings {
    webhook_settings() {}  // no aggregate, since calls take it: see README about g++ 12
    webhook_settings(std::vector<std::string> urls, std::vector<webhook_trigger> triggers)
        : webhook_urls(std::move(urls)), webhook_triggers(std::move(triggers)) {}

    std::vector<std::string> webhook_urls;
    std::vector<webhook_trigger> webhook_triggers;

    friend bool operator==(const webhook_settings&, const webhook_settings&) = default;
};

constexpr auto members_of(const webhook_settings*) {
    using t = webhook_settings;
    return member_table(member<&t::webhook_urls>("webhook_urls"), member<&t::webhook_triggers>("webhook_triggers"));
}

}  // namespace cubicasa
