// Accepting connections, and how all of them end.
#include "session.hpp"

#include "../net/deadline_queue.hpp"

#include <cubicasa/detail/consumer.hpp>
#include <cubicasa/webhook_listener.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <mutex>
#include <utility>

namespace cubicasa {

namespace asio = boost::asio;
using tcp = boost::asio::ip::tcp;

namespace {

using session_ptr = std::shared_ptr<detail::webhook_session>;

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
        asio::steady_timer timer(self->executor_, std::min(limit, detail::unlimited));
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
    void prepare_tls() {
        if (limits_.certificate_file.empty() && limits_.private_key_file.empty()) return;
        tls_.reset(SSL_CTX_new(TLS_server_method()));
        if (!tls_) throw failure(error(errc::out_of_resources, "no TLS context"));
        SSL_CTX_set_min_proto_version(tls_.get(), TLS1_2_VERSION);
        const auto refuse = [](const std::string& file) {
            ERR_clear_error();
            throw failure(error(errc::invalid_configuration, "this is no PEM file to serve with: " + file));
        };
        const std::string& chain = limits_.certificate_file;
        const std::string& key = limits_.private_key_file;
        if (SSL_CTX_use_certificate_chain_file(tls_.get(), chain.c_str()) != 1) refuse(chain);
        if (SSL_CTX_use_PrivateKey_file(tls_.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) refuse(key);
    }

    static asio::awaitable<void> accept(std::shared_ptr<impl> self) {
        for (;;) {
            error_code ec;
            const asio::any_io_executor strand = asio::make_strand(self->executor_);
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
            try {
                self->begin(std::move(socket));
            } catch (const std::exception&) {
                // No memory for this connection; the others go on.
            }
        }
    }

    bool stopped() const {
        const std::lock_guard lock(mutex_);
        return stopped_;
    }

    // Makes room by the one that has been here longest: events take milliseconds.
    void begin(tcp::socket socket) {
        const auto s = std::make_shared<detail::webhook_session>(std::move(socket), tls_.get(), hooks_, limits_);
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
        // Holds on to the session and to what it uses of ours.
        auto ended = [self = shared_from_this(), s](std::exception_ptr) { self->forget(s); };
        try {
            asio::co_spawn(s->strand(), s->run(), std::move(ended));
        } catch (...) {
            forget(s);
            throw;
        }
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
    detail::ssl_context_ptr tls_;
    tcp::acceptor acceptor_;  // on a strand
    asio::steady_timer pause_;
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
