// See the header.
#include "webhook_receiver.hpp"

#include <testing/certificates.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace http = boost::beast::http;

namespace test {

class webhook_receiver::impl {
public:
    impl(std::deque<unsigned> statuses, bool tls)
        : statuses_(std::move(statuses)), tls_(tls ? self_signed() : asio::ssl::context(asio::ssl::context::tls)) {
        const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), 0);
        acceptor_.open(where.protocol());
        acceptor_.bind(where);
        acceptor_.listen();
        base_url_ = (tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port());
        thread_ = std::thread([this, tls] {
            while (serve(tls)) {
            }
        });
    }

    ~impl() {
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // unlike close(), ends a running accept
        thread_.join();
    }
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    unsigned short port() const { return acceptor_.local_endpoint().port(); }
    std::string url(const std::string& path) const { return base_url_ + path; }

    event next() {
        std::unique_lock lock(mutex_);
        BOOST_REQUIRE(arrived_.wait_for(lock, std::chrono::seconds(30), [this] { return !events_.empty(); }));
        event out = std::move(events_.front());
        events_.pop_front();
        return out;
    }

private:
    static asio::ssl::context self_signed() {
        cubicasa::testing::sandbox_options options;
        options.certificate = cubicasa::testing::certificate_kind::self_signed;
        return asio::ssl::context(cubicasa::testing::detail::make_identity(options).context.release());
    }

    // False when the listener has been closed.
    bool serve(bool tls) {
        error_code ec;
        asio::ip::tcp::socket socket(context_);
        acceptor_.accept(socket, ec);
        if (ec) return false;
        if (tls) {
            asio::ssl::stream<asio::ip::tcp::socket> stream(std::move(socket), tls_);
            stream.handshake(asio::ssl::stream_base::server, ec);
            if (!ec) answer(stream);
        } else {
            answer(socket);
        }
        return true;
    }

    template <class Stream>
    void answer(Stream& stream) {
        error_code ec;
        boost::beast::flat_buffer buffer;
        http::request<http::string_body> request;
        http::read(stream, buffer, request, ec);
        if (ec) return;
        event got;
        got.method = std::string(request.method_string());
        got.target = std::string(request.target());
        got.content_type = std::string(request[http::field::content_type]);
        got.body = json::parse(request.body());
        http::response<http::string_body> out(http::status::ok, 11);
        if (!statuses_.empty()) {
            out.result(statuses_.front());
            statuses_.pop_front();
        }
        out.keep_alive(false);
        out.prepare_payload();
        http::write(stream, out, ec);
        const std::lock_guard lock(mutex_);
        events_.push_back(std::move(got));
        arrived_.notify_one();
    }

    std::deque<unsigned> statuses_;  // for the thread
    asio::ssl::context tls_;
    asio::io_context context_;
    asio::ip::tcp::acceptor acceptor_{context_};
    std::string base_url_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<event> events_;
    std::thread thread_;
};

webhook_receiver::webhook_receiver(std::deque<unsigned> statuses, bool tls)
    : impl_(std::make_unique<impl>(std::move(statuses), tls)) {}

webhook_receiver::~webhook_receiver() = default;

unsigned short webhook_receiver::port() const { return impl_->port(); }

std::string webhook_receiver::url(const std::string& path) const { return impl_->url(path); }

webhook_receiver::event webhook_receiver::next() { return impl_->next(); }

}  // namespace test
