// See the header.
#include "context_watch.hpp"

#include "download/file_thread.hpp"
#include "engine.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

namespace cubicasa::detail {

asio::execution_context::id context_watch::id;

void context_watch::add(const asio::any_io_executor& executor, const std::shared_ptr<engine>& e) {
    // A context shuts its services down beginning with the newest. This one must come before those whose shutting
    // down destroys our coroutines, so those are made first.
    {
        const auto strand = asio::make_strand(executor);
        const asio::steady_timer timer(executor);
        const asio::ip::tcp::socket socket(executor);
    }
    asio::execution_context& context = asio::query(executor, asio::execution::context);
    asio::use_service<file_thread>(context);
    auto& self = asio::use_service<context_watch>(context);
    const std::lock_guard lock(self.mutex_);
    std::erase_if(self.engines_, [](const auto& weak) { return weak.expired(); });
    self.engines_.push_back(e);
}

void context_watch::shutdown() {
    std::vector<std::weak_ptr<engine>> engines;
    {
        const std::lock_guard lock(mutex_);
        engines.swap(engines_);
    }
    for (const auto& weak : engines) {
        if (const auto e = weak.lock()) e->shut_down();
    }
}

}  // namespace cubicasa::detail
