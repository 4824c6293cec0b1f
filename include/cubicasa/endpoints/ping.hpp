// Is the key good, and is anybody there? Includes endpoint.hpp and result.hpp.
#pragma once

#include <cubicasa/endpoint.hpp>
#include <cubicasa/result.hpp>

namespace cubicasa {

enum class ping_verdict {
    good_key,     // the service answered, and took the key
    bad_key,      // the service answered, and refused the key (401, 403)
    no_service,   // something answered, but not as the service does: 5xx, HTML, a wrong base URL
    unreachable,  // no complete answer: name look-up, connection, TLS, or time
};

std::string_view to_string(ping_verdict) noexcept;

struct ping_result {
    ping_verdict verdict = ping_verdict::unreachable;
    error problem;  // what is behind a verdict that is not good_key

    explicit operator bool() const noexcept { return verdict == ping_verdict::good_key; }
};

// GET /orders?limit=1, since that operation is documented. Only what says nothing about the service is an error:
// cancellation, close(), a client that cannot send.
class ping {
public:
    using response = ping_result;
    static constexpr std::string_view name = "ping";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/orders";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    ping() {}

    friend void encode(const ping&, wire_request& w) { w.query("limit", 1); }

    static result<ping_result> conclude(result<raw_response> answer);
};

}  // namespace cubicasa
