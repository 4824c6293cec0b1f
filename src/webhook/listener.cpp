// The server behind webhook_listener: Beast and asio/ssl, as they come. It is not where time is spent.
#include <cubicasa/detail/consumer.hpp>
#include <cubicasa/webhook_listener.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <utility>

namespace cubicasa {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = boost::asio::ip::tcp;

namespace {

// One connection, on a strand of its own.
class webhook_session {
public:
    using executor = asio::strand<asio::any_io_executor>;

    webhook_session(tcp::socket socket, executor on) : executor_(std::move(on)), stream_(std::move(socket)) {}

    const executor& strand() const noexcept { return executor_; }

    // On the strand.
    void cut() noexcept { stream_.close(); }
    void end_soon() noexcept {
        ending_ = true;
        if (idle_) stream_.close();
    }

    asio::awaitable<void> run(const webhook_receiver& hooks, const listener_options& limits, asio::ssl::context* tls) {
        if (tls == nullptr) {
            co_await serve(stream_, hooks, limits);
            close_politely();
            co_return;
        }
        beast::ssl_stream<beast::tcp_stream&> encrypted(stream_, *tls);
        stream_.expires_after(limits.request_time);
        error_code ec;
        co_await encrypted.async_handshake(asio::ssl::stream_base::server,
                                           asio::redirect_error(asio::use_awaitable, ec));
        if (ec) co_return;
        co_await serve(encrypted, hooks, limits);
        if (!stream_.socket().is_open()) co_return;
        stream_.expires_after(std::chrono::seconds(1));
        co_await encrypted.async_shutdown(asio::redirect_error(asio::use_awaitable, ec));
        close_politely();
    }

private:
    using response = http::response<http::string_body>;
    using parser = http::request_parser<http::string_body>;

    static std::string_view view(beast::string_view text) { return std::string_view(text.data(), text.size()); }

    template <class Stream>
    asio::awaitable<void> serve(Stream& stream, const webhook_receiver& hooks, const listener_options& limits) {
        beast::flat_buffer buffer(limits.header + hooks.options().body);
        for (bool going = true; going && !ending_;) {
            error_code ec;
            if (buffer.size() == 0) {
                idle_ = true;
                stream_.expires_after(limits.idle_time);
                const std::size_t n = co_await stream.async_read_some(buffer.prepare(2048),
                                                                      asio::redirect_error(asio::use_awaitable, ec));
                idle_ = false;
                if (ec) co_return;
                buffer.commit(n);
            }
            // One limit for all of the request, so that nobody gains by sending it drop by drop.
            stream_.expires_after(limits.request_time);
            parser request;
            request.header_limit(static_cast<std::uint32_t>(limits.header));
            request.body_limit(boost::none);  // who has not the token is to hear just that
            co_await http::async_read_header(stream, buffer, request, asio::redirect_error(asio::use_awaitable, ec));
            webhook_reply reply;
            if (ec) {
                if (!answerable(ec)) co_return;
                reply = refusal_of(ec);
            } else {
                auto refused = hooks.screen(view(request.get().method_string()), view(request.get().target()));
                const auto length = request.content_length();
                if (!refused && length && *length > hooks.options().body) refused = refusal_of(http::error::body_limit);
                if (refused) {
                    reply = *refused;
                } else {
                    ec = co_await read_body(stream, buffer, request, hooks.options().body);
                    if (ec && !answerable(ec)) co_return;
                    reply = ec ? refusal_of(ec)
                               : hooks.receive(view(request.get().method_string()), view(request.get().target()),
                                               request.get().body());
                }
            }
            auto out = webhook_receiver::respond<response>(request.get(), reply);
            // What is left of a request that was not read to its end is not the next one.
            going = !ec && request.is_done() && request.get().keep_alive() && !ending_;
            out.keep_alive(going);
            co_await http::async_write(stream, out, asio::redirect_error(asio::use_awaitable, ec));
            if (ec) co_return;
        }
    }

