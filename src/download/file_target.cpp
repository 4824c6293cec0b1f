// While one buffer is written, the next one is filled.
#include "file_target.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace cubicasa::detail {

namespace {

constexpr std::size_t largest_buffer = 256 * 1024;

}  // namespace

template <class F>
class file_target::job {
public:
    job(std::shared_ptr<shared_state> s, F work) : shared_(std::move(s)), work_(std::move(work)) {}
    job(job&&) noexcept = default;
    // Dropped without having run, since the execution context ends: the one who waits must not wait for ever.
    ~job() {
        if (shared_) shared_->consumer.drop();
    }

    void operator()() {
        const std::shared_ptr<shared_state> s = std::move(shared_);
        error failure;
        try {
            failure = work_(*s);
        } catch (const std::exception& e) {
            failure = error(errc::out_of_resources, e.what());
        }
        {
            const std::lock_guard lock(s->mutex);
            s->failure = std::move(failure);
            s->busy = false;
        }
        s->consumer.wake();
    }

private:
    std::shared_ptr<shared_state> shared_;
    F work_;
};

file_target::file_target(const asio::any_io_executor& executor, const std::filesystem::path& path, bool resume,
                         bool digest)
    : shared_(std::make_shared<shared_state>(path, digest)), executor_(executor), resume_(resume) {}

file_target::~file_target() { interrupt(); }

// After settle().
template <class F>
void file_target::start(F work) {
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->busy = true;
    }
    asio::post(file_thread::of(executor_), job<F>(shared_, std::move(work)));
}

// Until nothing is done on the file thread for us. The error is that of what was done last.
asio::awaitable<error> file_target::settle() {
    const auto idle = [s = shared_.get()] {
        const std::lock_guard lock(s->mutex);
        return !s->busy;
    };
    while (!idle()) co_await shared_->consumer.wait(idle);
    co_return shared_->failure;
}

asio::awaitable<error> file_target::open(const std::string& url) {
    start([url, resume = resume_](shared_state& s) { return s.file.open(url, resume, s.stop); });
    error failure = co_await settle();
    if (!failure) facts_ = shared_->file.facts();
    co_return failure;
}

asio::awaitable<error> file_target::begin(const part_facts& identity) {
    error failure = co_await settle();
    if (failure) co_return failure;
    filling_.used = 0;
    start([identity](shared_state& s) { return s.file.begin(identity); });
    failure = co_await settle();
    facts_ = identity;
    facts_.size = 0;
    co_return failure;
}

asio::mutable_buffer file_target::space() {
    if (!filling_.memory) {
        // A small file needs no more than its size.
        const std::uint64_t left = facts_.length ? *facts_.length - std::min(facts_.size, *facts_.length) : largest_buffer;
        filling_.capacity = static_cast<std::size_t>(std::clamp<std::uint64_t>(left, 1, largest_buffer));
        filling_.memory = std::make_unique_for_overwrite<char[]>(filling_.capacity);
        filling_.used = 0;
    }
    return asio::buffer(filling_.memory.get() + filling_.used, filling_.capacity - filling_.used);
}

void file_target::commit(std::size_t n) {
    filling_.used += n;
    facts_.size += n;
}

asio::awaitable<error> file_target::flush(bool more) {
    if (filling_.used == 0 || (more && filling_.used < filling_.capacity)) co_return error();
    error failure = co_await settle();
    if (failure) co_return failure;
    buffer full = std::exchange(filling_, std::exchange(shared_->spare, buffer()));
    start([full = std::move(full)](shared_state& s) mutable {
        error e = s.file.append({full.memory.get(), full.used});
        full.used = 0;
        s.spare = std::move(full);
        return e;
    });
    co_return failure;
}

asio::awaitable<error> file_target::finish() {
    error failure = co_await flush(false);
    if (!failure) failure = co_await settle();
    if (failure) co_return failure;
    start([](shared_state& s) { return s.file.finish(); });
    co_return co_await settle();
}

asio::awaitable<void> file_target::close() {
    error failure = co_await flush(false);
    failure = co_await settle();
    start([](shared_state& s) {
        s.file.close();
        return error();
    });
    failure = co_await settle();
}

}  // namespace cubicasa::detail
