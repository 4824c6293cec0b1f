// Whether a failed attempt is repeated, decided from facts. Standard library and endpoint.hpp only.
#pragma once

#include <cubicasa/endpoint.hpp>
#include <cubicasa/error.hpp>

#include <cstddef>

namespace cubicasa::detail {

// What is known after an attempt that brought no complete answer.
struct attempt_facts {
    bool reused = false;             // the connection had served before
    std::size_t bytes_written = 0;   // of the request, given to the system
    std::size_t bytes_received = 0;  // of the answer
};

enum class retry_decision { fail, at_once };

// A kept-alive connection may be closed by the server in the moment of its use. That says nothing about the server's
// health, so a request whose repetition is harmless is sent again at once on another connection. A connection that
// has not served before proves nothing of the kind.
inline retry_decision decide_retry(const attempt_facts& facts, effect e) noexcept {
    if (!facts.reused || facts.bytes_received > 0) return retry_decision::fail;
    if (facts.bytes_written > 0 && e == effect::create) return retry_decision::fail;
    return retry_decision::at_once;
}

// What the server may have done after such an attempt.
inline delivery delivery_after(const attempt_facts& facts) noexcept {
    return facts.bytes_written > 0 ? delivery::maybe_processed : delivery::never_sent;
}

}  // namespace cubicasa::detail
