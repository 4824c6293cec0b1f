// Accepting connections, and the state that all of them share.
#include "server.hpp"

#include "session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>

namespace cubicasa::testing::detail {

namespace {

constexpr std::size_t recorded_body = 64 * 1024;
constexpr std::chrono::milliseconds without_descriptors{20};

server_identity identity_for(const sandbox_options& options) {
    return options.tls ? make_identity(options) : server_identity();
}

}  // namespace

server::server(const sandbox_options& options) : options_(options), identity_(identity_for(options)) {
    const asio::ip::tcp::endpoint where(asio::ip::address_v4::loopback(), options_.port);
    acceptor_.open(where.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen(asio::socket_base::max_listen_connections);
    port_ = acceptor_.local_endpoint().port();
    origin_ = (options_.tls ? "https://localhost:" : "http://localhost:") + std::to_string(port_);
    state_.emplace(options_, origin_ + std::string(files_path));
    caller_.emplace(context_, options_);
    accept_next();
    thread_ = std::thread([this] { context_.run(); });
}

server::~server() {
    context_.stop();
    thread_.join();
}

void server::accept_next() {
    acceptor_.async_accept([this](error_code ec, asio::ip::tcp::socket socket) {
        if (ec) {
            // Out of descriptors, most likely.
            accept_again_.expires_after(without_descriptors);
            accept_again_.async_wait([this](error_code stopped) {
                if (!stopped) accept_next();
            });
            return;
        }
        try {
            auto fresh = std::make_unique<session>(*this, std::move(socket));
            asio::co_spawn(context_, session::run(std::move(fresh)), asio::detached);
        } catch (const std::exception&) {
            // This connection is dropped; the others go on.
        }
        accept_next();
    });
}

void server::close_idle() {
    // A client may have its answer before the session has come to know that it is idle: let those come to rest first.
    // Not for ever, since a client need not read its answer.
    auto work = [this]() -> asio::awaitable<void> {
        asio::steady_timer timer(context_);
        for (int i = 0; i < 1000 && !sending_.empty(); ++i) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(asio::use_awaitable);
        }
        for (session* const s : idle_) s->end_idle();
    };
    asio::co_spawn(context_, work(), asio::use_future).get();
}

void server::count_handshake(const channel& c, bool good) {
    const std::lock_guard lock(mutex_);
    if (!good) {
        ++stats_.handshakes_failed;
        return;
    }
    ++(c.resumed() ? stats_.handshakes_resumed : stats_.handshakes_full);
    stats_.tls_version = c.tls_version();
}

void server::record(const request_view& request, header_list headers, std::uint64_t connection, int status) {
    if (!keeps_records()) return;
    recorded_request r;
    r.connection = connection;
    r.method = request.method;
    r.target = request.target;
    r.headers = std::move(headers);
    r.body = request.body.substr(0, recorded_body);
    r.status = status;
    if (options_.on_request) options_.on_request(r);
    if (options_.recorded_requests == 0) return;
    if (recorded_.size() == options_.recorded_requests) recorded_.pop_front();
    recorded_.push_back(std::move(r));
}

response_text server::answer_to(const request_view& request, header_list headers, std::uint64_t connection,
                                bool keep_alive, fault_effects& effects) {
    const route where = find_route(request.method, request.target);
    const std::lock_guard lock(mutex_);
    const std::uint64_t number = ++stats_.requests;
    ++stats_.requests_per_path[std::string(where.label)];
    if (auto wrong = script_.for_request(request.method, where.path, where.relative)) {
        ++stats_.faults;
        effects = std::move(*wrong);
    }
    const consequences after(*this);
    answer out;
    int carried_out = 0;
    if (effects.garbage) {
        // No answer is needed.
    } else if (effects.instead) {
        out.status = effects.instead->status;
        out.content_type = effects.instead->content_type;
        out.body = std::move(effects.instead->body);
        out.headers = effects.instead->headers;
    } else {
        out = handle(*state_, where, request, effects);
        carried_out = out.status;
    }
    record(request, std::move(headers), connection, carried_out);
    if (request.method == "HEAD") out.head_only = true;
    return compose(out, effects, keep_alive, number);
}

void server::pass_changes_on() {
    for (status_change& c : state_->orders.take_changes()) {
        if (state_->webhooks.wants(c.current)) {
            for (const std::string& url : state_->webhooks.urls) caller_->add(url, make_event(c));
        }
        if (!options_.production_time || !c.in_production || next_status(c.current).empty()) continue;
        asio::co_spawn(context_, produce(std::move(c)), asio::detached);
    }
}

asio::awaitable<void> server::produce(status_change from) {
    asio::steady_timer timer(context_, *options_.production_time);
    error_code ec;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    const std::lock_guard lock(mutex_);
    stored_order* const order = state_->orders.find(from.id);
    // The order may be gone, or somebody else may have moved it.
    if (ec || order == nullptr || order->moves != from.moves) co_return;
    const consequences after(*this);
    state_->orders.set_status(*order, next_status(order->status));
}

sandbox_stats server::stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
}

std::vector<recorded_request> server::requests() const {
    const std::lock_guard lock(mutex_);
    return std::vector<recorded_request>(recorded_.begin(), recorded_.end());
}

}  // namespace cubicasa::testing::detail
