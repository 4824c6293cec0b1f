// A file as the target of a download: all work on it is done on the file thread, while the network goes on.
#pragma once

#include "file_work.hpp"
#include "part_file.hpp"
#include "target.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>

namespace cubicasa::detail {

// Told on the file thread of a file that is whole and has its name.
using after_rename = std::function<error(const part_facts& file, const std::string& sha256)>;

class file_target final : public download_target {
public:
    file_target(const asio::any_io_executor& executor, const std::filesystem::path& path, bool resume, bool digest,
                after_rename tell);
    ~file_target() override;

    task<error> open(const std::string& url) override;
    const part_facts& facts() const noexcept override { return facts_; }
    task<error> begin(const part_facts& identity) override;
    asio::mutable_buffer space() override;
    void commit(std::size_t n) override;
    task<error> flush(bool more) override;
    task<error> finish() override;
    task<void> close() override;
    std::string sha256() override { return shared_->file.sha256(); }
    void interrupt() noexcept override { shared_->stop = true; }

private:
    struct buffer {
        std::unique_ptr<char[]> memory;
        std::size_t capacity = 0;
        std::size_t used = 0;
    };

    // What the file thread works with. Ours again when the work has settled.
    struct shared_state {
        shared_state(const std::filesystem::path& path, bool with_digest) : file(path, with_digest) {}

        part_file file;
        std::atomic<bool> stop{false};
        buffer spare;
    };

    std::shared_ptr<shared_state> shared_;
    file_work work_;
    bool resume_;
    after_rename tell_;
    part_facts facts_;
    buffer filling_;
};

}  // namespace cubicasa::detail
