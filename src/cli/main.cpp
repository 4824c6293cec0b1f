// The program `cubicasa`: what the library does, for the shell.
#include "advice.hpp"
#include "interruption.hpp"
#include "parser.hpp"
#include "session.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <cerrno>
#include <csignal>
#include <exception>
#include <iostream>

namespace cubicasa::cli {

namespace {

// Runs the command to its end, or to the end that Ctrl-C makes.
exit_status run(session& s, const command& what, const arguments& given) {
    exit_status out{};
    asio::cancellation_signal cancel;
    const auto interrupt = [&] {
        s.interrupted = true;
        if (s.on_interrupt) {
            s.on_interrupt();
        } else {
            cancel.emit(asio::cancellation_type::terminal);
        }
    };
    const interruption signals(s.background.get_executor(), [&] { asio::post(s.context, interrupt); });
    const auto ended = [&](std::exception_ptr thrown, exit_status status) {
        if (thrown) std::rethrow_exception(thrown);
        out = status;
        s.context.stop();  // whatever else is in work has no more to say
    };
    asio::co_spawn(s.context, what.run(s, given), asio::bind_cancellation_slot(cancel.slot(), ended));
    s.context.run();
    s.out.flush();
    return out;
}

exit_status interrupted(session& s) {
    if (!s.ends_by_signal) s.err.note("interrupted" + (s.so_far.empty() ? "" : "; " + s.so_far));
    return exit_status::interrupted;
}

// Whatever happens, an exit status and a sentence.
exit_status guarded(session& s, const command& what, const arguments& given) {
    try {
        const exit_status out = run(s, what, given);
        return s.interrupted ? interrupted(s) : out;
    } catch (const closed_pipe&) {
        return exit_status::done;
    } catch (const usage_error& e) {
        s.err.fail("usage", e.what(), exit_status::usage);
        return exit_status::usage;
    } catch (const failure& e) {
        if (s.interrupted && e.details() == condition::cancelled) {
            const bool matters = may_have_been_done(e.details()) || of_a_change(e.details());
            if (matters) s.err.fail(e.details(), exit_status::interrupted);
            return interrupted(s);
        }
        const exit_status out = status_of(e.details());
        s.err.fail(e.details(), out);
        return out;
    } catch (const boost::system::system_error& e) {
        if (s.interrupted) return interrupted(s);
        s.err.fail("other", e.what(), exit_status::refused);
        return exit_status::refused;
    }
}

// The arguments may be what is wrong; then nothing is known of how errors are wanted but this.
options options_of(int count, char** words) {
    arguments given;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--output" && i + 1 < count) given.add("--output", words[i + 1]);
        if (word.starts_with("--output=")) given.add("--output", std::string(word.substr(9)));
    }
    try {
        return options(given);
    } catch (const usage_error&) {
        return options();
    }
}

exit_status main(int count, char** words) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        const parsed line = parse(count, words);
        if (line.what == nullptr) {
            std::cout << line.help << std::flush;
            if (std::cout) return exit_status::done;
            throw failure(error(error_code(errno, boost::system::generic_category()), "standard output"));
        }
        asio::io_context context(1);
        session s(context, *line.what, line.global);
        for (const std::string& note : line.notes) s.err.note(note);
        return guarded(s, *line.what, line.given);
    } catch (const std::exception& e) {
        reporter err(options_of(count, words));
        if (const auto* f = dynamic_cast<const failure*>(&e)) {
            err.fail(f->details(), status_of(f->details()));
            return status_of(f->details());
        }
        const bool usage = dynamic_cast<const usage_error*>(&e) != nullptr;
        const exit_status out = usage ? exit_status::usage : exit_status::refused;
        err.fail(usage ? "usage" : "other", e.what(), out);
        return out;
    }
}

}  // namespace

}  // namespace cubicasa::cli

int main(int count, char** words) { return static_cast<int>(cubicasa::cli::main(count, words)); }
