// What a command has to work with: the client, the ways out, and what becomes of Ctrl-C.
#pragma once

#include "command.hpp"
#include "options.hpp"
#include "printer.hpp"
#include "reporter.hpp"

#include <cubicasa/client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace cubicasa::cli {

// Commands run on `context`, in the main thread. The client has a thread of its own, so that its deadlines are kept
// while the main thread waits for a slow reader of standard output.
class session {
public:
    // `global`: the options that every command takes. Throws usage_error.
    session(asio::io_context& context, const command& running, const arguments& global);
    ~session();

    // Made when it is wanted for the first time. Throws usage_error and `failure`.
    const client& api();

    std::size_t in_flight(std::size_t usual) const { return settings.in_flight.value_or(usual); }

    asio::io_context& context;
    const command& running;
    const options settings;
    reporter err;
    printer out;

    // Ctrl-C calls this instead of cancelling the command.
    std::function<void()> on_interrupt;
    bool interrupted = false;
    bool ends_by_signal = false;  // that is how it usually ends, and not worth a word
    // What is told then: "12 orders were printed".
    std::string so_far;

    // What `call` asks for, for --verbose. To be set before api() is called.
    std::string raw_path;

    asio::thread_pool background;

private:
    const arguments& global_;
    std::optional<client> api_;
};

// While it exists, Ctrl-C calls `function`.
class on_interrupt {
public:
    on_interrupt(session& s, std::function<void()> function) : session_(s) { s.on_interrupt = std::move(function); }
    ~on_interrupt() { session_.on_interrupt = nullptr; }
    on_interrupt(const on_interrupt&) = delete;
    on_interrupt& operator=(const on_interrupt&) = delete;

private:
    session& session_;
};

}  // namespace cubicasa::cli
