// Keeping a handler's executor at work until the handler is called. Light Asio headers only.
#pragma once

#include <boost/asio/execution/executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/prefer.hpp>

#include <type_traits>
#include <utility>

namespace cubicasa::detail {

namespace asio = boost::asio;

template <class Executor>
class tracked_work {
public:
    explicit tracked_work(const Executor& e) : executor_(asio::prefer(e, asio::execution::outstanding_work.tracked)) {}
    const auto& get_executor() const noexcept { return executor_; }

private:
    std::decay_t<decltype(asio::prefer(std::declval<const Executor&>(), asio::execution::outstanding_work.tracked))>
        executor_;
};

// executor_work_guard of Boost 1.81 takes a strand of an any_io_executor for an executor of the Networking TS, and does
// not compile.
template <class Executor>
using work_of = std::conditional_t<asio::execution::is_executor<Executor>::value, tracked_work<Executor>,
                                   asio::executor_work_guard<Executor>>;

}  // namespace cubicasa::detail
