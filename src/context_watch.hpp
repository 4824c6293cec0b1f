// Lets go of sockets, timers and waiting coroutines when their execution context is destroyed before the client.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace cubicasa::detail {

namespace asio = boost::asio;

class engine;

// A service of the context: Asio calls shutdown() while the context's other services can still be used.
class context_watch : public asio::execution_context::service {
public:
    using key_type = context_watch;
    static asio::execution_context::id id;

    explicit context_watch(asio::execution_context& context) : service(context) {}

    static void add(const asio::any_io_executor& executor, const std::shared_ptr<engine>& e);

private:
    void shutdown() override;

    std::mutex mutex_;
    std::vector<std::weak_ptr<engine>> engines_;
};

}  // namespace cubicasa::detail
