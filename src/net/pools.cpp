// Making pools, and forgetting those that nobody uses.
#include "pools.hpp"

namespace cubicasa::detail {

namespace {

// Far more than anybody has at a time. A server that redirects to ever new hosts must not fill our memory.
constexpr std::size_t many = 64;

}  // namespace

result<std::shared_ptr<pool>> pools::of(const origin& to) {
    const std::lock_guard lock(mutex_);
    if (closed_) return error(errc::client_closed);
    const auto known = pools_.find(to);
    if (known != pools_.end()) return known->second;
    if (pools_.size() >= many) {
        std::erase_if(pools_, [](const auto& entry) {
            const bool unused = entry.second.use_count() == 1;
            if (unused) entry.second->close();
            return unused;
        });
    }
    std::shared_ptr<tls_context> tls;
    if (to.tls) {
        auto made = tls_context::create(config_.tls, to);
        if (!made) return made.error();
        tls = std::move(*made);
    }
    auto report = std::make_shared<const reporter>(config_.observer, to.host, to.port);
    auto fresh = std::make_shared<pool>(executor_, to, std::move(tls), config_, deadlines_, std::move(report));
    pools_.emplace(to, fresh);
    return fresh;
}

void pools::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& [to, p] : pools_) p->close();
}

void pools::shut_down() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& [to, p] : pools_) p->shut_down();
}

}  // namespace cubicasa::detail
