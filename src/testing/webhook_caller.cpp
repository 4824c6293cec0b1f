// Webhook calls over HTTP/1.1, a connection for each.
#include "webhook_caller.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <stdexcept>

namespace http = boost::beast::http;
namespace urls = boost::urls;

namespace cubicasa::testing::detail {

namespace {

constexpr unsigned tries_at_most = 3;
constexpr std::chrono::seconds time_for_a_try{5};

bool is_success(int status) { return status >= 200 && status < 300; }

// The certificate is not verified: tests receive with whatever they have, and the call does not leave the machine.
ssl_context_ptr make_client_context() {
    ssl_context_ptr out(SSL_CTX_new(TLS_client_method()));
    if (!out) throw std::runtime_error("sandbox: OpenSSL failed: context");
    SSL_CTX_set_verify(out.get(), SSL_VERIFY_NONE, nullptr);
    return out;
}

std::vector<asio::ip::address> loopback_addresses(const urls::url_view& url) {
    std::vector<asio::ip::address> out;
    switch (url.host_type()) {
        case urls::host_type::ipv4:
            out.push_back(asio::ip::address_v4(url.host_ipv4_address().to_uint()));
            break;
        case urls::host_type::ipv6:
            out.push_back(asio::ip::address_v6(url.host_ipv6_address().to_bytes()));
            break;
        case urls::host_type::name:
            if (url.host_name() != "localhost") break;
            out.push_back(asio::ip::address_v4::loopback());
            out.push_back(asio::ip::address_v6::loopback());
            break;
        default:
            break;
    }
    std::erase_if(out, [](const asio::ip::address& a) { return !a.is_loopback(); });
    return out;
}

}  // namespace

std::optional<webhook_destination> find_destination(std::string_view text) {
    const auto parsed = urls::parse_uri(urls::string_view(text.data(), text.size()));
    if (!parsed) return std::nullopt;
    const urls::url_view& url = *parsed;
    if (url.scheme_id() != urls::scheme::http && url.scheme_id() != urls::scheme::https) return std::nullopt;
    webhook_destination out;
    out.encrypted = url.scheme_id() == urls::scheme::https;
    const auto default_port = static_cast<unsigned short>(out.encrypted ? 443 : 80);
    const unsigned short port = url.has_port() ? url.port_number() : default_port;
    for (const asio::ip::address& a : loopback_addresses(url)) out.endpoints.emplace_back(a, port);
    if (out.endpoints.empty()) return std::nullopt;
    out.host = std::string(url.encoded_host_and_port());
    out.target = std::string(url.encoded_target());
    if (!out.target.starts_with('/')) out.target.insert(0, "/");
    return out;
}

webhook_caller::webhook_caller(asio::io_context& context, const sandbox_options& options)
    : context_(context),
      retry_interval_(options.webhook_retry_interval),
      recorded_(options.recorded_requests),
      tls_(make_client_context()),
      fates_(options) {}

void webhook_caller::add(const std::string& url, std::string body) {
    const std::lock_guard lock(mutex_);
    const webhook_fate fate = fates_.next();
    const auto fresh = std::make_shared<webhook_call>();
    fresh->url = url;
    fresh->body = std::move(body);
    fresh->lost = fresh->done = fate.lost;
    remember(fresh);
    if (fate.lost) return;
    place(fresh, fate.overtaken);
    if (!fate.repeated) return;
    const auto again = std::make_shared<webhook_call>();
    again->url = url;
    again->body = fresh->body;
    again->repeat = true;
    remember(again);
    place(again, fate.repeat_overtaken);
}

void webhook_caller::remember(const call_ptr& what) {
    calls_.push_back(what);
    if (calls_.size() > recorded_) calls_.pop_front();
}

void webhook_caller::place(const call_ptr& what, unsigned overtaken) {
    if (overtaken == 0) enqueue(what);
    std::vector<call_ptr> ripe;
    std::erase_if(held_back_, [&](held_back& h) {
        if (h.what->url != what->url || --h.overtaken > 0) return false;
        ripe.push_back(h.what);
        return true;
    });
    for (const call_ptr& r : ripe) enqueue(r);
    if (overtaken == 0) return;
    held_back_.push_back({what, overtaken});
    asio::co_spawn(context_, hold_back(what), asio::detached);
}

void webhook_caller::enqueue(const call_ptr& what) {
    const auto [queue, idle] = waiting_.try_emplace(what->url);
    queue->second.push_back(what);
    if (idle) asio::co_spawn(context_, work_off(what->url), asio::detached);
}

asio::awaitable<void> webhook_caller::hold_back(call_ptr what) {
    asio::steady_timer pause(context_, retry_interval_);
    error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const std::lock_guard lock(mutex_);
    if (std::erase_if(held_back_, [&](const held_back& h) { return h.what == what; }) > 0) enqueue(what);
}

std::vector<webhook_call> webhook_caller::calls() const {
    const std::lock_guard lock(mutex_);
    std::vector<webhook_call> out;
    for (const call_ptr& c : calls_) out.push_back(*c);
    return out;
}

webhook_caller::call_ptr webhook_caller::take_next(const std::string& url) {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(url);
    if (found->second.empty()) {
        waiting_.erase(found);
        return nullptr;
    }
    call_ptr out = std::move(found->second.front());
    found->second.pop_front();
    return out;
}

asio::awaitable<void> webhook_caller::work_off(std::string url) {
    // Not at once: the first step may run within add().
    co_await asio::post(context_, asio::use_awaitable);
    const std::optional<webhook_destination> where = find_destination(url);
    while (const call_ptr next = take_next(url)) {
        if (where) co_await deliver(next, *where);
        const std::lock_guard lock(mutex_);
        next->done = true;
    }
}

asio::awaitable<void> webhook_caller::deliver(call_ptr what, const webhook_destination& where) {
    asio::steady_timer pause(context_);
    for (unsigned i = 1; i <= tries_at_most; ++i) {
        {
            const std::lock_guard lock(mutex_);
            what->tries = i;
        }
        const int status = co_await attempt(where, what->body);
        {
            const std::lock_guard lock(mutex_);
            what->status = status;
        }
        if (is_success(status) || i == tries_at_most) co_return;
        error_code ignored;
        pause.expires_after(retry_interval_);
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

asio::awaitable<int> webhook_caller::attempt(const webhook_destination& where, const std::string& body) {
    SSL_CTX* const tls = where.encrypted ? tls_.get() : nullptr;
    // Shared, since the timer may have gone off when this coroutine has just come to its end.
    const auto connection = std::make_shared<channel>(asio::ip::tcp::socket(context_), tls, channel::side::client);
    asio::steady_timer limit(context_, time_for_a_try);
    limit.async_wait([connection](error_code stopped) {
        if (!stopped) connection->close();
    });
    const int status = co_await exchange(*connection, where, body);
    co_await connection->shut_down();
    limit.cancel();
    co_return status;
}

asio::awaitable<int> webhook_caller::exchange(channel& connection, const webhook_destination& where,
                                              const std::string& body) {
    error_code ec = asio::error::not_connected;
    for (const asio::ip::tcp::endpoint& e : where.endpoints) {
        error_code ignored;
        connection.socket().close(ignored);
        co_await connection.socket().async_connect(e, asio::redirect_error(asio::use_awaitable, ec));
        if (!ec || ec == asio::error::operation_aborted) break;
    }
    if (!ec && connection.encrypted()) ec = co_await connection.handshake();
    if (ec) co_return 0;

    std::string text = "POST " + where.target + " HTTP/1.1\r\nHost: " + where.host;
    text +=
        "\r\nUser-Agent: cubicasa-sandbox\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ";
    text += std::to_string(body.size()) + "\r\n\r\n" + body;
    ec = co_await connection.write(text);

    std::optional<http::response_parser<http::string_body>> answered;
    answered.emplace().eager(true);
    std::string input;
    while (!ec) {
        ec = co_await connection.read_some(input);
        if (ec == asio::error::eof && answered->got_some()) answered->put_eof(ec);
        while (!ec && !input.empty()) {
            const std::size_t taken = answered->put(asio::buffer(input), ec);
            input.erase(0, taken);
            if (ec == http::error::need_more) ec.clear();
            if (taken == 0) break;
            if (!answered->is_done()) continue;
            if (answered->get().result_int() >= 200) break;
            answered.emplace().eager(true);  // that was an interim answer
        }
        if (answered->is_done()) break;
    }
    co_return answered->is_header_done() ? static_cast<int>(answered->get().result_int()) : 0;
}

}  // namespace cubicasa::testing::detail
