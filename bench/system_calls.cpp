// Preloaded, it counts the system calls that a client makes for its traffic, and tells at its end: strace slows down
// what it counts, so that answers are there before the client asks for them. GNU only.
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

static std::atomic<unsigned long> bench_system_calls{0};

// Counts, and gives what the C library has under this name.
template <class Function>
static Function* counted(Function*& found, const char* name) {
    bench_system_calls.fetch_add(1, std::memory_order_relaxed);
    if (found == nullptr) found = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
    return found;
}

#define BENCH_COUNTED(result, name, parameters, arguments) \
    result name parameters {                               \
        static result(*found) parameters = nullptr;        \
        return counted(found, #name) arguments;            \
    }

extern "C" {

BENCH_COUNTED(ssize_t, read, (int fd, void* data, std::size_t size), (fd, data, size))
BENCH_COUNTED(ssize_t, readv, (int fd, const iovec* data, int count), (fd, data, count))
BENCH_COUNTED(ssize_t, recv, (int fd, void* data, std::size_t size, int flags), (fd, data, size, flags))
BENCH_COUNTED(ssize_t, recvfrom, (int fd, void* data, std::size_t size, int flags, sockaddr* from, socklen_t* length),
              (fd, data, size, flags, from, length))
BENCH_COUNTED(ssize_t, recvmsg, (int fd, msghdr* message, int flags), (fd, message, flags))
BENCH_COUNTED(ssize_t, write, (int fd, const void* data, std::size_t size), (fd, data, size))
BENCH_COUNTED(ssize_t, writev, (int fd, const iovec* data, int count), (fd, data, count))
BENCH_COUNTED(ssize_t, send, (int fd, const void* data, std::size_t size, int flags), (fd, data, size, flags))
BENCH_COUNTED(ssize_t, sendmsg, (int fd, const msghdr* message, int flags), (fd, message, flags))
BENCH_COUNTED(int, poll, (pollfd * fds, nfds_t count, int timeout), (fds, count, timeout))
BENCH_COUNTED(int, epoll_wait, (int fd, epoll_event* events, int count, int timeout), (fd, events, count, timeout))
BENCH_COUNTED(int, epoll_ctl, (int fd, int what, int which, epoll_event* event), (fd, what, which, event))
BENCH_COUNTED(int, timerfd_settime, (int fd, int flags, const itimerspec* value, itimerspec* old),
              (fd, flags, value, old))

// The programs end by _Exit, which this is.
void _Exit(int status) {
    std::fprintf(stderr, "%lu system calls\n", bench_system_calls.load());
    _exit(status);
}

}  // extern "C"
