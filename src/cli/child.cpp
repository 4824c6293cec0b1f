// See the header.
#include "child.hpp"

#include "descriptor.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <string_view>

extern char** environ;

namespace cubicasa::cli {

namespace asio = boost::asio;

namespace {

error not_started(int code) { return error(error_code(code, boost::system::generic_category()), "--exec"); }

bool write_whole(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(file, text.data(), text.size());
        if (n < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::lseek(file, 0, SEEK_SET) == 0;
}

int spawn(const std::string& command, int input, char* const* environment, pid_t& child) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    // We ignore SIGPIPE, which it would inherit.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    std::string shell = "sh", option = "-c", text = command;
    char* const arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    const int wrong = ::posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return wrong;
}

result<pid_t> start(const std::string& command, const std::string& input,
                    const std::vector<std::pair<std::string, std::string>>& variables) {
    // A file without a name: however long the text is, nobody waits for who reads it.
    const descriptor file(::memfd_create("event", MFD_CLOEXEC));
    if (file.get() < 0 || !write_whole(file.get(), input)) return not_started(errno);
    std::vector<std::string> texts;
    for (char** v = environ; *v != nullptr; ++v) texts.emplace_back(*v);
    for (const auto& [name, value] : variables) texts.push_back(name + "=" + value);
    std::vector<char*> environment;
    for (std::string& t : texts) environment.push_back(t.data());
    environment.push_back(nullptr);
    pid_t child = 0;
    if (const int wrong = spawn(command, file.get(), environment.data(), child); wrong != 0) return not_started(wrong);
    return child;
}

std::optional<int> status_of_ended(pid_t child) {
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) return std::nullopt;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

child_runner::child_runner(asio::io_context& context) : ended_(context, SIGCHLD) {}

asio::awaitable<result<int>> child_runner::run(std::string command, std::string input,
                                               std::vector<std::pair<std::string, std::string>> variables) {
    const result<pid_t> child = start(command, input, variables);
    if (!child) co_return child.error();
    for (;;) {
        const std::optional<int> status = status_of_ended(*child);
        if (status) co_return *status;
        boost::system::error_code ec;
        // A signal that came before is told at once.
        co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        if (ec) co_return error(errc::cancelled);
    }
}

}  // namespace cubicasa::cli
