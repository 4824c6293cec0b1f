// Listens for the sandbox's webhooks, over HTTP or TLS, and answers as it is told to.
#pragma once

#include "sandbox_support.hpp"

#include <testing/certificates.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace test {

class webhook_receiver {
public:
    struct event {
        std::string method;
        std::string target;
        std::string content_type;
        json::value body;
    };

    // `statuses` are what the first requests are answered with; then it is 200.
    explicit webhook_receiver(std::deque<unsigned> statuses = {}, bool tls = false)
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

    ~webhook_receiver() {
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // unlike close(), ends a running accept
        thread_.join();
    }
    webhook_receiver(const webhook_receiver&) = delete;
    webhook_receiver& operator=(const webhook_receiver&) = delete;

    unsigned short port() const { return acceptor_.local_endpoint().port(); }
    std::string url(const std::string& path = "/hook") const { return base_url_ + path; }

    // Waits for the next one.
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

inline const std::string every_trigger =
    R"(["moved_to_draft", "moved_to_pending", "moved_to_ready", "moved_to_fixing"])";
inline void register_urls(const cubicasa::testing::sandbox& server, const std::vector<std::string>& urls,
                          const std::string& triggers = every_trigger) {
    plain_client client(server);
    const std::string body =
        R"({"webhook_triggers": )" + triggers + R"(, "webhook_urls": )" + json::serialize(json::value_from(urls)) + "}";
    BOOST_REQUIRE_EQUAL(client.call("PATCH", "/companies/webhook", body).status, 200);
}

// Returns the id in the answer.
inline std::string post(const cubicasa::testing::sandbox& server, const std::string& path, const std::string& body) {
    plain_client client(server);
    const reply r = client.call("POST", path, body);
    BOOST_REQUIRE_EQUAL(r.status, 200);
    return text_of(r.parsed(), "id");
}

// "Pending > Ready"
inline std::string step(const webhook_receiver::event& e) {
    const json::value& before = e.body.at("previous_status");
    return (before.is_null() ? "null" : std::string(before.as_string())) + " > " + text_of(e.body, "current_status");
}

}  // namespace test
