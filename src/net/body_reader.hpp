// One answer, whose body is read piece by piece into memory of the caller's. For files; exchange() is for answers that
// fit into memory.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/detail/retry_core.hpp>
#include <cubicasa/raw.hpp>

#include "connection.hpp"
#include "deadline_queue.hpp"
#include "response_parser.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cubicasa::detail {

// The coroutines end early when the owner stops. Then, and after every error, the connection is of no use any more.
class body_reader {
public:
    // `stall`: the longest time without a byte in either direction, after which the owner is stopped.
    body_reader(connection& c, stoppable& owner, deadline_queue& deadlines, std::chrono::milliseconds stall,
                const limit_options& limits, attempt_facts& facts);

    // Writes all of `request` and reads the head of its answer; interim answers are skipped.
    task<error> send(std::string_view request);

    // Status and header fields, and no body.
    const raw_response& head() noexcept { return parser_->message(); }
    // Of the body, if the head tells it.
    const std::optional<std::uint64_t>& length() const noexcept { return length_; }

    // Reads at least one byte of the body, unless there is none any more. `n` is right after an error too.
    // errc::truncated: the connection ended before the body did.
    task<error> read_some(asio::mutable_buffer space, std::size_t& n);
    // What the caller does with the bytes may take as long as it likes: the limit for a stall does not count meanwhile.
    void pause() { phase_.restart(unlimited, errc::read_timeout); }
    void go_on() { phase_.restart(stall_, errc::read_timeout); }

    // The body is complete: its length was announced and is here, or it has ended as it has to.
    bool done() const noexcept { return done_; }

    // The connection can be used again. After done().
    bool reusable() const { return done_ && !ended_ && from_.unparsed.size() == 0 && parser_->keep_alive(); }

private:
    error parse_head();
    error_code fill_known(asio::mutable_buffer space, std::size_t& n);
    error_code fill_parsed(asio::mutable_buffer space, std::size_t& n);
    task<error> wait();
    error at_end(const error_code& ec);

    connection& from_;
    stoppable& owner_;
    deadline_queue::phase phase_;
    std::chrono::milliseconds stall_;
    const limit_options& limits_;
    attempt_facts& facts_;
    std::optional<body_parser> parser_;
    std::optional<std::uint64_t> length_;
    std::uint64_t left_ = 0;  // of a body with a length
    int interim_ = 0;
    bool done_ = false;
    bool ended_ = false;  // by the end of the connection
};

}  // namespace cubicasa::detail