    template <class Stream>
    static asio::awaitable<error_code> read_body(Stream& stream, beast::flat_buffer& buffer, parser& request,
                                                 std::size_t limit) {
        error_code ec;
        request.body_limit(limit);
        if (!request.is_done() && beast::iequals(request.get()[http::field::expect], "100-continue")) {
            http::response<http::empty_body> go_on(http::status::continue_, 11);
            co_await http::async_write(stream, go_on, asio::redirect_error(asio::use_awaitable, ec));
            if (ec) co_return ec;
        }
        co_await http::async_read(stream, buffer, request, asio::redirect_error(asio::use_awaitable, ec));
        co_return ec;
    }

    // What the sender has got wrong, unlike a connection that is gone.
    static bool answerable(const error_code& ec) {
        return ec.category() == http::make_error_code(http::error::bad_method).category() &&
               ec != http::error::end_of_stream && ec != http::error::partial_message;
    }
    static webhook_reply refusal_of(const error_code& ec) {
        if (ec == http::error::body_limit) return webhook_reply(413, R"({"message":"an event is not that large"})");
        if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
            return webhook_reply(431, R"({"message":"too many header fields"})");
        }
        return webhook_reply(400, R"({"message":"this is not HTTP"})");
    }

    // A close with unread input resets the connection, and may take the answer with it.
    void close_politely() noexcept {
        error_code ec;
        tcp::socket& socket = stream_.socket();
        socket.shutdown(tcp::socket::shutdown_send, ec);
        socket.non_blocking(true, ec);
        char rest[4096];
        for (int i = 0; i < 64 && !ec; ++i) socket.read_some(asio::buffer(rest), ec);
        stream_.close();
    }

    executor executor_;
    beast::tcp_stream stream_;
    bool idle_ = false;
    bool ending_ = false;
};

error listening_failed(const error_code& ec, const listener_options& o) {
    return error(ec, "listening on " + o.address + " port " + std::to_string(o.port), delivery::never_sent);
}

}  // namespace

class webhook_listener::impl : public std::enable_shared_from_this<impl> {
public:
    impl(asio::any_io_executor executor, webhook_receiver receiver, listener_options o)
        : executor_(std::move(executor)),
          hooks_(std::move(receiver)),
          limits_(std::move(o)),
          acceptor_(asio::make_strand(executor_)),
          pause_(acceptor_.get_executor()) {
        prepare_tls();
        error_code ec;
        const auto address = asio::ip::make_address(limits_.address, ec);
        if (ec) throw failure(error(errc::invalid_configuration, "this is no address: " + limits_.address));
        const tcp::endpoint where(address, limits_.port);
        acceptor_.open(where.protocol(), ec);
        if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
        if (!ec) acceptor_.bind(where, ec);
        if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
        if (!ec) port_ = acceptor_.local_endpoint(ec).port();
        if (ec) throw failure(listening_failed(ec, limits_));
    }

    void start() { asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()), asio::detached); }

    unsigned short port() const noexcept { return port_; }
    std::string base_url() const { return (tls_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_); }
    std::size_t connections() const {
        const std::lock_guard lock(mutex_);
        return sessions_.size();
    }

    void stop_accepting() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        asio::dispatch(acceptor_.get_executor(), [self = shared_from_this()] {
            error_code ignored;
            self->acceptor_.close(ignored);
            self->pause_.cancel();
        });
    }

    void end_sessions(bool at_once) {
        std::list<session_ptr> all;
        {
            const std::lock_guard lock(mutex_);
            all = sessions_;
        }
        for (const session_ptr& s : all) {
            asio::dispatch(s->strand(), [s, at_once] { at_once ? s->cut() : s->end_soon(); });
        }
    }

    static asio::awaitable<bool> stop(std::shared_ptr<impl> self, std::chrono::milliseconds limit) {
        self->stop_accepting();
        self->end_sessions(false);
        asio::steady_timer timer(self->executor_, limit);
        const auto over = std::make_shared<std::atomic<bool>>(false);
        timer.async_wait([weak = std::weak_ptr(self), over](const error_code& ec) {
            const auto alive = weak.lock();
            if (ec || !alive) return;
            *over = true;
            alive->gone_.wake();
        });
        while (self->connections() > 0 && !*over) {
            const bool woken = co_await self->gone_.wait([&] { return self->connections() == 0 || *over; });
            if (!woken) throw failure(error(errc::cancelled));
        }
        const bool late = self->connections() > 0;
        if (late) self->end_sessions(true);
        co_return !late;
    }

