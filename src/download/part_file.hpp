// A file on its way: PATH.part, which grows, and PATH.part.info, which says what it is a part of. POSIX files, no
// sockets, no threads.
#pragma once

#include <cubicasa/detail/range_core.hpp>
#include <cubicasa/error.hpp>

#include "descriptor.hpp"
#include "digest.hpp"
#include "write_behind.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace cubicasa::detail {

// At no instant is there a part under the final name: the part is synced first and renamed then, in place of what was
// there before. It survives the process that wrote it, and another one goes on with it if it is of the same file. It
// does not survive a restart of the machine, since nobody knows then which of its bytes had reached the disk.
//
// Errors are those of the system with the path in their message, or file_busy: only one download at a time, of any
// process, has the part.
class part_file {
public:
    part_file(std::filesystem::path target, bool with_digest);
    // What cannot be of any use is removed.
    ~part_file();
    part_file(const part_file&) = delete;
    part_file& operator=(const part_file&) = delete;

    // Takes over what an earlier download of `url` (without its query) has left, if `resume`, or begins with nothing.
    // Reads the part for the digest, unless `stop` becomes true: then it returns errc::cancelled.
    error open(const std::string& url, bool resume, const std::atomic<bool>& stop);

    const part_facts& facts() const noexcept { return facts_; }

    // Forgets the part, and remembers what the bytes that follow are of. `identity.size` is not looked at.
    error begin(const part_facts& identity);
    error append(std::string_view bytes);
    // The part is the whole: it reaches the disk, and gets its name.
    error sync();
    error finish();

    // Whether a download of `target` has begun and not come to its end. If the last one was killed between its last two
    // steps, it left a note without a part, which is removed.
    static bool left(const std::filesystem::path& target);

    // Lets go of the part; another download can take it over.
    void close() noexcept;

    // After sync(). In hexadecimal; empty without digest.
    const std::string& sha256() const noexcept { return sha256_; }

private:
    error lock();
    bool remember(const part_facts& identity) const;
    error read_back(const std::atomic<bool>& stop);
    error write(std::string_view bytes) const;

    std::filesystem::path target_;
    std::filesystem::path part_;
    std::filesystem::path info_;
    descriptor file_;
    part_facts facts_;
    write_behind written_;
    digest digest_;
    std::string sha256_;
};

}  // namespace cubicasa::detail
