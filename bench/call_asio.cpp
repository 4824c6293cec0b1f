// The limit: what is left when nothing but speed counts. OpenSSL works on our own buffers, the request is one string,
// of the answer's head only status and length are looked at, and only OpenSSL allocates. No pool, no deadline, no
// retries.
#include "arguments.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>

#include <strings.h>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Named, and not any_io_executor: nothing is called through a pointer.
using executor = asio::io_context::executor_type;
using task = asio::awaitable<void, executor>;

constexpr auto token = asio::as_tuple(asio::deferred);

template <auto Free>
struct free_by {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};

void ensure(bool good, const char* what) {
    if (!good) throw std::runtime_error(what);
}

// The ciphertext, which OpenSSL reads and writes here instead of on the socket.
struct wire {
    std::array<char, 20 * 1024> in;  // a record and a little more
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string out;
};

int read_wire(BIO* bio, char* to, int size) {
    auto& w = *static_cast<wire*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const std::size_t n = std::min(static_cast<std::size_t>(size), w.end - w.begin);
    if (n == 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    std::memcpy(to, w.in.data() + w.begin, n);
    w.begin += n;
    return static_cast<int>(n);
}

int write_wire(BIO* bio, const char* from, int size) {
    static_cast<wire*>(BIO_get_data(bio))->out.append(from, static_cast<std::size_t>(size));
    return size;
}

long control_wire(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* wire_method() {
    BIO_METHOD* const method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "wire");
    ensure(method != nullptr, "BIO_meth_new");
    BIO_meth_set_read(method, &read_wire);
    BIO_meth_set_write(method, &write_wire);
    BIO_meth_set_ctrl(method, &control_wire);
    return method;
}

class connection {
public:
    connection(asio::io_context& context, SSL_CTX* tls, const std::string& host)
        : socket_(context), ssl_(SSL_new(tls)) {
        static BIO_METHOD* const method = wire_method();
        BIO* const bio = BIO_new(method);
        ensure(ssl_ && bio != nullptr, "OpenSSL");
        BIO_set_data(bio, &wire_);
        BIO_set_init(bio, 1);
        SSL_set_bio(ssl_.get(), bio, bio);
        SSL_set_read_ahead(ssl_.get(), 1);
        SSL_set_connect_state(ssl_.get());
        ensure(SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) == 1, "server name");
        ensure(SSL_set1_host(ssl_.get(), host.c_str()) == 1, "host name");
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    tcp::socket::rebind_executor<executor>::other& socket() { return socket_; }
    SSL* ssl() { return ssl_.get(); }

    task flush() {
        for (std::size_t sent = 0; sent < wire_.out.size();) {
            const auto [ec, n] = co_await socket_.async_write_some(asio::buffer(wire_.out) + sent, token);
            if (ec) throw boost::system::system_error(ec, "write");
            sent += n;
        }
        wire_.out.clear();
    }

    // For what OpenSSL said WANT_READ to, when it has taken all that was here.
    task fill() {
        const auto [ec, n] = co_await socket_.async_read_some(asio::buffer(wire_.in), token);
        if (ec) throw boost::system::system_error(ec, "read");
        wire_.begin = 0;
        wire_.end = n;
    }

    task connect(const tcp::resolver::results_type& endpoints) {
        boost::system::error_code ec = asio::error::host_not_found;
        for (const auto& entry : endpoints) {
            socket_.close();
            std::tie(ec) = co_await socket_.async_connect(entry.endpoint(), token);
            if (!ec) break;
        }
        if (ec) throw boost::system::system_error(ec, "connect");
        socket_.set_option(tcp::no_delay(true));
        for (;;) {
            const int done = SSL_do_handshake(ssl());
            co_await flush();
            if (done == 1) break;
            ensure(SSL_get_error(ssl(), done) == SSL_ERROR_WANT_READ, "handshake");
            co_await fill();
        }
    }

private:
    tcp::socket::rebind_executor<executor>::other socket_;
    std::unique_ptr<SSL, free_by<SSL_free>> ssl_;
    wire wire_;
};

// Of the answer that `seen` begins with. 0, as long as the head is not complete.
std::size_t length_of_answer(std::string_view seen, int& status) {
    const std::size_t end = seen.find("\r\n\r\n");
    if (end == seen.npos) return 0;
    ensure(seen.starts_with("HTTP/1.1 ") && end >= 12, "not an answer");
    std::from_chars(seen.data() + 9, seen.data() + 12, status);
    constexpr std::string_view name = "\r\nContent-Length: ";
    for (std::size_t line = seen.find("\r\n"); line < end; line = seen.find("\r\n", line + 2)) {
        if (end - line < name.size() || strncasecmp(seen.data() + line, name.data(), name.size()) != 0) continue;
        std::size_t body = 0;
        std::from_chars(seen.data() + line + name.size(), seen.data() + end, body);
        return end + 4 + body;
    }
    throw std::runtime_error("no Content-Length");
}

task loop(asio::io_context& context, SSL_CTX* tls, const tcp::resolver::results_type& endpoints, bench::arguments& a) {
    connection c(context, tls, a.host);
    co_await c.connect(endpoints);
    const std::string request = "GET " + a.path + " HTTP/1.1\r\nHost: " + a.host +
                                "\r\nUser-Agent: asio\r\nAccept: application/json\r\napi-key: key\r\n\r\n";
    std::string answer(64 * 1024, '\0');
    while (a.take()) {
        ensure(SSL_write(c.ssl(), request.data(), static_cast<int>(request.size())) > 0, "SSL_write");
        co_await c.flush();
        co_await c.fill();
        int status = 0;
        std::size_t have = 0;
        for (std::size_t length = 0; length == 0 || have < length;) {
            const std::size_t space = std::max(answer.size(), length) - have;
            ensure(space > 0, "the head is too long");
            answer.resize(have + space);
            const int n = SSL_read(c.ssl(), answer.data() + have, static_cast<int>(space));
            if (n > 0) {
                have += static_cast<std::size_t>(n);
                if (length == 0) length = length_of_answer(std::string_view(answer.data(), have), status);
                ensure(length == 0 || have <= length, "more than an answer");
            } else {
                ensure(SSL_get_error(c.ssl(), n) == SSL_ERROR_WANT_READ, "SSL_read");
                co_await c.fill();
            }
        }
        if (status == 200) ++a.done;
    }
}

}  // namespace

int main(int count, char** values) try {
    bench::arguments a(count, values);
    asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);  // one thread, no locks
    const std::unique_ptr<SSL_CTX, free_by<SSL_CTX_free>> tls(SSL_CTX_new(TLS_client_method()));
    ensure(tls != nullptr, "SSL_CTX_new");
    ensure(SSL_CTX_load_verify_file(tls.get(), a.ca_file.c_str()) == 1, "the file of authorities");
    SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
    const auto endpoints = tcp::resolver(context).resolve(a.host, a.port);
    const auto rethrow = [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    };
    for (long i = 0; i < a.in_flight; ++i) asio::co_spawn(context, loop(context, tls.get(), endpoints, a), rethrow);
    context.run();
    bench::report(a);
} catch (const std::exception& e) {
    std::fprintf(stderr, "call_asio: %s\n", e.what());
    return 1;
}
