// Tokens, the queue's lock, and the generator of events.
#include "inbox.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace cubicasa {

namespace detail {

webhook_core::verdict webhook_inbox::offer(order_event e) {
    webhook_core::verdict out{};
    {
        const std::lock_guard lock(mutex_);
        out = core_.offer(webhook_core::time_point::clock::now(), std::move(e));
        switch (out) {
            case webhook_core::verdict::accepted:
                ++stats_.accepted;
                break;
            case webhook_core::verdict::repeated:
                ++stats_.repeated;
                break;
            case webhook_core::verdict::full:
                ++stats_.full;
                break;
            case webhook_core::verdict::closed:
                ++stats_.closed;
                break;
        }
    }
    if (out == webhook_core::verdict::accepted) consumer.wake();
    return out;
}

std::optional<order_event> webhook_inbox::take() {
    const std::lock_guard lock(mutex_);
    return core_.take();
}

void webhook_inbox::close() noexcept {
    {
        const std::lock_guard lock(mutex_);
        core_.close();
    }
    consumer.wake();
}

bool webhook_inbox::ended() const {
    const std::lock_guard lock(mutex_);
    return core_.closed() && core_.waiting() == 0;
}

bool webhook_inbox::has_news() const {
    const std::lock_guard lock(mutex_);
    return core_.closed() || core_.waiting() > 0;
}

void webhook_inbox::count(std::uint64_t webhook_stats::*what) const {
    const std::lock_guard lock(mutex_);
    ++(stats_.*what);
}

webhook_stats webhook_inbox::stats() const {
    const std::lock_guard lock(mutex_);
    webhook_stats out = stats_;
    out.waiting = core_.waiting();
    return out;
}

namespace {

class event_source final : public generator_source<order_event> {
public:
    explicit event_source(std::shared_ptr<webhook_inbox> inbox) : inbox_(std::move(inbox)) {}

    asio::awaitable<result<std::optional<order_event>>> next(std::shared_ptr<generator_source> self) override {
        return step(std::static_pointer_cast<event_source>(self));
    }
    cursor position() const override { return cursor(); }
    void close() noexcept override {
        closed_ = true;
        inbox_->consumer.wake();
    }

private:
    static asio::awaitable<result<std::optional<order_event>>> step(std::shared_ptr<event_source> self) {
        webhook_inbox& inbox = *self->inbox_;
        const event_turn waits(inbox);
        if (!waits.mine()) co_return error(errc::invalid_argument, "another next() waits for events already");
        for (;;) {
            if (self->closed_) co_return error(errc::cancelled);
            if (std::optional<order_event> e = inbox.take()) co_return std::move(e);
            if (inbox.ended()) co_return std::optional<order_event>();
            const bool woken = co_await inbox.consumer.wait([&] { return self->closed_ || inbox.has_news(); });
            if (!woken) co_return error(errc::cancelled);
        }
    }

    const std::shared_ptr<webhook_inbox> inbox_;
    std::atomic<bool> closed_{false};
};

bool in_a_token(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

constexpr std::string_view taken_in = R"({"message":"received"})";
constexpr std::string_view unknown = R"({"message":"not found"})";

std::string_view without_query(std::string_view target) { return target.substr(0, target.find('?')); }

}  // namespace

}  // namespace detail

secret make_webhook_token() {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) throw failure(error(errc::out_of_resources, "no randomness"));
    std::string out;
    for (const unsigned char b : bytes) {
        constexpr char hex[] = "0123456789abcdef";
        out.append({hex[b >> 4], hex[b & 15]});
    }
    return secret(std::move(out));
}

webhook_receiver::webhook_receiver(webhook_options options) {
    const auto refuse = [](const char* why) { throw failure(error(errc::invalid_configuration, why)); };
    const std::string_view token = options.token.reveal();
    if (token.size() < 16 || token.size() > 200) refuse("the token of a webhook has 16 to 200 characters");
    if (!std::all_of(token.begin(), token.end(), detail::in_a_token)) {
        refuse("the token of a webhook has only letters, digits, '-' and '_'");
    }
    const std::string& path = options.path;
    if (path.empty() || path.front() != '/' || path.back() != '/' || path.find_first_of("?# ") != std::string::npos) {
        refuse("the path of a webhook begins and ends with '/', and has no query");
    }
    options.waiting = std::max<std::size_t>(options.waiting, 1);
    inbox_ = std::make_shared<detail::webhook_inbox>(std::move(options));
}

bool webhook_receiver::owns(std::string_view target) const noexcept { return target.starts_with(inbox_->options.path); }

std::optional<webhook_reply> webhook_receiver::screen(std::string_view method, std::string_view target,
                                                      std::uint64_t length) const noexcept {
    const webhook_options& o = inbox_->options;
    const std::string_view wanted = o.token.reveal();
    const std::string_view path = detail::without_query(target);
    const std::string_view given = owns(path) ? path.substr(o.path.size()) : std::string_view();
    // How long the token is may be found out, what it is may not.
    if (given.size() != wanted.size() || CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) != 0) {
        inbox_->count(&webhook_stats::wrong_token);
        return webhook_reply(404, detail::unknown);
    }
    if (method != "POST") {
        inbox_->count(&webhook_stats::refused);
        webhook_reply out(405, R"({"message":"events are sent by POST"})");
        out.allow = "POST";
        return out;
    }
    if (length > o.body) {
        inbox_->count(&webhook_stats::refused);
        return webhook_reply(413, R"({"message":"an event is not that large"})");
    }
    return std::nullopt;
}

webhook_reply webhook_receiver::receive(std::string_view method, std::string_view target, std::string_view body) const {
    if (auto refusal = screen(method, target, body.size())) return *refusal;
    const auto refuse = [this](int status, std::string_view why) {
        inbox_->count(&webhook_stats::refused);
        return webhook_reply(status, why);
    };
    result<order_event> event = parse_order_event(body);
    if (!event) return refuse(400, R"({"message":"this is not an event of an order"})");
    switch (inbox_->offer(std::move(*event))) {
        case detail::webhook_core::verdict::accepted:
        case detail::webhook_core::verdict::repeated:
            return webhook_reply(200, detail::taken_in);
        case detail::webhook_core::verdict::full:
        case detail::webhook_core::verdict::closed:
            break;
    }
    webhook_reply out(503, R"({"message":"not now"})");
    out.retry_after = 5;
    return out;
}

std::string webhook_receiver::url(std::string_view base) const {
    while (base.ends_with('/')) base.remove_suffix(1);
    return std::string(base).append(inbox_->options.path).append(inbox_->options.token.reveal());
}

async_generator<order_event> webhook_receiver::events() const {
    return async_generator<order_event>(std::make_shared<detail::event_source>(inbox_));
}

void webhook_receiver::close() const noexcept { inbox_->close(); }

webhook_stats webhook_receiver::stats() const { return inbox_->stats(); }

const webhook_options& webhook_receiver::options() const noexcept { return inbox_->options; }

}  // namespace cubicasa
