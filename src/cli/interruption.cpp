// See the header.
#include "interruption.hpp"

#include "exit_status.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace cubicasa::cli {

namespace {

[[noreturn]] void end_at_once() {
    constexpr std::string_view text = "cubicasa: interrupted, and ended while something was in work\n";
    [[maybe_unused]] const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
    std::_Exit(static_cast<int>(exit_status::interrupted));
}

}  // namespace

// Kept alive by what waits for it.
class interruption::impl : public std::enable_shared_from_this<impl> {
public:
    impl(const boost::asio::any_io_executor& executor, std::function<void()> ask)
        : strand_(boost::asio::make_strand(executor)),
          signals_(strand_, SIGINT, SIGTERM, SIGHUP),
          patience_(strand_),
          ask_(std::move(ask)) {}

    void wait() {
        signals_.async_wait([self = shared_from_this()](const boost::system::error_code& ec, int) {
            if (!ec) self->signalled();
        });
    }

    void stop() {
        boost::asio::post(strand_, [self = shared_from_this()] {
            self->stopped_ = true;
            self->signals_.cancel();
            self->patience_.cancel();
        });
    }

private:
    void signalled() {
        if (stopped_) return;
        if (!ask_) end_at_once();
        patience_.expires_after(std::chrono::milliseconds(900));
        patience_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
            if (!cancelled && !self->stopped_) end_at_once();
        });
        wait();
        std::exchange(ask_, nullptr)();
    }

    boost::asio::strand<boost::asio::any_io_executor> strand_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer patience_;
    std::function<void()> ask_;
    bool stopped_ = false;
};

interruption::interruption(const boost::asio::any_io_executor& executor, std::function<void()> ask)
    : impl_(std::make_shared<impl>(executor, std::move(ask))) {
    impl_->wait();
}

interruption::~interruption() { impl_->stop(); }

}  // namespace cubicasa::cli
