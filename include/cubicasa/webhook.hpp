// webhook_receiver: takes the events that the server sends, inside of any HTTP server. Includes no HTTP library.
#pragma once

#include <cubicasa/generator.hpp>
#include <cubicasa/models/order_event.hpp>
#include <cubicasa/secret.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cubicasa {

namespace detail {
class webhook_inbox;
struct webhook_access;
}  // namespace detail

class webhook_options {
public:
    webhook_options() {}
    explicit webhook_options(secret unguessable) : token(std::move(unguessable)) {}

    // The last segment of the path, the only thing that tells the service from anybody else (contract 7.3). 16 to 200
    // letters, digits, '-', '_'. make_webhook_token() makes one; keep it, since it is part of the registered URL.
    secret token;
    std::string path = "/webhooks/cubicasa/";  // what comes before it; begins and ends with '/'
    std::size_t waiting = 1024;                // events that nobody has taken yet; more are answered with 503
    // How long after an event an equal one is taken for a repeat of it. A longer window may drop a second edit, whose
    // event has nothing that tells it from the first (contract 7.4).
    std::chrono::milliseconds window{60'000};
    std::size_t body = 16 * 1024;  // bytes; more are answered with 413. Real ones have 250.
};

// 32 hexadecimal digits from the system's source of randomness. Throws `failure`.
secret make_webhook_token();

// What the sender is to be answered.
class webhook_reply {
public:
    webhook_reply() {}
    explicit webhook_reply(int code, std::string_view json = {}) : status(code), body(json) {}

    int status = 0;
    std::string_view body;        // JSON, static
    int retry_after = 0;          // seconds, for a header field; 0: none
    std::string_view allow = {};  // for a header field; empty: none
};

struct webhook_stats {
    std::uint64_t accepted = 0;
    std::uint64_t repeated = 0;     // answered as if accepted
    std::uint64_t full = 0;         // answered with 503, too many waited
    std::uint64_t closed = 0;       // answered with 503, after close()
    std::uint64_t wrong_token = 0;  // answered with 404
    std::uint64_t refused = 0;      // had the token, and were no event: a wrong method, too large, not understood
    std::size_t waiting = 0;        // now
};

// A handle to a queue of events; copies share it. Thread-safe. It answers before anybody looks at an event, takes an
// event only if there is room for it, and believes nothing: see confirm().
//
// In a Beast server, before its own routes:
//
//     if (auto answer = hooks.answer<http::response<http::string_body>>(request)) return std::move(*answer);
//
// In any other, call receive() for what owns() claims. webhook_listener is a server for those who have none.
class webhook_receiver {
public:
    // Throws `failure` with errc::invalid_configuration for a path or token that cannot be used.
    explicit webhook_receiver(webhook_options options);

    // The request is for the receiver, with the right token or not.
    bool owns(std::string_view target) const noexcept;

    // What can be said without the body: nothing if the body is wanted. Compares the token in constant time. `length`
    // is the body's size in bytes, 0 if the request does not tell.
    std::optional<webhook_reply> screen(std::string_view method, std::string_view target,
                                        std::uint64_t length = 0) const noexcept;

    // Takes a request. Never throws for what a sender does: bad input is an answer (400, 404, 405, 413, 503).
    webhook_reply receive(std::string_view method, std::string_view target, std::string_view body) const;

    // The same for requests and responses of Beast, or that look like them; the body must be one piece of memory.
    // Nothing if the request is not for the receiver.
    template <class Response, class Request>
    std::optional<Response> answer(const Request& request) const {
        const auto view = [](const auto& text) { return std::string_view(text.data(), text.size()); };
        if (!owns(view(request.target()))) return std::nullopt;
        return respond<Response>(request,
                                 receive(view(request.method_string()), view(request.target()), view(request.body())));
    }
    template <class Response, class Request>
    static Response respond(const Request& request, const webhook_reply& reply) {
        Response out;
        out.version(request.version());
        out.result(static_cast<unsigned>(reply.status));
        out.set("Content-Type", "application/json");
        if (reply.retry_after > 0) out.set("Retry-After", std::to_string(reply.retry_after));
        if (!reply.allow.empty()) out.set("Allow", reply.allow);
        out.keep_alive(request.keep_alive());
        out.body().assign(reply.body.begin(), reply.body.end());
        out.prepare_payload();
        return out;
    }

    // The URL to register: `base` is scheme and host, "https://hooks.example.com". It holds the token.
    std::string url(std::string_view base) const;

    // The events, oldest first, to the end after close(). Destroying the generator loses none: the next one goes on.
    // One next() waits at a time, of all generators; another one fails with errc::invalid_argument. position() is
    // empty.
    async_generator<order_event> events() const;

    // Answers 503 from now on, and ends events() behind what waits.
    void close() const noexcept;

    webhook_stats stats() const;
    const webhook_options& options() const noexcept;

private:
    friend struct detail::webhook_access;
    std::shared_ptr<detail::webhook_inbox> inbox_;
};

}  // namespace cubicasa
