// An open file of the system, and its errors. POSIX.
#pragma once

#include <cubicasa/error.hpp>

#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>

#include <unistd.h>

namespace cubicasa::detail {

class descriptor {
public:
    explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        reset();
        fd_ = std::exchange(other.fd_, -1);
        return *this;
    }
    ~descriptor() { reset(); }

    int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    void reset() noexcept {
        if (fd_ >= 0) ::close(fd_);
    }

    int fd_;
};

// What `errno` says about a file: "No space left on device: writing /plans/1.pdf.part".
inline error file_error(std::string what, const std::filesystem::path& path) {
    const int why = errno;
    return error(error_code(why, boost::system::generic_category()), what.append(" ").append(path.string()));
}

}  // namespace cubicasa::detail