private:
    using session_ptr = std::shared_ptr<webhook_session>;

    void prepare_tls() {
        if (limits_.certificate_file.empty() && limits_.private_key_file.empty()) return;
        tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
        tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                          asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
        error_code ec;
        const std::string* file = &limits_.certificate_file;
        tls_->use_certificate_chain_file(*file, ec);
        if (!ec) {
            file = &limits_.private_key_file;
            tls_->use_private_key_file(*file, asio::ssl::context::pem, ec);
        }
        if (ec) throw failure(error(errc::invalid_configuration, "this is no PEM file to serve with: " + *file));
    }

    static asio::awaitable<void> accept(std::shared_ptr<impl> self) {
        for (;;) {
            error_code ec;
            const auto strand = asio::make_strand(self->executor_);
            tcp::socket socket =
                co_await self->acceptor_.async_accept(strand, asio::redirect_error(asio::use_awaitable, ec));
            if (self->stopped()) co_return;
            if (ec) {
                // No descriptor is left, for instance; connections wait in the system's queue meanwhile.
                self->pause_.expires_after(std::chrono::milliseconds(100));
                co_await self->pause_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
                if (self->stopped()) co_return;
                continue;
            }
            socket.set_option(tcp::no_delay(true), ec);
            self->begin(std::make_shared<webhook_session>(std::move(socket), strand));
        }
    }

    bool stopped() const {
        const std::lock_guard lock(mutex_);
        return stopped_;
    }

    // Makes room by the one that has been here longest: events take milliseconds.
    void begin(const session_ptr& s) {
        session_ptr oldest;
        {
            const std::lock_guard lock(mutex_);
            if (sessions_.size() >= std::max<std::size_t>(limits_.max_connections, 1)) oldest = sessions_.front();
            sessions_.push_back(s);
        }
        if (oldest) {
            asio::dispatch(oldest->strand(), [oldest] { oldest->cut(); });
            forget(oldest);
        }
        auto ended = [self = shared_from_this(), s](std::exception_ptr) { self->forget(s); };
        asio::co_spawn(s->strand(), run(shared_from_this(), s), std::move(ended));
    }

    static asio::awaitable<void> run(std::shared_ptr<impl> self, session_ptr s) {
        co_await s->run(self->hooks_, self->limits_, self->tls_.get());
    }

    void forget(const session_ptr& s) {
        {
            const std::lock_guard lock(mutex_);
            sessions_.remove(s);
        }
        gone_.wake();
    }

    const asio::any_io_executor executor_;
    const webhook_receiver hooks_;
    const listener_options limits_;
    std::unique_ptr<asio::ssl::context> tls_;
    asio::basic_socket_acceptor<tcp, asio::strand<asio::any_io_executor>> acceptor_;
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                               asio::strand<asio::any_io_executor>>
        pause_;
    unsigned short port_ = 0;

    mutable std::mutex mutex_;
    std::list<session_ptr> sessions_;  // oldest first
    bool stopped_ = false;
    detail::waiting_consumer gone_;  // wakes stop() when a session has ended
};

webhook_listener::webhook_listener(asio::any_io_executor executor, webhook_receiver receiver, listener_options options)
    : impl_(std::make_shared<impl>(std::move(executor), std::move(receiver), std::move(options))) {
    impl_->start();
}

webhook_listener::~webhook_listener() { close(); }

unsigned short webhook_listener::port() const noexcept { return impl_->port(); }
std::string webhook_listener::base_url() const { return impl_->base_url(); }
std::size_t webhook_listener::connections() const { return impl_->connections(); }

asio::awaitable<bool> webhook_listener::stop(std::chrono::milliseconds limit) { return impl::stop(impl_, limit); }

void webhook_listener::close() noexcept {
    impl_->stop_accepting();
    impl_->end_sessions(true);
}

}  // namespace cubicasa
