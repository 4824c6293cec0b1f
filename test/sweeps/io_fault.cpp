// The wrappers that the linker puts between the library and the system (--wrap).
#include "support/io_fault.hpp"

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace test {

namespace {

thread_local io_fault* active = nullptr;

using kind = io_fault::kind;
using moment = io_fault::moment;

// Whether the operation that begins now has to fail, with errno set.
bool fails(int socket, int error, bool transfer) {
    if (active == nullptr) return false;
    const moment m = active->next(socket);
    const kind what = active->what();
    if (m == moment::now && (what == kind::error || what == kind::end)) {
        errno = error;
        return true;
    }
    if (m != moment::before && what == kind::silence && transfer) {
        errno = EAGAIN;
        return true;
    }
    return false;
}

bool trickles() { return active != nullptr && active->what() == kind::trickle && active->happened(); }

bool finds_the_end() { return active != nullptr && active->what() == kind::end && errno == ECONNRESET; }

// One byte of what is to be moved, if it trickles.
struct one_byte {
    explicit one_byte(const msghdr& whole) : message(whole) {
        for (std::size_t i = 0; i < whole.msg_iovlen; ++i) {
            if (whole.msg_iov[i].iov_len == 0) continue;
            part = whole.msg_iov[i];
            part.iov_len = 1;
            message.msg_iov = &part;
            message.msg_iovlen = 1;
            break;
        }
    }
    msghdr message;
    iovec part{};
};

}  // namespace

io_fault::io_fault(std::size_t at, kind what, std::function<void()> meanwhile)
    : at_(at), what_(what), meanwhile_(std::move(meanwhile)) {
    active = this;
}

io_fault::~io_fault() { active = nullptr; }

io_fault::moment io_fault::next(int socket) {
    ++count_;
    if (count_ < at_) return moment::before;
    if (count_ > at_) return moment::after;
    socket_ = socket;
    if (meanwhile_) meanwhile_();
    return moment::now;
}

}  // namespace test

// NOLINTBEGIN: the names are the linker's.
extern "C" {

int __real_socket(int domain, int type, int protocol);
int __real_connect(int s, const sockaddr* to, socklen_t size);
int __real_getsockopt(int s, int level, int name, void* value, socklen_t* size);
ssize_t __real_send(int s, const void* data, std::size_t size, int flags);
ssize_t __real_recv(int s, void* data, std::size_t size, int flags);
ssize_t __real_sendmsg(int s, const msghdr* message, int flags);
ssize_t __real_recvmsg(int s, msghdr* message, int flags);

int __wrap_socket(int domain, int type, int protocol) {
    return test::fails(-1, EMFILE, false) ? -1 : __real_socket(domain, type, protocol);
}

int __wrap_connect(int s, const sockaddr* to, socklen_t size) {
    return test::fails(s, ECONNREFUSED, false) ? -1 : __real_connect(s, to, size);
}

int __wrap_getsockopt(int s, int level, int name, void* value, socklen_t* size) {
    if (level == SOL_SOCKET && name == SO_ERROR && test::fails(s, ECONNREFUSED, false)) {
        *static_cast<int*>(value) = ECONNREFUSED;
        return 0;
    }
    return __real_getsockopt(s, level, name, value, size);
}

ssize_t __wrap_send(int s, const void* data, std::size_t size, int flags) {
    if (test::fails(s, EPIPE, true)) return -1;
    return __real_send(s, data, test::trickles() && size > 0 ? 1 : size, flags);
}

ssize_t __wrap_recv(int s, void* data, std::size_t size, int flags) {
    if (test::fails(s, ECONNRESET, true)) return test::finds_the_end() ? 0 : -1;
    return __real_recv(s, data, test::trickles() && size > 0 ? 1 : size, flags);
}

ssize_t __wrap_sendmsg(int s, const msghdr* message, int flags) {
    if (test::fails(s, EPIPE, true)) return -1;
    if (!test::trickles()) return __real_sendmsg(s, message, flags);
    const test::one_byte part(*message);
    return __real_sendmsg(s, &part.message, flags);
}

ssize_t __wrap_recvmsg(int s, msghdr* message, int flags) {
    if (test::fails(s, ECONNRESET, true)) return test::finds_the_end() ? 0 : -1;
    if (!test::trickles()) return __real_recvmsg(s, message, flags);
    test::one_byte part(*message);
    return __real_recvmsg(s, &part.message, flags);
}

}  // extern "C"
// NOLINTEND
