// A connection. OpenSSL reads and writes strings of ciphertext through a BIO of ours, and the coroutines move these
// strings to and from the socket: one system call each way for a small exchange.
#include "connection.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/strand.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

namespace cubicasa::detail {

namespace {

// Bounds the ciphertext of a large body.
constexpr std::size_t write_size = 256 * 1024;

// SSL_get_error() looks at OpenSSL's queue, which may have what somebody else left there. Clearing it when it is empty
// costs more than looking.
void forget_errors() {
    if (ERR_peek_error() != 0) ERR_clear_error();
}

}  // namespace

// The BIO between OpenSSL and a connection's two strings.
struct transport_bio {
    static connection& of(BIO* bio) { return *static_cast<connection*>(BIO_get_data(bio)); }

    static int write(BIO* bio, const char* data, int size) {
        BIO_clear_retry_flags(bio);
        of(bio).out_.append(data, static_cast<std::size_t>(size));
        return size;
    }

    static int read(BIO* bio, char* data, int size) {
        BIO_clear_retry_flags(bio);
        connection& c = of(bio);
        const std::size_t n = std::min(c.in_.size(), static_cast<std::size_t>(size));
        if (n == 0) {
            if (c.peer_ended_) return 0;
            BIO_set_retry_read(bio);
            return -1;
        }
        std::memcpy(data, c.in_.data().data(), n);
        c.in_.consume(n);
        return static_cast<int>(n);
    }

    static long control(BIO* bio, int command, long, void*) {
        if (command == BIO_CTRL_EOF) return of(bio).peer_ended_ ? 1 : 0;
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }

    static int create(BIO* bio) {
        BIO_set_init(bio, 1);
        return 1;
    }

    static const BIO_METHOD* method() {
        static BIO_METHOD* const instance = [] {
            BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "cubicasa");
            BIO_meth_set_write(m, &write);
            BIO_meth_set_read(m, &read);
            BIO_meth_set_ctrl(m, &control);
            BIO_meth_set_create(m, &create);
            return m;
        }();
        return instance;
    }
};

connection::connection(const asio::any_io_executor& executor, std::shared_ptr<tls_context> tls, const origin& to)
    : origin_(to), socket_(executor), context_(std::move(tls)) {}

connection::~connection() {
    if (!ssl_ || !socket_.is_open()) return;
    // OpenSSL throws away the session of a connection that was not shut down, and then nothing can be resumed. The
    // peer's close_notify is not waited for.
    if (!broken_ && out_.empty() && SSL_is_init_finished(ssl_.get()) == 1) {
        SSL_shutdown(ssl_.get());
        error_code ignored;
        if (!out_.empty()) socket_.write_some(asio::buffer(out_), ignored);
    }
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    forget_errors();
}

void connection::interrupt(void* self) {
    error_code ignored;
    static_cast<connection*>(self)->socket_.cancel(ignored);
}

task<error_code> connection::connect(stoppable& owner, const asio::ip::tcp::endpoint& endpoint) {
    if (owner.stopped()) co_return stop_code(owner);
    error_code ec;
    error_code ignored;
    socket_.close(ignored);
    socket_.open(endpoint.protocol(), ec);
    if (!ec) socket_.non_blocking(true, ec);  // Asio would do it twice if it came later
    if (ec) co_return ec;
    {
        stoppable::waiting wait(owner, &interrupt, this);
        auto connecting = [&](auto handler) { socket_.async_connect(endpoint, std::move(handler)); };
        std::tie(ec) = co_await interruptible<error_code>(wait, connecting);
    }
    if (owner.stopped()) co_return stop_code(owner);
    if (!ec) socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    co_return ec;
}

