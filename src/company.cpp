// The answers of the group Company that need a look: an open document, and an echo that may be a lie.
#include <cubicasa/endpoints/company.hpp>

#include <set>

namespace cubicasa {

namespace {

// An address in a message: what follows the host may be a token that nobody else must see.
std::string origin_of(std::string_view url) {
    const std::size_t host = url.find("://");
    if (host == std::string_view::npos) return "an address";
    return detail::printable(url.substr(0, url.find_first_of("/?#", host + 3)), 200);
}
std::string shown(const std::string& url) { return origin_of(url); }
std::string shown(const webhook_trigger& t) { return detail::printable(t.str(), 100); }

// What `stored` lacks of `wanted`, or has beyond it; empty when they are the same.
template <class T>
std::string difference(std::string_view member, const std::vector<T>& wanted, const std::vector<T>& stored) {
    const std::set<T> a(wanted.begin(), wanted.end());
    const std::set<T> b(stored.begin(), stored.end());
    std::string out;
    const auto add = [&](const T& value, const char* what) {
        out.append(out.empty() ? std::string(member) + ": " : ", ").append(shown(value)).append(what);
    };
    for (const T& value : a) {
        if (!b.contains(value)) add(value, " was not stored");
    }
    for (const T& value : b) {
        if (!a.contains(value)) add(value, " is stored besides");
    }
    return out;
}

}  // namespace

result<company> get_company::decode(const raw_response& answer) {
    auto out = detail::decode_json<company>(answer.body);
    if (!out) return out;
    auto document = detail::decode_json<raw_json>(answer.body);
    if (!document) return document.error();
    out->document = std::move(*document);
    return out;
}

void update_webhooks::write(wire_request& w) const {
    if (webhook_urls.is_absent() && webhook_triggers.is_absent()) w.refuse("webhook_urls", "nothing is to be changed");
    if (webhook_urls) {
        for (const std::string& url : *webhook_urls) {
            if (!url.starts_with("https://") && !url.starts_with("http://")) {
                w.refuse("webhook_urls", "each must begin with https:// or http://");
            }
        }
    }
    if (webhook_triggers) {
        for (const webhook_trigger& t : *webhook_triggers) w.require("webhook_triggers", t.str());
    }
    detail::set_body(w, *this);
}

error update_webhooks::compare(const webhook_settings& echo) const {
    std::string complaint;
    if (webhook_urls) complaint = difference("webhook_urls", *webhook_urls, echo.webhook_urls);
    if (webhook_triggers) {
        const auto more = difference("webhook_triggers", *webhook_triggers, echo.webhook_triggers);
        if (!complaint.empty() && !more.empty()) complaint.append("; ");
        complaint.append(more);
    }
    if (complaint.empty()) return error();
    return error(errc::not_applied, std::move(complaint), delivery::answered);
}

}  // namespace cubicasa
