// The dialogue of one connection.
#include "session.hpp"

#include "../net/deadline_queue.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <utility>

namespace cubicasa::detail {

namespace http = boost::beast::http;

namespace {

constexpr std::chrono::seconds for_good_bye{1};

bool is_of_http(const error_code& ec) {
    return ec.category() == http::make_error_code(http::error::need_more).category();
}

webhook_reply refusal_of(const error_code& ec) {
    if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
        return webhook_reply(431, R"({"message":"too many header fields"})");
    }
    return webhook_reply(400, R"({"message":"this is not HTTP"})");
}

std::string compose(const webhook_reply& reply, bool keep_alive) {
    const auto reason = http::obsolete_reason(static_cast<http::status>(reply.status));
    std::string out = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
    out.append(reason.data(), reason.size());
    out += "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n";
    if (reply.retry_after > 0) out += "Retry-After: " + std::to_string(reply.retry_after) + "\r\n";
    if (!reply.allow.empty()) out.append("Allow: ").append(reply.allow).append("\r\n");
    if (!keep_alive) out += "Connection: close\r\n";
    return out.append("\r\n").append(reply.body);
}

}  // namespace

webhook_session::webhook_session(asio::ip::tcp::socket socket, SSL_CTX* context, webhook_receiver hooks,
                                 const listener_options& limits)
    : strand_(socket.get_executor()),
      channel_(std::move(socket), context),
      timer_(strand_),
      hooks_(std::move(hooks)),
      limits_(limits) {}

void webhook_session::end_soon() noexcept {
    ending_ = true;
    if (idle_) channel_.shut_down_now();
}

// A read or write that is under way then fails.
void webhook_session::close_after(std::chrono::milliseconds time) {
    timer_.expires_after(std::min(time, unlimited));
    timer_.async_wait([weak = weak_from_this()](const error_code& ec) {
        const auto self = weak.lock();
        // It may have expired before it was set anew, and come here after.
        if (!ec && self && self->timer_.expiry() <= asio::steady_timer::clock_type::now()) self->cut();
    });
}

asio::awaitable<void> webhook_session::run() {
    error_code ec;
    if (channel_.encrypted()) {
        close_after(limits_.request_time);
        ec = co_await channel_.handshake();
    }
    bool unread = false;
    for (bool going = !ec; going && !ending_;) {
        if (input_.empty()) {
            idle_ = true;
            close_after(limits_.idle_time);
            ec = co_await channel_.read_some(input_);
            idle_ = false;
            if (ec) break;
        }
        // One limit for all of the request, so that nobody gains by sending it drop by drop.
        close_after(limits_.request_time);
        event_request request(limits_.header);
        const std::optional<webhook_reply> reply = co_await take(request);
        if (!reply) break;
        // What is left of a request that was not read to its end is not the next one.
        unread = !request.is_done();
        going = !unread && request.keep_alive() && !ending_;
        ec = co_await channel_.write(compose(*reply, going));
        if (ec) break;
    }
    co_await end(unread && !ec);
}

asio::awaitable<std::optional<webhook_reply>> webhook_session::take(event_request& request) {
    error_code ec = co_await read(request);
    if (!ec) {
        const std::uint64_t length = request.content_length().value_or(0);
        if (auto refusal = hooks_.screen(request.method, request.target, length)) co_return refusal;
        request.body_limit(hooks_.options().body);
        request.eager(true);
        if (!request.is_done() && request.expects_continue) {
            ec = co_await channel_.write("HTTP/1.1 100 Continue\r\n\r\n");
            if (ec) co_return std::nullopt;
        }
        ec = co_await read(request);
    }
    if (!ec) co_return hooks_.receive(request.method, request.target, request.body);
    if (ec == http::error::body_limit) co_return hooks_.screen(request.method, request.target, UINT64_MAX);
    if (is_of_http(ec)) co_return refusal_of(ec);
    co_return std::nullopt;
}

asio::awaitable<error_code> webhook_session::read(event_request& request) {
    for (;;) {
        error_code ec;
        while (!ec && !input_.empty() && !request.is_done()) {
            const std::size_t taken = request.put(asio::buffer(input_), ec);
            input_.erase(0, taken);
            if (taken == 0 || (!request.eager() && request.is_header_done())) break;
        }
        if (ec == http::error::need_more) ec = error_code();
        if (ec || request.is_done() || (!request.eager() && request.is_header_done())) co_return ec;
        // Extensions of chunks, since the parser limits all else.
        if (input_.size() > limits_.header) co_return http::make_error_code(http::error::buffer_overflow);
        ec = co_await channel_.read_some(input_);
        if (ec) co_return ec;
    }
}

asio::awaitable<void> webhook_session::end(bool unread) {
    close_after(for_good_bye);
    if (unread) {
        co_await channel_.linger();
    } else {
        co_await channel_.shut_down();
    }
    timer_.cancel();
}

}  // namespace cubicasa::detail
