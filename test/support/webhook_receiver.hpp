// Listens for the sandbox's webhooks, over HTTP or TLS, and answers as it is told to.
#pragma once

#include "sandbox_support.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace test {

class webhook_receiver {
public:
    struct event {
        std::string method;
        std::string target;
        std::string content_type;
        json::value body;
    };

    // `statuses` are what the first requests are answered with; then it is 200.
    explicit webhook_receiver(std::deque<unsigned> statuses = {}, bool tls = false);
    ~webhook_receiver();
    webhook_receiver(const webhook_receiver&) = delete;
    webhook_receiver& operator=(const webhook_receiver&) = delete;

    unsigned short port() const;
    std::string url(const std::string& path = "/hook") const;

    // Waits for the next one.
    event next();

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

inline const std::string every_trigger =
    R"(["moved_to_draft", "moved_to_pending", "moved_to_ready", "moved_to_fixing"])";
inline void register_urls(const cubicasa::testing::sandbox& server, const std::vector<std::string>& urls,
                          const std::string& triggers = every_trigger) {
    plain_client client(server);
    const std::string body =
        R"({"webhook_triggers": )" + triggers + R"(, "webhook_urls": )" + json::serialize(json::value_from(urls)) + "}";
    BOOST_REQUIRE_EQUAL(client.call("PATCH", "/companies/webhook", body).status, 200);
}

// Returns the id in the answer.
inline std::string post(const cubicasa::testing::sandbox& server, const std::string& path, const std::string& body) {
    plain_client client(server);
    const reply r = client.call("POST", path, body);
    BOOST_REQUIRE_EQUAL(r.status, 200);
    return text_of(r.parsed(), "id");
}

// "Pending > Ready"
inline std::string step(const webhook_receiver::event& e) {
    const json::value& before = e.body.at("previous_status");
    return (before.is_null() ? "null" : std::string(before.as_string())) + " > " + text_of(e.body, "current_status");
}

}  // namespace test
