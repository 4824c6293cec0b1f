// How fast something goes on, and when it is time to tell. Standard library only.
#pragma once

#include <chrono>
#include <cstdint>

namespace cubicasa::detail {

class progress_meter {
public:
    using time_point = std::chrono::steady_clock::time_point;

    progress_meter(std::chrono::milliseconds interval, time_point now, std::uint64_t bytes)
        : interval_(interval), last_(now), told_(bytes) {}

    // True when the interval is over.
    bool due(time_point now, std::uint64_t bytes) noexcept {
        if (now - last_ < interval_) return false;
        note(now, bytes);
        return true;
    }

    // The last word, whenever it is.
    void note(time_point now, std::uint64_t bytes) noexcept {
        const double seconds = std::chrono::duration<double>(now - last_).count();
        if (seconds > 0 && bytes >= told_) {
            const double latest = static_cast<double>(bytes - told_) / seconds;
            // The average forgets half of what it knows with each interval or two.
            rate_ = known_ ? 0.6 * rate_ + 0.4 * latest : latest;
            known_ = true;
        }
        last_ = now;
        told_ = bytes;
    }

    // Bytes in a second.
    double rate() const noexcept { return rate_; }

private:
    std::chrono::milliseconds interval_;
    time_point last_;
    std::uint64_t told_;
    double rate_ = 0;
    bool known_ = false;
};

}  // namespace cubicasa::detail
