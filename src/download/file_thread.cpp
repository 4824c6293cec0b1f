// See the header.
#include "file_thread.hpp"

namespace cubicasa::detail {

asio::execution_context::id file_thread::id;

asio::thread_pool::executor_type file_thread::of(const asio::any_io_executor& executor) {
    auto& self = asio::use_service<file_thread>(asio::query(executor, asio::execution::context));
    const std::lock_guard lock(self.mutex_);
    if (!self.thread_) self.thread_.emplace(1);
    return self.thread_->get_executor();
}

void file_thread::shutdown() {
    const std::lock_guard lock(mutex_);
    if (!thread_) return;
    thread_->stop();
    thread_->join();
    thread_.reset();
}

}  // namespace cubicasa::detail
