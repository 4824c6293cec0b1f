// While one buffer is written, the next one is filled.
#include "file_target.hpp"

#include <algorithm>
#include <utility>

namespace cubicasa::detail {

namespace {

// Each costs a hand-over to the file thread and back. Those of 1 MiB leave the core's cache before they are written.
constexpr std::size_t largest_buffer = 512 * 1024;

}  // namespace

file_target::file_target(const asio::any_io_executor& executor, const std::filesystem::path& path, bool resume,
                         bool digest, after_rename tell)
    : shared_(std::make_shared<shared_state>(path, digest)), work_(executor), resume_(resume), tell_(std::move(tell)) {}

file_target::~file_target() { interrupt(); }

task<error> file_target::open(const std::string& url) {
    work_.start([s = shared_, url, resume = resume_] { return s->file.open(url, resume, s->stop); });
    error failure = co_await work_.settle();
    if (!failure) facts_ = shared_->file.facts();
    co_return failure;
}

task<error> file_target::begin(const part_facts& identity) {
    error failure = co_await work_.settle();
    if (failure) co_return failure;
    filling_.used = 0;
    work_.start([s = shared_, identity] { return s->file.begin(identity); });
    failure = co_await work_.settle();
    facts_ = identity;
    facts_.size = 0;
    co_return failure;
}

asio::mutable_buffer file_target::space() {
    if (!filling_.memory) {
        // A small file needs no more than its size.
        const std::uint64_t left =
            facts_.length ? *facts_.length - std::min(facts_.size, *facts_.length) : largest_buffer;
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

task<error> file_target::flush(bool more) {
    if (filling_.used == 0 || (more && filling_.used < filling_.capacity)) co_return error();
    error failure = co_await work_.settle();
    if (failure) co_return failure;
    buffer full = std::exchange(filling_, std::exchange(shared_->spare, buffer()));
    work_.start([s = shared_, full = std::move(full)]() mutable {
        error e = s->file.append({full.memory.get(), full.used});
        full.used = 0;
        s->spare = std::move(full);
        return e;
    });
    co_return failure;
}

task<error> file_target::finish() {
    error failure = co_await flush(false);
    if (!failure) failure = co_await work_.settle();
    if (failure) co_return failure;
    work_.start([s = shared_, tell = tell_] {
        error e = s->file.sync();
        if (!e) e = s->file.finish();
        // Not before: the file that has the name now would be taken for this one. What ends in between is fetched
        // again.
        if (!e && tell) e = tell(s->file.facts(), s->file.sha256());
        return e;
    });
    co_return co_await work_.settle();
}

task<void> file_target::close() {
    error failure = co_await flush(false);
    failure = co_await work_.settle();
    work_.start([s = shared_] {
        s->file.close();
        return error();
    });
    failure = co_await work_.settle();
}

}  // namespace cubicasa::detail
