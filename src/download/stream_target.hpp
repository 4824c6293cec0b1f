// A user's sink as the target of a download. Nothing of what it took can be taken back.
#pragma once

#include <cubicasa/download_options.hpp>

#include "digest.hpp"
#include "target.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <memory>
#include <mutex>

namespace cubicasa::detail {

class stream_target final : public download_target {
public:
    stream_target(const asio::any_io_executor& executor, download_sink sink, bool digest);
    ~stream_target() override;

    task<error> open(const std::string& url) override;
    const part_facts& facts() const noexcept override { return facts_; }
    task<error> begin(const part_facts& identity) override;
    asio::mutable_buffer space() override;
    void commit(std::size_t n) override;
    task<error> flush(bool more) override;
    task<error> finish() override;
    task<void> close() override;
    std::string sha256() override { return digest_.hex(); }
    void interrupt() noexcept override;

private:
    struct running;
    task<error> give(std::string_view bytes);

    asio::any_io_executor executor_;
    download_sink sink_;
    digest digest_;
    part_facts facts_;
    std::unique_ptr<char[]> memory_;
    std::size_t used_ = 0;
    std::mutex mutex_;
    // Guarded by the mutex.
    std::shared_ptr<running> running_;
    bool interrupted_ = false;  // the sink is not called any more
};

}  // namespace cubicasa::detail
