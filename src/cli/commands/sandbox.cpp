// sandbox: the built-in server, for trying things out.
#include "../fault_script.hpp"
#include "../files.hpp"
#include "parts.hpp"

#include <cubicasa/testing/sandbox.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <system_error>

extern char** environ;

namespace cubicasa::cli {

namespace {

std::int64_t number_of(const arguments& given, const char* name, std::int64_t usual, std::int64_t most) {
    const std::int64_t out = given.integer(name).value_or(usual);
    if (out < 0 || out > most) throw usage_error(std::string(name) + ": 0 to " + std::to_string(most));
    return out;
}

testing::sandbox_options sandbox_options_of(const arguments& given) {
    testing::sandbox_options out;
    out.orders = static_cast<std::size_t>(number_of(given, "--orders", 0, 10'000'000));
    out.port = static_cast<unsigned short>(number_of(given, "--port", 0, std::numeric_limits<unsigned short>::max()));
    out.examples = !given.has("--no-examples");
    if (given.has("--production-time")) {
        out.production_time = std::chrono::milliseconds(number_of(given, "--production-time", 0, 1'000'000'000));
    }
    const std::string paging = given.text("--paging");
    if (paging == "from_one")
        out.paging = testing::paging_style::from_one;
    else if (paging == "skipping")
        out.paging = testing::paging_style::skipping;
    else if (!paging.empty() && paging != "exact")
        throw usage_error("--paging: one of exact, from_one, skipping");
    return out;
}

// Starts this program once more, without --background, and waits until it serves. A fork would have one of our threads.
exit_status serve_in_background(session& s, const arguments& given) {
    std::vector<std::string> words{"cubicasa", "sandbox"};
    for (const parameter& p : s.running.parameters) {
        for (const std::string& value : given.all(p.name)) {
            if (p.name == "--background") continue;
            words.push_back(p.name);
            if (p.type != kind::flag) words.push_back(value);
        }
    }
    std::vector<char*> pointers;
    for (std::string& w : words) pointers.push_back(w.data());
    pointers.push_back(nullptr);

    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // Ctrl-C is not for it
    pid_t child = 0;
    const int wrong = ::posix_spawn(&child, "/proc/self/exe", &actions, &attributes, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    ::close(ends[1]);
    if (wrong != 0) throw std::system_error(wrong, std::generic_category(), "/proc/self/exe");
    std::string lines;
    char piece[512];
    for (ssize_t n = 1; n > 0 && std::count(lines.begin(), lines.end(), '\n') < 3;) {
        n = ::read(ends[0], piece, sizeof piece);
        if (n > 0) lines.append(piece, static_cast<std::size_t>(n));
    }
    ::close(ends[0]);
    if (std::count(lines.begin(), lines.end(), '\n') < 3) {
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? static_cast<exit_status>(WEXITSTATUS(status))
                                 : exit_status::refused;  // it has said why
    }
    s.out.bytes(lines + "export CUBICASA_SANDBOX_PID=" + std::to_string(child) + "\n");
    return exit_status::done;
}

std::unique_ptr<testing::sandbox> start(const testing::sandbox_options& options) {
    try {
        return std::make_unique<testing::sandbox>(options);
    } catch (const boost::system::system_error& e) {
        throw usage_error("--port " + std::to_string(options.port) + ": " + e.code().message());
    }
}

asio::awaitable<exit_status> serve(session& s, const arguments& given) {
    if (given.has("--background")) co_return serve_in_background(s, given);
    const testing::sandbox_options options = sandbox_options_of(given);
    const std::string script = given.has("--fault") ? read_file(given.text("--fault")) : std::string();
    const auto faults = parse_fault_script(script);
    const auto server = start(options);
    for (const testing::fault& f : faults) server->inject(f);
    std::string ca = server->ca_file();
    if (given.has("--ca-out")) {
        ca = given.text("--ca-out");
        replace_file(ca, server->ca_pem());
    }
    s.out.bytes("export CUBICASA_BASE_URL=" + server->base_url() + "\nexport CUBICASA_API_KEY=" + options.api_key +
                "\nexport CUBICASA_CA_FILE=" + ca + "\n");
    s.out.flush();
    asio::steady_timer for_ever(s.context, asio::steady_timer::time_point::max());
    s.ends_by_signal = true;
    const on_interrupt stop(s, [&] { for_ever.cancel(); });
    boost::system::error_code ec;
    co_await for_ever.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    co_return exit_status::done;
}

}  // namespace

std::vector<command> sandbox_commands() {
    return {
        {"",
         "sandbox",
         "Serve the whole API on this machine, with made-up data",
         "Prints the environment that points this program, and every program built on the library, at it, and serves "
         "until it is interrupted. A line of a fault script has the name of a fault, its value, and then, if it is not "
         "for every request: 'on METHOD PATH', 'times N', 'after N', 'probability P'; for instance 'status 503 on GET "
         "/orders/ times 2'. Faults: " +
             fault_names() + ".",
         "eval \"$(cubicasa sandbox --orders 300 --background)\"     # later: kill $CUBICASA_SANDBOX_PID",
         {{"--orders", "N", "Make N orders besides the two of the documentation", kind::integer},
          {"--port", "P", "Listen there; on any free one without", kind::integer},
          {"--fault", "SCRIPT", "A file that says what goes wrong; '-' is standard input", kind::file},
          {"--background", "", "Come back when it serves", kind::flag},
          {"--no-examples", "", "Without the two orders of the documentation, whose files are elsewhere", kind::flag},
          {"--production-time", "MS",
           "What was asked for is done after so many milliseconds: drafts become Pending, Pending and Fixing Ready; "
           "without, orders stay as they are",
           kind::integer},
          {"--paging",
           "STYLE",
           "How next_offset counts",
           kind::text,
           false,
           false,
           {},
           {"exact", "from_one", "skipping"}},
          {"--ca-out", "FILE", "Write the certificate of the authority there", kind::file}},
         serve},
    };
}

}  // namespace cubicasa::cli
