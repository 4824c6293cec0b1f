// OpenSSL works on two memory buffers; this moves their content from and to the socket. It is not asio::ssl::stream
// since the sandbox's faults need what that hides (a close_notify that is not waited for, or left out, or sent at
// once), and since the listener compiles in a tenth of the time without.
#include "channel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>

#include <sys/ioctl.h>

#include <algorithm>
#include <new>

namespace cubicasa::detail {

namespace {

constexpr std::size_t write_block = 256 * 1024;  // of what is encrypted at a time

error_code broken_tls() { return error_code(EPROTO, boost::system::generic_category()); }

}  // namespace

channel::channel(asio::ip::tcp::socket socket, SSL_CTX* context, side ours) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (context == nullptr) return;
    ssl_.reset(SSL_new(context));
    BIO* const in = BIO_new(BIO_s_mem());
    BIO* const out = BIO_new(BIO_s_mem());
    if (!ssl_ || in == nullptr || out == nullptr) {
        BIO_free(in);
        BIO_free(out);
        throw std::bad_alloc();
    }
    BIO_set_mem_eof_return(in, -1);
    BIO_set_mem_eof_return(out, -1);
    SSL_set_bio(ssl_.get(), in, out);
    if (ours == side::server) {
        SSL_set_accept_state(ssl_.get());
    } else {
        SSL_set_connect_state(ssl_.get());
    }
}

bool channel::resumed() const noexcept { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }

std::string_view channel::tls_version() const noexcept { return ssl_ ? SSL_get_version(ssl_.get()) : ""; }

asio::awaitable<error_code> channel::write_raw(std::string_view text) {
    error_code ec;
    co_await asio::async_write(socket_, asio::buffer(text.data(), text.size()),
                               asio::redirect_error(asio::use_awaitable, ec));
    co_return ec;
}

asio::awaitable<error_code> channel::flush() {
    BIO* const out = SSL_get_wbio(ssl_.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    error_code ec;
    if (size > 0) {
        ec = co_await write_raw(std::string_view(data, static_cast<std::size_t>(size)));
        BIO_reset(out);
    }
    co_return ec;
}

asio::awaitable<error_code> channel::fill() {
    error_code ec;
    const std::size_t size =
        co_await socket_.async_read_some(asio::buffer(input_), asio::redirect_error(asio::use_awaitable, ec));
    if (!ec) BIO_write(SSL_get_rbio(ssl_.get()), input_.data(), static_cast<int>(size));
    co_return ec;
}

asio::awaitable<error_code> channel::handshake() {
    for (;;) {
        ERR_clear_error();
        const int done = SSL_do_handshake(ssl_.get());
        const int why = SSL_get_error(ssl_.get(), done);
        error_code ec = co_await flush();
        if (done == 1 || ec) co_return ec;
        if (why != SSL_ERROR_WANT_READ) co_return broken_tls();
        ec = co_await fill();
        if (ec) co_return ec;
    }
}

asio::awaitable<error_code> channel::read_some(std::string& out) {
    error_code ec;
    if (!ssl_) {
        const std::size_t size =
            co_await socket_.async_read_some(asio::buffer(input_), asio::redirect_error(asio::use_awaitable, ec));
        if (!ec) out.append(input_.data(), size);
        co_return ec;
    }
    for (;;) {
        ERR_clear_error();
        // The buffer is free between fill() and the next one.
        const int size = SSL_read(ssl_.get(), input_.data(), static_cast<int>(input_.size()));
        if (size > 0) {
            out.append(input_.data(), static_cast<std::size_t>(size));
            co_return ec;
        }
        const int why = SSL_get_error(ssl_.get(), size);
        ec = co_await flush();
        if (ec) co_return ec;
        if (why == SSL_ERROR_ZERO_RETURN) co_return error_code(asio::error::eof);
        if (why != SSL_ERROR_WANT_READ) co_return broken_tls();
        ec = co_await fill();
        if (ec) co_return ec;
    }
}

asio::awaitable<error_code> channel::write(std::string_view text) {
    error_code ec;
    if (!ssl_) {
        ec = co_await write_raw(text);
        co_return ec;
    }
    while (!text.empty()) {
        const std::string_view block = text.substr(0, write_block);
        ERR_clear_error();
        if (SSL_write(ssl_.get(), block.data(), static_cast<int>(block.size())) <= 0) co_return broken_tls();
        ec = co_await flush();
        if (ec) break;
        text.remove_prefix(block.size());
    }
    co_return ec;
}

asio::awaitable<void> channel::wait_for_end() {
    error_code ec;
    while (!ec) {
        co_await socket_.async_read_some(asio::buffer(input_), asio::redirect_error(asio::use_awaitable, ec));
    }
}

std::size_t channel::under_way() noexcept {
    int bytes = 0;
    return ::ioctl(socket_.native_handle(), TIOCOUTQ, &bytes) == 0 ? static_cast<std::size_t>(bytes) : 0;
}

asio::awaitable<void> channel::say_good_bye() {
    if (!ssl_ || SSL_is_init_finished(ssl_.get()) != 1) co_return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    const error_code ec = co_await flush();
    static_cast<void>(ec);
}

asio::awaitable<void> channel::linger() {
    co_await say_good_bye();
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    co_await wait_for_end();
    close();
}

asio::awaitable<void> channel::shut_down() {
    co_await say_good_bye();
    close();
}

void channel::shut_down_now() noexcept {
    if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        char* data = nullptr;
        const long size = BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &data);
        error_code ignored;
        socket_.non_blocking(true, ignored);
        if (size > 0) socket_.send(asio::buffer(data, static_cast<std::size_t>(size)), 0, ignored);
        BIO_reset(SSL_get_wbio(ssl_.get()));
    }
    close();
}

void channel::reset() noexcept {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

void channel::close() noexcept {
    // Keeps OpenSSL from dropping the session of a connection that did not end by the book.
    if (ssl_) SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace cubicasa::detail
