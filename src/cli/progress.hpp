// Bars for the files that are being downloaded. Thread-safe.
#pragma once

#include "reporter.hpp"

#include <cubicasa/download_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

namespace cubicasa::cli {

class download_board {
public:
    explicit download_board(reporter& to) : to_(to) {}
    ~download_board() { to_.show({}); }

    // A moment of a file; `total` is known or not.
    void note(const download_progress& p);
    // A folder's files are all here, or will not come.
    void order_ended(const std::filesystem::path& folder, std::size_t files);

private:
    void draw();

    struct state {
        std::uint64_t bytes = 0;
        std::uint64_t total = 0;  // 0: not known
        double rate = 0;
    };

    reporter& to_;
    std::mutex mutex_;
    std::map<std::filesystem::path, state> running_;
    std::size_t orders_ = 0;
    std::size_t files_ = 0;
    std::uint64_t bytes_ = 0;  // of files that are complete
    std::chrono::steady_clock::time_point drawn_{};
};

// "12.3 MB"
std::string describe_bytes(double bytes);

}  // namespace cubicasa::cli
