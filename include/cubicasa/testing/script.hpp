// Scripted faults of the sandbox: what goes wrong, for which requests, how often. Standard library only.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cubicasa::testing {

using header_list = std::vector<std::pair<std::string, std::string>>;

namespace detail {

struct replacement_answer {
    int status = 200;
    std::string content_type;
    std::string body;
    header_list headers;
};

// What a fault does to an answer. Everything that is set applies.
struct fault_effects {
    bool refuse_handshake = false;
    bool hang_handshake = false;
    bool no_answer = false;
    bool hang = false;
    bool garbage = false;
    bool chunked = false;
    bool until_eof = false;
    bool announce_close = false;
    bool no_close_notify = false;
    std::optional<replacement_answer> instead;
    std::optional<std::size_t> reset_after;
    std::optional<std::size_t> truncate_after;
    std::chrono::milliseconds delay{0};
    std::chrono::milliseconds drip_interval{0};
    std::size_t drip_bytes = 0;
    std::size_t interim_answers = 0;
    std::size_t header_filler = 0;
    long length_delta = 0;
    std::string surplus;
    header_list headers;
    bool ignore_range = false;
    bool ignore_if_range = false;
    bool range_not_satisfiable = false;
    bool no_content_range = false;
    bool no_validators = false;
    bool weak_etag = false;
    long range_delta = 0;
    std::optional<std::size_t> short_range;
};

}  // namespace detail

// One thing that goes wrong. Without on() it concerns every request, without times() it happens for ever:
//
//     sandbox.inject(fault::status(503, "{}", {{"Retry-After", "1"}}).on("GET", "/orders").after(2).times(1));
//
// The first fault given to the sandbox that matches a request and has occurrences left is the one that happens.
// Faults that bring their own answer (status, html, empty_body, broken_json, huge_body, garbage) keep the operation
// from being carried out; with all others the server has acted.
class fault {
public:
    // Resets the TCP connection after this many bytes of the answer, its head included.
    static fault reset_after(std::size_t bytes);
    // Ends the connection, in order, without any answer.
    static fault close_before_answer();
    // Ends the connection, in order, after the head and this many bytes of the body.
    static fault truncate_after(std::size_t body_bytes);
    // Answers with this. Without a Content-Type among the headers it is application/json.
    static fault status(int code, std::string body = {}, header_list headers = {});
    // 200 with a login page.
    static fault html();
    static fault empty_body();
    // 200 with JSON that breaks off.
    static fault broken_json();
    // Content-Length differs from the body by this much. If it is too long, the connection ends after the body; if
    // too short, the rest follows and the connection stays.
    static fault lying_length(long delta);
    // Sends the answer in portions of this many bytes, with a pause between them.
    static fault drip(std::size_t bytes, std::chrono::milliseconds interval);
    // Waits before the first byte of the answer.
    static fault delay(std::chrono::milliseconds time);
    // Takes the request and stays silent until the client goes.
    static fault never_answer();
    // The same answer in chunked coding, with a chunk extension and a trailer.
    static fault chunked();
    // Sends this many interim answers first: 100 and 103 by turns.
    static fault continue_100(std::size_t count);
    // Adds a header field whose value has this many bytes.
    static fault huge_header(std::size_t bytes);
    // 200 with a JSON body of this many bytes.
    static fault huge_body(std::size_t bytes);
    // Answers with bytes that are not HTTP, and ends the connection.
    static fault garbage();
    // Announces `Connection: close`, and does it.
    static fault connection_close();
    // No length: the body ends with the connection, as is announced.
    static fault until_eof();
    // Sends this right behind the answer, as if it belonged to it.
    static fault extra_after_answer(std::string text);
    // Ends the connection after the answer without saying so, in HTTP or in TLS.
    static fault no_close_notify();
    // Adds this field to the answer, in place of those of the same name.
    static fault header(std::string name, std::string value);

    // These happen to requests for files, sandbox::file_bytes(); to others nothing happens.
    // Answers a request for a range with 200 and the whole file.
    static fault ignore_range();
    // Answers with the range, whatever If-Range says: with bytes of the new file where the old one is meant.
    static fault ignore_if_range();
    // 206 with a range that begins later by this much, or earlier. Content-Range and the length are true of the bytes
    // sent, so that who looks at the status alone gets a file of the wrong bytes. The last byte is as asked.
    static fault wrong_content_range(long delta);
    // 206 without Content-Range; the bytes are as asked.
    static fault no_content_range();
    // 206 with only so many of the bytes asked for, 1 at least; Content-Range and the length are true.
    static fault short_range(std::size_t bytes);
    // Answers a request for a range, any, with 416.
    static fault range_not_satisfiable();
    // No ETag and no Last-Modified; If-Range matches nothing.
    static fault no_validators();
    // The ETag is a weak one, which If-Range must not match.
    static fault weak_etag();

    // These two happen to connections, not to requests: on() does not concern them.
    // Answers the client's hello with a TLS alert.
    static fault refuse_handshake();
    // Accepts the connection and stays silent until the client goes.
    static fault hang_handshake();

    // Only for requests with this method (empty: any) whose path begins so; the path is relative to the base URL, or
    // the full one for what is outside of it: on("GET", "/orders"), on("", "/files/").
    [[nodiscard]] fault on(std::string_view method, std::string_view path_prefix) const;
    // Happens this many times, then no more.
    [[nodiscard]] fault times(std::size_t count) const;
    // Lets this many matching requests or connections pass first.
    [[nodiscard]] fault after(std::size_t count) const;
    // Happens to each matching request or connection with this probability, 0 to 1; by the same dice in each run.
    [[nodiscard]] fault with_probability(double p) const;
    // Both at once: status(503).also(fault::delay(20ms)). Keeps its own on(), times(), after() and
    // with_probability().
    [[nodiscard]] fault also(const fault& other) const;

    const detail::fault_effects& effects() const noexcept { return effects_; }
    bool concerns_connections() const noexcept { return effects_.refuse_handshake || effects_.hang_handshake; }
    bool matches(std::string_view method, std::string_view path) const noexcept;
    std::optional<std::size_t> occurrences() const noexcept { return times_; }
    std::size_t skipped() const noexcept { return after_; }
    double probability() const noexcept { return probability_; }

private:
    fault() = default;

    detail::fault_effects effects_;
    std::string method_;
    std::string path_;
    std::optional<std::size_t> times_;
    std::size_t after_ = 0;
    double probability_ = 1;
};

}  // namespace cubicasa::testing
