// ensure_webhooks: update_webhooks with a closer look at the request and at its echo. Includes Boost.URL by
// net/origin.hpp.
#include <cubicasa/ensure_webhooks.hpp>

#include "net/origin.hpp"

#include <boost/url/parse.hpp>

#include <memory>
#include <set>
#include <utility>

namespace cubicasa {

namespace {

constexpr std::size_t longest_webhook_url = 2000;

// What is wrong with it, without the URL: a part of it may be secret.
std::string problem_of_webhook(std::string_view text) {
    if (text.size() > longest_webhook_url) return "is longer than 2000 characters";
    const auto url = boost::urls::parse_uri(text);
    if (!url) return "is not an absolute URL";
    detail::origin where;
    std::string problem = detail::read_origin(*url, where);
    if (problem.empty() && !where.tls && !where.is_loopback()) {
        problem = "must begin with https:// unless it leads to this machine: events could be read on the way";
    }
    return problem;
}

// Keeps the echo, which an error would swallow.
class watched_update : public update_webhooks {
public:
    using update_webhooks::update_webhooks;

    friend void encode(const watched_update& r, wire_request& w) {
        if (r.webhook_urls->empty()) w.refuse("webhook_urls", "at least one is required");
        if (r.webhook_triggers->empty()) w.refuse("webhook_triggers", "at least one is required");
        for (std::size_t i = 0; i < r.webhook_urls->size(); ++i) {
            const std::string problem = problem_of_webhook((*r.webhook_urls)[i]);
            if (!problem.empty()) w.refuse("webhook_urls[" + std::to_string(i) + "]", problem);
        }
        encode(static_cast<const update_webhooks&>(r), w);
    }

    friend error verify(const watched_update& r, const webhook_settings& echo) {
        *r.echo = echo;
        return verify(static_cast<const update_webhooks&>(r), echo);
    }

    std::shared_ptr<webhook_settings> echo = std::make_shared<webhook_settings>();
};

// Each once.
template <class T>
std::vector<T> without(const std::vector<T>& all, const std::vector<T>& these) {
    std::set<T> seen(these.begin(), these.end());
    std::vector<T> out;
    for (const T& value : all) {
        if (seen.insert(value).second) out.push_back(value);
    }
    return out;
}

webhook_report report_on(const watched_update& asked, const std::optional<webhook_settings>& before) {
    const webhook_settings& stored = *asked.echo;
    webhook_report out;
    out.stored = stored;
    out.missing_urls = without(*asked.webhook_urls, stored.webhook_urls);
    out.unexpected_urls = without(stored.webhook_urls, *asked.webhook_urls);
    out.missing_triggers = without(*asked.webhook_triggers, stored.webhook_triggers);
    out.unexpected_triggers = without(stored.webhook_triggers, *asked.webhook_triggers);
    if (before) {
        webhook_changes& changes = out.changes.emplace();
        changes.added_urls = without(stored.webhook_urls, before->webhook_urls);
        changes.removed_urls = without(before->webhook_urls, stored.webhook_urls);
        changes.added_triggers = without(stored.webhook_triggers, before->webhook_triggers);
        changes.removed_triggers = without(before->webhook_triggers, stored.webhook_triggers);
    }
    return out;
}

}  // namespace

asio::awaitable<webhook_report> ensure_webhooks(client api, std::vector<std::string> urls,
                                                std::vector<webhook_trigger> triggers,
                                                std::optional<webhook_settings> before, call_options options) {
    const watched_update request(std::move(urls), std::move(triggers));
    const auto answer = co_await api.async_call(request, options, as_result(asio::use_awaitable));
    if (!answer && !(answer.error() == errc::not_applied)) throw failure(answer.error());
    webhook_report report = report_on(request, before);
    if (!answer) throw webhook_failure(answer.error(), std::move(report));
    co_return report;
}

}  // namespace cubicasa
