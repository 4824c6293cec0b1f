// One connection: read a request, answer it, and let go wrong what the script wants to go wrong.
#include "session.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace http = boost::beast::http;

namespace cubicasa::testing::detail {

namespace {

constexpr std::uint32_t header_limit = 64 * 1024;
constexpr std::uint64_t body_limit = 64 * 1024 * 1024;
constexpr std::size_t send_portion = 64 * 1024;
constexpr std::string_view handshake_failure("\x15\x03\x03\x00\x02\x02\x28", 7);  // a TLS alert record
constexpr std::string_view bad_request = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string_view view_of(boost::beast::string_view text) { return std::string_view(text.data(), text.size()); }

}  // namespace

server::session::session(server& owner, asio::ip::tcp::socket socket)
    : owner_(owner), channel_(std::move(socket), owner.identity_.context.get()) {
    const std::lock_guard lock(owner_.mutex_);
    sandbox_stats& s = owner_.stats_;
    number_ = ++s.connections;
    s.peak_connections = std::max(s.peak_connections, ++s.open_connections);
}

server::session::~session() {
    owner_.idle_.erase(this);
    owner_.sending_.erase(this);
    const std::lock_guard lock(owner_.mutex_);
    --owner_.stats_.open_connections;
}

asio::awaitable<void> server::session::run(std::unique_ptr<session> self) { co_await self->serve(); }

asio::awaitable<void> server::session::serve() {
    const bool started = co_await start();
    if (!started) co_return;
    for (bool going = true; going;) {
        parser request;
        request.header_limit(header_limit);
        request.body_limit(body_limit);
        request.eager(true);
        going = co_await read(request);
        if (going) going = co_await respond(request);
    }
}

asio::awaitable<bool> server::session::start() {
    std::optional<fault_effects> wrong;
    {
        const std::lock_guard lock(owner_.mutex_);
        wrong = owner_.script_.for_connection();
        if (wrong) ++owner_.stats_.faults;
    }
    if (wrong && wrong->hang_handshake) {
        co_await channel_.wait_for_end();
        co_return false;
    }
    if (wrong) {
        // After the client's hello, as a server does that does not like it.
        error_code ec;
        co_await channel_.socket().async_wait(asio::ip::tcp::socket::wait_read,
                                              asio::redirect_error(asio::use_awaitable, ec));
        ec = co_await channel_.write_raw(handshake_failure);
        channel_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ec);
        co_await channel_.wait_for_end();
        co_return false;
    }
    if (!channel_.encrypted()) co_return true;
    const error_code ec = co_await channel_.handshake();
    owner_.count_handshake(channel_, !ec);
    co_return !ec;
}

asio::awaitable<bool> server::session::read(parser& request) {
    bool told_to_go_on = false;
    bool waiting = input_.empty();
    for (;;) {
        error_code ec;
        while (!input_.empty() && !request.is_done() && !ec) {
            const std::size_t taken = request.put(asio::buffer(input_.data(), input_.size()), ec);
            input_.erase(0, taken);
            if (taken == 0) break;
        }
        if (ec && ec != http::error::need_more) {
            ec = co_await channel_.write(bad_request);
            co_await channel_.shut_down();
            co_return false;
        }
        if (request.is_done()) co_return true;
        if (request.is_header_done() && !told_to_go_on && request.get().count(http::field::expect) > 0) {
            told_to_go_on = true;
            ec = co_await channel_.write(go_on);
            if (ec) co_return false;
        }
        if (waiting) owner_.idle_.insert(this);
        owner_.sending_.erase(this);
        ec = co_await channel_.read_some(input_);
        if (waiting) owner_.idle_.erase(this);
        waiting = false;
        if (ec) {
            if (ec == asio::error::eof && channel_.socket().is_open()) co_await channel_.shut_down();
            co_return false;
        }
    }
}

asio::awaitable<void> server::session::pause(std::chrono::milliseconds time) {
    error_code ec;
    asio::steady_timer timer(owner_.context_, time);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
}

asio::awaitable<error_code> server::session::send(response_text& answer, const fault_effects& effects) {
    error_code ec;
    owner_.sending_.insert(this);
    const std::size_t portion = effects.drip_bytes == 0 ? send_portion : effects.drip_bytes;
    std::string_view next = answer.take(portion, output_);
    while (!next.empty() && !ec) {
        ec = co_await channel_.write(next);
        next = answer.take(portion, output_);
        if (effects.drip_bytes != 0 && !next.empty()) co_await pause(effects.drip_interval);
    }
    co_return ec;
}

asio::awaitable<bool> server::session::respond(const parser& request) {
    const auto& message = request.get();
    request_view view;
    view.method = view_of(message.method_string());
    view.target = view_of(message.target());
    view.api_key = view_of(message["api-key"]);
    view.content_type = view_of(message[http::field::content_type]);
    view.range = view_of(message[http::field::range]);
    view.if_range = view_of(message[http::field::if_range]);
    view.if_none_match = view_of(message[http::field::if_none_match]);
    view.body = message.body();
    header_list headers;
    if (owner_.keeps_records()) {
        for (const auto& field : message) {
            headers.emplace_back(view_of(field.name_string()), view_of(field.value()));
        }
    }

    fault_effects effects;
    response_text out = owner_.answer_to(view, std::move(headers), number_, message.keep_alive(), effects);
    if (effects.delay.count() > 0) co_await pause(effects.delay);
    if (effects.hang) {
        co_await channel_.wait_for_end();
        co_return false;
    }
    ending end = out.end;
    if (effects.no_answer) {
        if (end == ending::keep) end = ending::orderly;
    } else {
        const error_code ec = co_await send(out, effects);
        if (ec) co_return false;
    }
    ++answered_;
    if (end == ending::keep && answered_ == owner_.options_.requests_per_connection) end = ending::orderly;
    switch (end) {
        case ending::keep:
            co_return true;
        case ending::orderly:
            co_await channel_.shut_down();
            break;
        case ending::without_notice:
            channel_.close();
            break;
        case ending::reset:
            // A reset takes back what is still under way. A client that reads nothing at all is not waited for.
            for (int i = 0; i < 5000 && channel_.under_way() > 0; ++i) co_await pause(std::chrono::milliseconds(1));
            channel_.reset();
            break;
    }
    co_return false;
}

}  // namespace cubicasa::testing::detail
