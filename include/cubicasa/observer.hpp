// What happens inside a client, for logs, metrics and traces. Includes only error.hpp and the standard library.
#pragma once

#include <cubicasa/error.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

namespace cubicasa {

enum class event_kind {
    call_started,
    call_finished,      // with `status` and `code`, `attempt` and `duration` of the whole call
    attempt_answered,   // with `status`; as attempt_failed with its own `duration` (not that of waiting for the rate or
                        // through a silence), `connection` and `reused`
    attempt_failed,     // without an answer: `code`; with one that may be repeated: `status`; of a download both
    retry_planned,      // `attempt` will follow after `duration`
    throttled,          // the server wants silence for `duration`
    connection_opened,  // within `duration`
    connection_reused,
    connection_closed,  // for `reason`
    page_fetched,       // of a walk, with `records`
    page_irregular,     // of a walk, for `reason`
};

std::string_view to_string(event_kind) noexcept;

// One of these. Made from a list of what is allowed: it has no key, body, query, argument of a path, or word of the
// server's. Texts are valid during the call of the observer only.
struct event {
    event_kind kind{};
    std::uint64_t call = 0;      // the same for all events of one call, counted from 1; 0: of no call
    std::string_view operation;  // "get_order"
    std::string_view method;     // "GET"
    std::string_view path;       // the template: "/orders/{id}"; empty for a raw_request
    std::string_view host;
    std::string_view port;
    int attempt = 0;  // counted from 1
    int status = 0;   // 0: no answer
    error_code code;  // none: all is well
    cubicasa::delivery delivery{};
    std::chrono::microseconds duration{0};
    std::uint64_t connection = 0;  // counted from 1, for each host; 0: none
    bool reused = false;           // the connection has served calls before
    std::size_t records = 0;
    std::string_view reason;  // "idle limit"
};

// Called on the client's threads, by several at once if the context has several. It should be quick; what it throws
// is ignored.
using observer = std::function<void(const event&)>;

// One line about an event, as a log would have it: "get_order GET /orders/{id} 200 in 12.3 ms".
std::string describe(const event&);

}  // namespace cubicasa
