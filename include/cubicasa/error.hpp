// What can go wrong, as a value that is safe to print. Includes only the standard library and Boost.System.
#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cubicasa {

using boost::system::error_code;

// The library's own error codes. Codes of the system (sockets, DNS) and of OpenSSL are passed on as they are.
enum class errc {
    // the caller's side: nothing was sent
    invalid_argument = 1,   // a required field is empty, text is not UTF-8, ...: `message` names the field
    invalid_configuration,  // base URL, key or limits cannot be used
    invalid_cursor,         // not a cursor, or the cursor of another query
    client_closed,          // close() was called, or the execution context is gone
    pool_exhausted,         // more callers wait for a connection than `pool_options::max_waiting` allows
    out_of_resources,       // the system has no memory or descriptor left

    // the call ended before an answer was complete
    cancelled,
    deadline_exceeded,  // the time for the whole call is over
    // the time for one phase is over, see timeout_options
    pool_timeout,
    resolve_timeout,
    connect_timeout,
    handshake_timeout,
    write_timeout,
    first_byte_timeout,
    read_timeout,

    // TLS
    certificate_expired,
    certificate_untrusted,      // signed by no authority that is trusted here
    certificate_name_mismatch,  // made for another host
    certificate_rejected,       // refused for any other reason
    tls_failure,                // the handshake failed, or the peer does not speak TLS

    // the answer is not HTTP as we can accept it
    malformed_http,
    truncated,         // the connection ended inside an answer
    header_too_large,  // more than `limits_options::header` bytes
    body_too_large,    // more than `limits_options::body` bytes

    // the answer has a good status, but is not what the contract says
    html_instead_of_json,
    empty_body,
    malformed_json,
    missing_member,  // an object without its `id`; `message` has the JSON pointer
    unexpected_answer,
    not_applied,  // a good answer shows that the server has ignored a part of the request; `message` names it

    // the answer has an error status
    bad_request,   // 400, 409, 415, 422: the server found the request wrong; see `error::fields`
    unauthorized,  // 401, 403
    not_found,     // 404, 410
    throttled,     // 429
    server_error,  // 5xx
    redirected,    // 3xx: never followed, since the key would go along
    unexpected_status,

    // walking lists
    paging_stalled,  // `next_offset` did not grow although `has_more` was true
    paging_broken,   // `has_more` without `next_offset`

    // downloads
    dead_link,             // 403, 404, 410: the file is not there (any more), or not for us
    html_instead_of_file,  // a page for people
    file_changed,          // the file became another one while a sink had taken a part of it

    // functions of the caller, in batches and sinks
    callback_failed,  // one threw something that tells no code; `message` has its what()

    // local files; errors of the system come as codes of boost::system::generic_category()
    file_failed,  // not what it should be: the log of another job, for instance; `message` has the path
    file_busy,    // another call, or another process, uses it
};

// Groups of codes, for `if (e.code == condition::network)`. Codes of the system belong to them as well.
enum class condition {
    timeout = 1,   // deadline_exceeded, the time of a phase, the system's timed_out
    network,       // no complete HTTP answer, for whatever reason but time and cancellation
    unauthorized,  // the key was refused
    not_found,
    invalid,  // the request is wrong, found here or by the server
    throttled,
    server_error,
    bad_answer,  // an answer came and is not what the contract says
    cancelled,
    callback,    // a function of the caller threw
    local_file,  // a file here could not be read or written: all codes of boost::system::generic_category(), and ours
};

// What the server can have done when a call failed.
enum class delivery {
    never_sent,       // not one byte of the request left
    maybe_processed,  // sent in whole or in part, and no complete answer: the server may have acted
    answered,         // the server answered: it has acted, or has refused
};

std::string_view to_string(delivery) noexcept;

const boost::system::error_category& error_category() noexcept;
const boost::system::error_category& condition_category() noexcept;

inline error_code make_error_code(errc e) noexcept { return error_code(static_cast<int>(e), error_category()); }
inline boost::system::error_condition make_error_condition(condition c) noexcept {
    return boost::system::error_condition(static_cast<int>(c), condition_category());
}

// One complaint of the server about one field (contract 6.1).
struct field_error {
    std::string place;  // "body_params", "query_params", "path_params", "form_params"; empty: refused here
    std::string path;   // "street", "order_preferences.style_2d"
    std::string text;   // the server's words, if it was the server: untrusted; cut, control characters removed
};

// Why a call failed and what the server may have done. A plain value; holds no secret, so it can be logged whole.
struct error {
    error_code code;
    cubicasa::delivery delivery = cubicasa::delivery::never_sent;
    int http_status = 0;         // 0: no answer
    int attempts = 0;            // how often the request was tried, repeats at once included
    std::string operation;       // "get_order"
    std::string request_id;      // the answer's X-Request-Id, if it had one
    std::string message;         // ours: what happened and what to do
    std::string server_message;  // theirs: untrusted; cut to 1 KiB, control characters removed
    std::optional<std::chrono::seconds> retry_after;
    std::vector<field_error> fields;

    error() = default;
    explicit error(error_code c, std::string text = {}, cubicasa::delivery d = cubicasa::delivery::never_sent)
        : code(c), delivery(d), message(std::move(text)) {}
    explicit error(errc c, std::string text = {}, cubicasa::delivery d = cubicasa::delivery::never_sent)
        : error(make_error_code(c), std::move(text), d) {}

    // True when this is an error (a default-constructed one is not).
    explicit operator bool() const noexcept { return code.failed(); }

    // One readable sentence with everything that is known.
    std::string describe() const;
};

bool operator==(const error& e, condition c) noexcept;
bool operator==(const error& e, errc c) noexcept;
std::ostream& operator<<(std::ostream&, const error&);

// The exception around an `error`; `what()` is `details().describe()`.
class failure : public boost::system::system_error {
public:
    explicit failure(error e);
    const error& details() const noexcept { return error_; }
    const char* what() const noexcept override { return text_.c_str(); }

private:
    error error_;
    std::string text_;
};

// Lets boost::system::result<T, error>::value() throw a `failure`.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location&);

}  // namespace cubicasa

template <>
struct boost::system::is_error_code_enum<cubicasa::errc> : std::true_type {};
template <>
struct boost::system::is_error_condition_enum<cubicasa::condition> : std::true_type {};
