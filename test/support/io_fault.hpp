// Lets one socket operation of this thread go wrong, whichever one wants: what no server can be made to do. For test
// programs that are linked with the wrappers of io_fault.cpp.
#pragma once

#include <cstddef>
#include <functional>

namespace test {

// While it lives, the socket operations of the thread that made it are counted: opening, connecting, the result of a
// connect, each send and each receive. The one with the number `at`, counted from 1, goes wrong.
class io_fault {
public:
    enum class kind {
        error,    // it fails as the operation can: no descriptor, refused, reset
        end,      // a receive finds the end of the stream, a send a broken pipe; anything else fails
        silence,  // from now on nothing can be sent or received
        trickle,  // from now on each send and receive takes one byte
        none,     // it is carried out, but `meanwhile` is called before
    };

    io_fault(std::size_t at, kind what, std::function<void()> meanwhile = {});
    ~io_fault();
    io_fault(const io_fault&) = delete;
    io_fault& operator=(const io_fault&) = delete;

    std::size_t operations() const noexcept { return count_; }
    bool happened() const noexcept { return count_ >= at_; }
    int socket() const noexcept { return socket_; }  // of the operation that goes wrong

    // For the wrappers. Whether the operation that begins now is the one, or comes after it.
    enum class moment { before, now, after };
    moment next(int socket);
    kind what() const noexcept { return what_; }

private:
    std::size_t at_;
    kind what_;
    std::function<void()> meanwhile_;
    std::size_t count_ = 0;
    int socket_ = -1;
};

}  // namespace test
