// The thread on which the downloads of an execution context read and write their files, so that no disk keeps the
// network waiting. Begun with the first download.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <mutex>
#include <optional>

namespace cubicasa::detail {

namespace asio = boost::asio;

class file_thread : public asio::execution_context::service {
public:
    using key_type = file_thread;
    static asio::execution_context::id id;

    explicit file_thread(asio::execution_context& context) : service(context) {}

    // What is posted is done one after the other.
    static asio::thread_pool::executor_type of(const asio::any_io_executor& executor);

private:
    // What runs is finished, what waits is dropped.
    void shutdown() override;

    std::mutex mutex_;
    std::optional<asio::thread_pool> thread_;
};

}  // namespace cubicasa::detail
