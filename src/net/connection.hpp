// One TCP connection, with TLS driven directly over it or plain. Asio sockets, OpenSSL and a buffer; no HTTP.
#pragma once

#include "origin.hpp"
#include "stoppable.hpp"
#include "task.hpp"
#include "tls_context.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cubicasa::detail {

// Passive: owned by whoever uses it, and without a pending operation in between, so it keeps no work alive. Not
// thread-safe. The tasks belong to the stoppable that they are given, and end early when it stops;
// then the connection is good for nothing but its destruction.
class connection {
public:
    using clock = std::chrono::steady_clock;

    // `tls` may be null: a plain connection.
    connection(const asio::any_io_executor& executor, std::shared_ptr<tls_context> tls, const origin& to);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // May be tried with one address after the other.
    task<error_code> connect(stoppable& owner, const asio::ip::tcp::endpoint& endpoint);

    // Does nothing on a plain connection. Our last message is left to go with the first request: one system call less,
    // and one packet.
    task<error> handshake(stoppable& owner);
    // Sends that message now, for no request follows at once. Never waits.
    void end_handshake();

    // Writes all of `data`. `written` is the number of bytes given to the system, TLS framing included, and is right
    // after a failure too. would_block: the rest is for write_more() when wait_for_either() has ended; most requests
    // leave at once, and then no coroutine is needed for it.
    error_code write(std::string_view data, std::size_t& written);
    error_code write_more(std::size_t& written);

    // Reads at least one byte of what has come. would_block: nothing has, see wait_for_input(). asio::error::eof: the
    // peer has ended the stream in order. errc::truncated: a TLS stream ended without close_notify, so that something
    // may be missing.
    error_code read_some(asio::mutable_buffer space, std::size_t& n);
    // A TLS record and its overhead.
    static constexpr std::size_t read_size = 17 * 1024;
    // To be awaited by a task, with an error_code as its result: until the peer sends something, or ends, or sooner.
    // `most`: bytes to take from the system at once.
    class input_wait;
    input_wait wait_for_input(stoppable& owner, std::size_t most = read_size);
    // Until the peer has taken something, or has sent something, or has ended.
    task<error_code> wait_for_either(stoppable& owner);
    // Takes what the peer has sent. would_block: nothing.
    error_code take_input(std::size_t most = read_size);

    // Gives memory back that an idle connection does not need: most of what it has.
    void rest();

    // False when the peer has closed or has sent something that nobody asked for. Never waits. `glance`: the system is
    // not asked, if it had nothing more when the last answer was read.
    enum class check { glance, look };
    bool healthy(check how);

    bool encrypted() const noexcept { return ssl_ != nullptr; }

    // False: it is new.
    bool was_idle() const noexcept { return idle_since != clock::time_point(); }

    // Whether the stream was resumed from an earlier session.
    bool resumed() const noexcept;

    std::uint64_t number = 0;     // for people
    std::string_view closed_for;  // why it is closed; empty: for its age, or nobody wanted it
    clock::time_point usable_until{};
    clock::time_point idle_since{};
    boost::beast::flat_buffer unparsed;  // what was read and is still to be looked at; empty between calls
    std::uint32_t answers = 0;           // complete messages read

private:
    friend struct transport_bio;

    bool peer_ended_ = false;  // here for the sake of size: most connections are idle
    bool broken_ = false;
    bool drained_ = false;  // the system had less than there was room for

    error_code stop_code(const stoppable& owner) const noexcept { return make_error_code(owner.reason()); }
    error_code flush(std::size_t& written);
    error_code encrypt(std::string_view& data);
    error_code read_failure(int ssl_error);
    static void interrupt(void* self);

    const origin& origin_;
    asio::ip::tcp::socket socket_;
    std::shared_ptr<tls_context> context_;
    ssl_ptr ssl_;
    // Ciphertext on its way: what the peer has sent and OpenSSL has not yet taken, and what is to be sent.
    boost::beast::flat_buffer in_;
    std::string out_;
    std::size_t out_begin_ = 0;
    std::string_view unwritten_;  // what OpenSSL has not yet taken of the request
};

// No coroutine of its own, for each call waits like this.
class connection::input_wait {
public:
    input_wait(connection& from, stoppable& owner, std::size_t most);

    bool await_ready() const noexcept { return static_cast<bool>(failure_); }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> by) noexcept {
        suspend(by, *by.promise().root);
    }
    error_code await_resume();

private:
    struct begin {
        input_wait& of;
        template <class Handler>
        void operator()(Handler handler);
    };

    void suspend(std::coroutine_handle<> by, task_root& root) noexcept;

    connection& from_;
    stoppable& owner_;
    error_code failure_;
    asio::mutable_buffer space_;  // empty: what OpenSSL has to say must leave first
    stoppable::waiting wait_;
    task_operation<begin, error_code, std::size_t> operation_;
};

}  // namespace cubicasa::detail
