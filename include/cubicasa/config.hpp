// Configuration of a client and of one call. Options are grouped by concern; every member has its default here.
#pragma once

#include <cubicasa/observer.hpp>
#include <cubicasa/secret.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace cubicasa {

// None of these is an aggregate: g++ 12 destroys temporaries of aggregate type in a co_await expression twice.

class timeout_options {
public:
    timeout_options() {}
    // The whole call: waiting, connecting and repeating included.
    std::chrono::milliseconds total{std::chrono::seconds(60)};
    // One phase of one attempt.
    std::chrono::milliseconds pool_wait{std::chrono::seconds(60)};  // in line for a connection
    std::chrono::milliseconds resolve{std::chrono::seconds(10)};    // of the host's name
    std::chrono::milliseconds connect{std::chrono::seconds(10)};  // TCP, all addresses of the host; each gets its share
    std::chrono::milliseconds handshake{std::chrono::seconds(10)};   // TLS
    std::chrono::milliseconds write{std::chrono::seconds(30)};       // of the whole request
    std::chrono::milliseconds first_byte{std::chrono::seconds(30)};  // from the end of the request to the answer
    std::chrono::milliseconds read_idle{std::chrono::seconds(15)};   // from some bytes of the answer to the next
};

class pool_options {
public:
    pool_options() {}
    std::size_t max_connections = 64;     // per origin
    std::size_t max_connecting = 16;      // of these, being made at once
    std::size_t max_waiting = 1'000'000;  // calls in line for those of others; one more: pool_exhausted
    std::chrono::milliseconds max_idle{std::chrono::seconds(55)};
    std::chrono::milliseconds max_age{std::chrono::minutes(10)};
};

class tls_options {
public:
    tls_options() {}
    std::string ca_file;      // PEM; empty: the system's trusted authorities
    std::string ca_pem;       // the same as text, used in addition to ca_file
    bool tls12_only = false;  // for servers that break on TLS 1.3
};

// What is repeated depends on what the server may have done, see README. Pauses are drawn between 0 and a bound that
// begins with `base` and doubles (full jitter), or are what the server asks for, if that is longer.
class retry_options {
public:
    retry_options() {}
    int max_attempts = 4;  // of one call, the first included; 1: never repeat after a pause. The one repeat at once,
                           // when a kept connection turns out to be closed, comes on top.
    std::chrono::milliseconds base{200};
    std::chrono::milliseconds max_pause{std::chrono::seconds(10)};
    // A server that asks for more silence than this is not obeyed: the call fails and tells what it asked for.
    std::chrono::milliseconds max_retry_after{std::chrono::seconds(60)};
    // Of all calls together: a repetition takes one from the budget, a good answer returns `refund`.
    double budget = 20;
    double refund = 0.1;
};

// How fast attempts may begin, in order of arrival. Concurrency is limited by pool_options.
class rate_options {
public:
    rate_options() {}
    double per_second = 0;  // 0: no limit
    double burst = 1;       // attempts that may begin at once after a pause
};

class limit_options {
public:
    limit_options() {}
    std::size_t header = 64 * 1024;       // bytes of an answer's head
    std::size_t body = 16 * 1024 * 1024;  // bytes of an answer's body
};

class client_config {
public:
    client_config() {}

    // Reads CUBICASA_API_KEY, CUBICASA_BASE_URL and CUBICASA_CA_FILE. A variable that is not set leaves the default.
    static client_config from_env();

    std::string base_url = "https://app.cubi.casa/api/integrate/v3";
    secret api_key;
    timeout_options timeouts;
    pool_options pool;
    retry_options retry;
    rate_options rate;
    tls_options tls;
    limit_options limits;
    // An http:// base URL is refused unless its host is a loopback address or this is set: the key would be readable.
    bool allow_plain_http = false;
    // Replaces the path of an operation: {"redeliver_order", "/orders/{order_id}/redeliver"}.
    std::map<std::string, std::string, std::less<>> paths;
    std::string user_agent;  // empty: the library's name and version
    // Is told what happens; see observer.hpp.
    cubicasa::observer observer;
};

// What one call may do otherwise than the client's configuration says.
class call_options {
public:
    call_options() {}
    // Instead of those of timeout_options. A connection is made for the whole client, so the times for its making
    // belong to the client; the call waits for it no longer than `pool_wait`.
    std::optional<std::chrono::milliseconds> total;
    std::optional<std::chrono::milliseconds> pool_wait;
    std::optional<std::chrono::milliseconds> write;
    std::optional<std::chrono::milliseconds> first_byte;
    std::optional<std::chrono::milliseconds> read_idle;
    // The caller does not mind if this is done twice: then it is repeated like a read, even if it may cost money.
    bool may_repeat = false;
};

}  // namespace cubicasa