task<error> connection::handshake(stoppable& owner) {
    if (!context_) co_return error();
    ssl_ = context_->make_ssl();
    BIO* bio = ssl_ ? BIO_new(transport_bio::method()) : nullptr;
    if (bio == nullptr) co_return error(errc::tls_failure, "OpenSSL is out of memory");
    BIO_set_data(bio, this);
    SSL_set_bio(ssl_.get(), bio, bio);
    for (;;) {
        forget_errors();
        const int n = SSL_do_handshake(ssl_.get());
        if (n == 1) co_return error();  // what it left in the buffer goes with the first request
        const int why = SSL_get_error(ssl_.get(), n);
        error failure;
        if (why != SSL_ERROR_WANT_READ) {
            failure = handshake_error(ssl_.get(), origin_);
            broken_ = true;
        }
        if (failure) {
            std::size_t written = 0;
            flush(written);  // an alert for the peer
            co_return failure;
        }
        const error_code ec = co_await wait_for_input(owner);
        if (ec) {
            broken_ = true;
            co_return error(ec, "TLS handshake with " + origin_.host + ":" + origin_.port + "; nothing was sent");
        }
    }
}

void connection::end_handshake() {
    std::size_t written = 0;
    const error_code ec = flush(written);
    if (ec && ec != asio::error::would_block) broken_ = true;
}

// Gives the system what it takes of the ciphertext.
error_code connection::flush(std::size_t& written) {
    error_code ec;
    while (out_begin_ < out_.size()) {
        const std::size_t n = socket_.write_some(asio::buffer(out_) + out_begin_, ec);
        out_begin_ += n;
        written += n;
        if (ec) return ec;
    }
    out_.clear();
    out_begin_ = 0;
    return ec;
}

// Turns the first part of `data` into ciphertext.
error_code connection::encrypt(std::string_view& data) {
    if (!ssl_) {
        out_.assign(data);
        data = {};
        return {};
    }
    const std::size_t piece = std::min(data.size(), write_size);
    const int n = SSL_write(ssl_.get(), data.data(), static_cast<int>(piece));
    if (n > 0) {
        data.remove_prefix(static_cast<std::size_t>(n));
        return {};
    }
    // A buffer takes everything, so this is not a matter of waiting.
    forget_errors();
    broken_ = true;
    return make_error_code(errc::tls_failure);
}

error_code connection::write(std::string_view data, std::size_t& written) {
    error_code ec;
    unwritten_ = data;
    while (!unwritten_.empty() && !ec) {
        ec = encrypt(unwritten_);
        if (!ec) ec = flush(written);
    }
    return ec;
}

error_code connection::write_more(std::size_t& written) {
    const error_code ec = flush(written);
    return ec ? ec : write(unwritten_, written);
}

