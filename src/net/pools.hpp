// The pools of a client beside that of the API: one for each origin that files come from.
#pragma once

#include "pool.hpp"

#include <map>
#include <memory>
#include <mutex>

namespace cubicasa::detail {

// Thread-safe.
class pools {
public:
    pools(const asio::any_io_executor& executor, const client_config& config, std::shared_ptr<deadline_queue> deadlines)
        : executor_(executor), config_(config), deadlines_(std::move(deadlines)) {}

    // The one for this origin. errc::client_closed, or errc::invalid_configuration for TLS options that cannot be used.
    result<std::shared_ptr<pool>> of(const origin& to);

    void close();
    void shut_down();

private:
    const asio::any_io_executor& executor_;
    const client_config& config_;
    std::shared_ptr<deadline_queue> deadlines_;
    std::mutex mutex_;
    std::map<origin, std::shared_ptr<pool>> pools_;
    bool closed_ = false;
};

}  // namespace cubicasa::detail
