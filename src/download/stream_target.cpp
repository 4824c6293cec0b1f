// The sink is awaited on a strand of its own, where it can be cancelled without a race.
#include "stream_target.hpp"

#include <cubicasa/detail/callback_error.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <exception>

namespace cubicasa::detail {

namespace {

// Every TLS record that has come fits; a sink may want to see bytes soon.
constexpr std::size_t piece = 64 * 1024;

}  // namespace

struct stream_target::running {
    explicit running(const asio::any_io_executor& executor) : strand(asio::make_strand(executor)) {}

    // What is awaited on the strand. A signal must not come after it, and the sink is not called after a signal.
    static asio::awaitable<void> await(std::shared_ptr<running> self, const download_sink& sink,
                                       std::string_view bytes) {
        const struct at_end {
            bool& over;
            ~at_end() { over = true; }
        } end{self->over};
        if (self->interrupted) throw failure(error(errc::cancelled));
        co_await sink(bytes);
    }

    asio::strand<asio::any_io_executor> strand;
    // Only touched on the strand.
    asio::cancellation_signal signal;
    bool interrupted = false;
    bool over = false;
};

stream_target::stream_target(const asio::any_io_executor& executor, download_sink sink, bool digest)
    : executor_(executor), sink_(std::move(sink)), digest_(digest) {}

stream_target::~stream_target() = default;

task<error> stream_target::open(const std::string&) { co_return error(); }

task<error> stream_target::begin(const part_facts& identity) {
    if (facts_.size > used_) co_return error(errc::file_changed, "what the sink has taken cannot be taken back");
    facts_ = identity;
    facts_.size = 0;
    used_ = 0;
    co_return error();
}

asio::mutable_buffer stream_target::space() {
    if (!memory_) memory_ = std::make_unique_for_overwrite<char[]>(piece);
    return asio::buffer(memory_.get() + used_, piece - used_);
}

void stream_target::commit(std::size_t n) {
    used_ += n;
    facts_.size += n;
}

task<error> stream_target::flush(bool) {
    if (used_ == 0) co_return error();
    const std::string_view bytes(memory_.get(), used_);
    digest_.update(bytes);
    error failure = co_await give(bytes);
    used_ = 0;
    co_return failure;
}

task<error> stream_target::give(std::string_view bytes) {
    const auto now = std::make_shared<running>(executor_);
    {
        const std::lock_guard lock(mutex_);
        if (interrupted_) co_return error(errc::cancelled);
        running_ = now;
    }
    error failure;
    try {
        // From the strand: a coroutine that is cancelled while it is being spawned throws out of the context
        // (Boost 1.81).
        auto spawn = [&](auto handler) {
            asio::post(now->strand, [this, now, bytes, handler = std::move(handler)]() mutable {
                asio::co_spawn(now->strand, running::await(now, sink_, bytes),
                               asio::bind_cancellation_slot(now->signal.slot(), std::move(handler)));
            });
        };
        const auto [thrown] = co_await await_operation<std::exception_ptr>(spawn);
        if (thrown) std::rethrow_exception(thrown);
    } catch (...) {
        failure = error_of(std::current_exception());
    }
    const std::lock_guard lock(mutex_);
    running_.reset();
    co_return failure;
}

task<error> stream_target::finish() { return flush(false); }

task<void> stream_target::close() { co_return; }

void stream_target::interrupt() noexcept {
    std::shared_ptr<running> now;
    {
        const std::lock_guard lock(mutex_);
        interrupted_ = true;
        now = running_;
    }
    if (!now) return;
    asio::post(now->strand, [now] {
        now->interrupted = true;
        if (!now->over) now->signal.emit(asio::cancellation_type::terminal);
    });
}

}  // namespace cubicasa::detail