error_code connection::read_some(asio::mutable_buffer space, std::size_t& n) {
    error_code ec;
    n = 0;
    if (!ssl_) {
        n = asio::buffer_copy(space, in_.data());
        in_.consume(n);
        if (n == 0) ec = asio::error::would_block;
        if (n == 0 && peer_ended_) ec = asio::error::eof;
        return ec;
    }
    const bool ended = peer_ended_ || (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    if (in_.size() == 0 && !ended && SSL_has_pending(ssl_.get()) == 0) return asio::error::would_block;
    forget_errors();
    const int got = SSL_read(ssl_.get(), space.data(), static_cast<int>(std::min(space.size(), std::size_t{1} << 30)));
    if (got > 0) {
        n = static_cast<std::size_t>(got);
        return ec;
    }
    const int why = SSL_get_error(ssl_.get(), got);
    return why == SSL_ERROR_WANT_READ ? asio::error::would_block : read_failure(why);
}

connection::input_wait connection::wait_for_input(stoppable& owner, std::size_t most) {
    return input_wait(*this, owner, most);
}

connection::input_wait::input_wait(connection& from, stoppable& owner, std::size_t most)
    : from_(from), owner_(owner), wait_(owner, &interrupt, &from), operation_(begin{*this}) {
    if (owner.stopped()) {
        failure_ = from.stop_code(owner);
        return;
    }
    // OpenSSL may have had to answer, to new keys for instance.
    std::size_t written = 0;
    failure_ = from.flush(written);
    if (!failure_) space_ = from.in_.prepare(most);
    if (failure_ == asio::error::would_block) failure_ = {};
}

template <class Handler>
void connection::input_wait::begin::operator()(Handler handler) {
    auto& socket = of.from_.socket_;
    of.wait_.begin([&] {
        if (of.space_.size() > 0) {
            socket.async_read_some(of.space_, std::move(handler));
        } else {
            socket.async_wait(socket.wait_write, asio::append(std::move(handler), std::size_t{0}));
        }
    });
}

void connection::input_wait::suspend(std::coroutine_handle<> by, task_root& root) noexcept {
    operation_.suspend(by, root);
}

error_code connection::input_wait::await_resume() {
    if (failure_) return failure_;
    const auto [ec, n] = operation_.await_resume();
    from_.in_.commit(n);
    from_.drained_ = n < space_.size();
    if (owner_.stopped()) return from_.stop_code(owner_);
    if (ec != asio::error::eof) return ec;
    from_.peer_ended_ = true;  // OpenSSL tells whether this end was in order
    return {};
}

task<error_code> connection::wait_for_either(stoppable& owner) {
    if (owner.stopped()) co_return stop_code(owner);
    // The one that ends first cancels the other.
    const auto strand = asio::make_strand(owner.executor());
    {
        stoppable::waiting wait(owner, &interrupt, this);
        auto either = [&](auto handler) {
            asio::experimental::make_parallel_group(socket_.async_wait(socket_.wait_read, asio::deferred),
                                                    socket_.async_wait(socket_.wait_write, asio::deferred))
                .async_wait(asio::experimental::wait_for_one(), asio::bind_executor(strand, std::move(handler)));
        };
        co_await interruptible<std::array<std::size_t, 2>, error_code, error_code>(wait, either);
    }
    co_return owner.stopped() ? stop_code(owner) : error_code();
}

error_code connection::take_input(std::size_t most) {
    error_code ec;
    const std::size_t n = socket_.read_some(in_.prepare(most), ec);
    in_.commit(n);
    drained_ = n < most;
    if (ec != asio::error::eof) return ec;
    peer_ended_ = true;  // OpenSSL tells whether this end was in order
    return {};
}

error_code connection::read_failure(int ssl_error) {
    broken_ = true;
    if (ssl_error == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
    const unsigned long queued = ERR_peek_last_error();
    forget_errors();
    if (ssl_error == SSL_ERROR_SYSCALL || ERR_GET_REASON(queued) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return make_error_code(errc::truncated);
    }
    return make_error_code(errc::tls_failure);
}

void connection::rest() {
    // What is not empty would be copied.
    if (in_.size() == 0) in_.shrink_to_fit();
    if (unparsed.size() == 0) unparsed.shrink_to_fit();
    if (out_.empty()) std::string().swap(out_);  // assigning would keep the memory
    if (ssl_) SSL_free_buffers(ssl_.get());
}

bool connection::healthy(check how) {
    if (broken_ || peer_ended_) return false;
    error_code ec;
    char byte = 0;
    const bool nothing_left = drained_ && in_.size() == 0 && (!ssl_ || SSL_has_pending(ssl_.get()) == 0);
    if (how == check::glance && nothing_left) return true;
    if (!ssl_) {
        if (in_.size() > 0) return false;
        socket_.receive(asio::buffer(&byte, 1), asio::ip::tcp::socket::message_peek, ec);
        return ec == asio::error::would_block;
    }
    if (in_.size() == 0 && SSL_has_pending(ssl_.get()) == 0) {
        socket_.receive(asio::buffer(&byte, 1), asio::ip::tcp::socket::message_peek, ec);
        if (ec == asio::error::would_block) return true;
    }
    // Session tickets and key updates may arrive after an answer. They are for OpenSSL, and mean no harm.
    for (;;) {
        forget_errors();
        const int n = SSL_read(ssl_.get(), &byte, 1);
        if (n > 0 || SSL_get_error(ssl_.get(), n) != SSL_ERROR_WANT_READ) break;
        in_.commit(socket_.read_some(in_.prepare(read_size), ec));
        if (ec == asio::error::would_block) return out_.empty();
        if (ec) break;
    }
    forget_errors();
    broken_ = true;
    return false;
}

bool connection::resumed() const noexcept { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }

}  // namespace cubicasa::detail
