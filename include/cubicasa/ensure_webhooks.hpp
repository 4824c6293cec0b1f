// Registering webhooks, and making sure that the server has them. Includes client.hpp and the models.
#pragma once

#include <cubicasa/client.hpp>
#include <cubicasa/models/webhook_settings.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cubicasa {

// What the server has now against what the caller remembers that it had.
struct webhook_changes {
    std::vector<std::string> added_urls;
    std::vector<std::string> removed_urls;
    std::vector<webhook_trigger> added_triggers;
    std::vector<webhook_trigger> removed_triggers;

    bool empty() const noexcept {
        return added_urls.empty() && removed_urls.empty() && added_triggers.empty() && removed_triggers.empty();
    }
};

// Holds the URLs in full, and so the secrets that may be in them.
struct webhook_report {
    webhook_settings stored;  // as the server says
    std::vector<std::string> missing_urls;
    std::vector<std::string> unexpected_urls;
    std::vector<webhook_trigger> missing_triggers;
    std::vector<webhook_trigger> unexpected_triggers;
    std::optional<webhook_changes> changes;  // if the caller told what there was before

    // The server has what was asked for, and nothing else.
    bool complete() const noexcept {
        return missing_urls.empty() && unexpected_urls.empty() && missing_triggers.empty() &&
               unexpected_triggers.empty();
    }
};

// A `failure` with errc::not_applied, and what the server has instead.
class webhook_failure : public failure {
public:
    webhook_failure(error e, webhook_report r) : failure(std::move(e)), report_(std::move(r)) {}
    const webhook_report& report() const noexcept { return report_; }

private:
    webhook_report report_;
};

// Has the server call exactly these URLs (1 or more) at these triggers (1 or more), and makes sure that it says so;
// what was registered before is gone. Order and repetitions do not matter. Since the API cannot tell what is
// registered, `report.changes` needs the `before` that the caller remembers: an earlier `report.stored`.
//
// Each URL has to be absolute, have no user information and at most 2,000 characters, and begin with https://. http://
// is only for loopback addresses and localhost: what is sent could be read on the way, and so could a token in the URL.
//
// The value is always complete(). Errors: a webhook_failure, which has the report, when the server has something else;
// its message names each URL by its origin only. errc::invalid_argument if something is refused here. Else those of
// update_webhooks, which is repeated like any request with effect::replace. Cancelling can have replaced the settings.
// Any thread may call it. Contract 3.2.
asio::awaitable<webhook_report> ensure_webhooks(client api, std::vector<std::string> urls,
                                                std::vector<webhook_trigger> triggers,
                                                std::optional<webhook_settings> before = std::nullopt,
                                                call_options options = call_options());

}  // namespace cubicasa
