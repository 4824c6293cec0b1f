// A webhook_listener on a thread, and senders with a connection of their own, good or bad.
#pragma once

#include <cubicasa/webhook_listener.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <thread>

namespace test {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

inline const std::string hook_token = "fedcba9876543210fedcba9876543210";
inline const std::string hook_path = "/webhooks/cubicasa/" + hook_token;

inline std::string event_body(const std::string& id) { return R"({"id":")" + id + R"(","current_status":"Ready"})"; }

inline std::string request_text(const std::string& target, const std::string& body, const std::string& fields = {}) {
    return "POST " + target + " HTTP/1.1\r\nHost: hooks\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           fields + "\r\n" + body;
}

// A sender with a connection of its own.
class sender {
public:
    explicit sender(unsigned short port) { socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port)); }
    // False when the other side has gone.
    bool send(const std::string& text) {
        boost::system::error_code ec;
        asio::write(socket_, asio::buffer(text), ec);
        return !ec;
    }
    // The next answer, without a body; empty at the end of the connection.
    std::string answer() {
        boost::system::error_code ec;
        const std::size_t n = asio::read_until(socket_, asio::dynamic_buffer(input_), "\r\n\r\n", ec);
        std::string head = input_.substr(0, ec ? 0 : n);
        input_.erase(0, head.size());
        const std::size_t at = head.find("Content-Length: ");
        if (at != std::string::npos) {
            const std::size_t size = std::stoul(head.substr(at + 16));
            if (input_.size() < size) {
                asio::read(socket_, asio::dynamic_buffer(input_), asio::transfer_exactly(size - input_.size()), ec);
            }
            input_.erase(0, std::min(size, input_.size()));
        }
        return head;
    }
    int status() {
        const std::string head = answer();
        return head.empty() ? 0 : std::stoi(head.substr(9, 3));
    }
    int post(const std::string& body) {
        send(request_text(hook_path, body));
        return status();
    }
    // True when the connection ends.
    bool ended() {
        boost::system::error_code ec;
        char c = 0;
        asio::read(socket_, asio::buffer(&c, 1), ec);
        return ec.failed();
    }

private:
    asio::io_context context_;
    tcp::socket socket_{context_};
    std::string input_;
};

struct listener_fixture {
    ~listener_fixture() {
        if (server) server->close();
        guard.reset();
        thread.join();
    }
    cubicasa::webhook_listener& listen(const cubicasa::listener_options& o = {}) {
        server.emplace(context.get_executor(), hooks, o);
        return *server;
    }

    asio::io_context context;
    asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
    std::thread thread{[this] { context.run(); }};
    cubicasa::webhook_receiver hooks{cubicasa::webhook_options(cubicasa::secret(hook_token))};
    std::optional<cubicasa::webhook_listener> server;
};

}  // namespace test
