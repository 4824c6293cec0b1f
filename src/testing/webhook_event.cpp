// Triggers and bodies of webhooks.
#include "webhook_event.hpp"

#include "json_text.hpp"

#include <algorithm>
#include <array>

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

struct trigger {
    std::string_view name;
    std::string_view status;
};

// Without moved_to_failed, which the service names but does not support (contract 5.6).
constexpr std::array<trigger, 4> known{{
    {"moved_to_draft", "Draft"},
    {"moved_to_pending", "Pending"},
    {"moved_to_ready", "Ready"},
    {"moved_to_fixing", "Fixing"},
}};

json::value text_or_null(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

}  // namespace

bool webhook_settings::wants(std::string_view status) const {
    return std::any_of(known.begin(), known.end(), [&](const trigger& t) {
        return t.status == status && std::find(triggers.begin(), triggers.end(), t.name) != triggers.end();
    });
}

bool is_known_trigger(std::string_view name) noexcept {
    return std::any_of(known.begin(), known.end(), [name](const trigger& t) { return t.name == name; });
}

std::string make_event(const status_change& change) {
    const bool delivered = change.current == "Ready";
    json::object body;
    body["id"] = change.id;
    body["current_status"] = change.current;
    body["previous_status"] = text_or_null(change.previous);
    body["model_id"] = text_or_null(change.model_id);
    body["product_type"] = delivered ? json::value("products_2d") : json::value(nullptr);
    body["delivery_type"] = delivered ? json::value("new") : json::value(nullptr);
    std::string out;
    append_json(out, body);
    return out;
}

}  // namespace cubicasa::testing::detail
