// See the header.
#include "files.hpp"

#include "arguments.hpp"
#include "descriptor.hpp"

#include <cubicasa/error.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace cubicasa::cli {

namespace {

constexpr std::size_t largest = 16 * 1024 * 1024;

[[noreturn]] void fail(const std::string& path, int code = errno) {
    throw failure(error(error_code(code, boost::system::generic_category()), path));
}

std::string read_all(int fd, const std::string& path) {
    std::string out;
    char buffer[16 * 1024];
    for (;;) {
        const ssize_t n = ::read(fd, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(path);
        if (n == 0) break;
        out.append(buffer, static_cast<std::size_t>(n));
        if (out.size() > largest) fail(path, EFBIG);
    }
    return out;
}

void write_all(int fd, std::string_view content, const std::string& path) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail(path);
        content.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

std::string read_file(const std::string& path) {
    if (path == "-") return read_all(STDIN_FILENO, "standard input");
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) fail(path);
    return read_all(file.get(), path);
}

std::optional<std::string> read_file_if_any(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return std::nullopt;
    return read_file(path);
}

secret read_secret(const std::string& path) {
    if (path != "-") {
        struct stat info {};
        if (::stat(path.c_str(), &info) != 0) fail(path);
        if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
            throw usage_error(path + ": others may read this secret; chmod 600 " + path);
        }
    }
    std::string text = read_file(path);
    const std::size_t end = text.find_first_of("\r\n");
    if (end != std::string::npos) text.resize(end);
    if (text.empty()) throw usage_error(path + ": the first line is empty");
    return secret(std::move(text));
}

void replace_file(const std::string& path, std::string_view content) {
    const std::string draft = path + ".new";
    {
        const descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
        if (file.get() < 0) fail(draft);
        try {
            write_all(file.get(), content, draft);
        } catch (const failure&) {
            ::unlink(draft.c_str());  // half of it is of use to nobody
            throw;
        }
    }
    if (std::rename(draft.c_str(), path.c_str()) != 0) fail(path);
}

}  // namespace cubicasa::cli
