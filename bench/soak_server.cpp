// The process of the soak's server. It ends when the other process does, however that ends.
#include "soak_server.hpp"

#include <cubicasa/testing/sandbox.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace soak {

namespace {

using cubicasa::testing::fault;
using cubicasa::testing::recorded_request;
using cubicasa::testing::sandbox;

void must(bool good, const char* what) {
    if (!good) throw std::system_error(errno, std::generic_category(), what);
}

// Every kind that the sandbox knows, except those that are refused for their size alone after much work.
std::vector<fault> every_kind() {
    return {fault::reset_after(0),
            fault::reset_after(100),
            fault::close_before_answer(),
            fault::truncate_after(10),
            fault::status(500, "{}"),
            fault::status(502, "<html>bad gateway</html>", {{"Content-Type", "text/html"}}),
            fault::status(503, "{}"),
            fault::status(503, "{}", {{"Retry-After", "0"}}),
            fault::status(429, "{}"),
            fault::html(),
            fault::empty_body(),
            fault::broken_json(),
            fault::lying_length(7),
            fault::lying_length(-7),
            fault::drip(200, 1ms),
            fault::delay(20ms),
            fault::never_answer(),
            fault::chunked(),
            fault::continue_100(3),
            fault::huge_header(70 * 1024),
            fault::huge_body(2 * 1024 * 1024),
            fault::garbage(),
            fault::connection_close(),
            fault::until_eof(),
            fault::extra_after_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
            fault::no_close_notify(),
            fault::refuse_handshake(),
            fault::hang_handshake()};
}

void write_all(int to, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(to, text.data(), text.size());
        must(n > 0, "write");
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

void write_down(std::FILE* log, const recorded_request& r) {
    if (r.status < 200 || r.status > 299) return;
    constexpr std::string_view tag = "\"soak-";
    const std::size_t at = r.body.find(tag);
    if (at == std::string::npos) return;
    log_entry e;
    const char* const begin = r.body.data() + at + tag.size();
    std::from_chars(begin, r.body.data() + r.body.size(), e.number);
    e.what = r.method == "POST" ? 'c' : 'u';
    std::fwrite(&e, sizeof e, 1, log);
}

// The life of the process: address and authority go out, then each byte that comes in is a command, and the end of
// the input is the end of it.
int serve(int in, int out, int log_file, std::size_t orders, double faults) {
    std::FILE* const log = ::fdopen(log_file, "a");
    must(log != nullptr, "fdopen");
    cubicasa::testing::sandbox_options options;
    options.orders = orders;
    options.recorded_requests = 0;
    options.on_request = [log](const recorded_request& r) { write_down(log, r); };
    sandbox server(options);
    write_all(out, server.base_url() + "\n" + server.ca_file() + "\n");
    char command = 0;
    while (::read(in, &command, 1) == 1) {
        for (const fault& f : every_kind()) server.inject(f.with_probability(faults));
        write_all(out, "faults\n");
    }
    server.clear_faults();
    const auto seen = server.stats();
    std::fclose(log);
    std::ostringstream line;
    line << seen.requests << ' ' << seen.faults << ' ' << seen.peak_connections << '\n';
    write_all(out, line.str());
    return 0;
}

}  // namespace

server::server(std::size_t orders, double faults) {
    std::array<int, 2> commands{};
    std::array<int, 2> answers{};
    must(::pipe(commands.data()) == 0 && ::pipe(answers.data()) == 0, "pipe");
    std::FILE* const log = std::tmpfile();
    must(log != nullptr, "tmpfile");
    log_ = ::dup(::fileno(log));
    must(log_ != -1, "dup");
    process_ = ::fork();
    must(process_ != -1, "fork");
    if (process_ == 0) {
        ::close(commands[1]);
        ::close(answers[0]);
        int status = 1;
        try {
            status = serve(commands[0], answers[1], log_, orders, faults);
        } catch (const std::exception& e) {
            std::fprintf(stderr, "soak: the server: %s\n", e.what());
        }
        ::_exit(status);
    }
    std::fclose(log);
    ::close(commands[0]);
    ::close(answers[1]);
    to_server_ = commands[1];
    from_server_ = answers[0];
    config_.base_url = read_line();
    config_.api_key = cubicasa::testing::sandbox_options().api_key;
    config_.tls.ca_file = read_line();
}

server::~server() {
    if (to_server_ != -1) ::close(to_server_);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
    ::close(from_server_);
    ::close(log_);
}

cubicasa::client_config server::config() const { return config_; }

void server::begin_faults() {
    write_all(to_server_, "f");
    if (read_line() != "faults") throw std::runtime_error("the server is gone");
}

std::string server::read_line() {
    std::string line;
    char c = 0;
    while (::read(from_server_, &c, 1) == 1) {
        if (c == '\n') return line;
        line.push_back(c);
    }
    throw std::runtime_error("the server has ended");
}

void server::stop() {
    ::close(to_server_);
    to_server_ = -1;
    std::istringstream(read_line()) >> requests_ >> faults_ >> peak_connections_;
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    if (status != 0) throw std::runtime_error("the server has failed");
    must(::lseek(log_, 0, SEEK_SET) == 0, "lseek");
}

std::vector<log_entry> server::read_some() {
    std::vector<log_entry> out(4096);
    // A file gives whole entries: their size divides that of the buffer.
    const ssize_t n = ::read(log_, out.data(), out.size() * sizeof(log_entry));
    must(n >= 0, "read");
    out.resize(static_cast<std::size_t>(n) / sizeof(log_entry));
    return out;
}

}  // namespace soak
