// A file as the target of a download: all work on it is done on the file thread, while the network goes on.
#pragma once

#include <cubicasa/detail/consumer.hpp>

#include "file_thread.hpp"
#include "part_file.hpp"
#include "target.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>

namespace cubicasa::detail {

class file_target final : public download_target {
public:
    file_target(const asio::any_io_executor& executor, const std::filesystem::path& path, bool resume, bool digest);
    ~file_target() override;

    asio::awaitable<error> open(const std::string& url) override;
    const part_facts& facts() const noexcept override { return facts_; }
    asio::awaitable<error> begin(const part_facts& identity) override;
    asio::mutable_buffer space() override;
    void commit(std::size_t n) override;
    asio::awaitable<error> flush(bool more) override;
    asio::awaitable<error> finish() override;
    asio::awaitable<void> close() override;
    std::string sha256() override { return shared_->file.sha256(); }
    void interrupt() noexcept override { shared_->stop = true; }

private:
    struct buffer {
        std::unique_ptr<char[]> memory;
        std::size_t capacity = 0;
        std::size_t used = 0;
    };

    // What the file thread has a hand on, too. One of both at a time: `busy` tells whose turn it is.
    struct shared_state {
        shared_state(const std::filesystem::path& path, bool with_digest) : file(path, with_digest) {}

        part_file file;
        std::atomic<bool> stop{false};
        waiting_consumer consumer;
        std::mutex mutex;
        bool busy = false;  // guarded by the mutex
        error failure;      // of what was done last
        buffer spare;
    };

    // Work for the file thread.
    template <class F>
    class job;
    template <class F>
    void start(F work);
    asio::awaitable<error> settle();

    std::shared_ptr<shared_state> shared_;
    asio::any_io_executor executor_;
    bool resume_;
    part_facts facts_;
    buffer filling_;
};

}  // namespace cubicasa::detail
