// Keeps large files out of the page cache while they are written.
#pragma once

#include <cstdint>

#include <fcntl.h>

namespace cubicasa::detail {

// Else a large file pushes everything else out of the cache, waits long for its fsync, and costs CPU time for memory
// that the system has to find. So one window is on its way to the disk while the next one is filled, and is dropped
// then. A small file stays, since somebody will look at it soon.
class write_behind {
public:
    void restart() noexcept { *this = write_behind(); }

    // The file has so many bytes now. Advice only: what goes wrong here is told by fsync.
    void grown([[maybe_unused]] int fd, [[maybe_unused]] std::uint64_t size) noexcept {
#ifdef __linux__
        if (size < small || size - begun_ < window) return;
        const auto dropped = static_cast<off64_t>(dropped_);
        const auto begun = static_cast<off64_t>(begun_);
        ::sync_file_range(fd, begun, static_cast<off64_t>(size) - begun, SYNC_FILE_RANGE_WRITE);
        if (begun > dropped) {
            constexpr unsigned int and_wait =
                SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
            ::sync_file_range(fd, dropped, begun - dropped, and_wait);
            ::posix_fadvise(fd, dropped, begun - dropped, POSIX_FADV_DONTNEED);
        }
        dropped_ = begun_;
        begun_ = size;
#endif
    }

private:
    static constexpr std::uint64_t small = 64 * 1024 * 1024;
    static constexpr std::uint64_t window = 16 * 1024 * 1024;

    std::uint64_t dropped_ = 0;  // what is before is on the disk
    std::uint64_t begun_ = 0;    // what is before is on its way
};

}  // namespace cubicasa::detail
