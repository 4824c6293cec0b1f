// The account of what is complete in the folder of an order: a line of JSON for each file, appended when the file
// has its name. POSIX files, no sockets.
#pragma once

#include <cubicasa/error.hpp>

#include "descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

namespace cubicasa::detail {

struct indexed_file {
    std::string name;
    std::string url;  // without its query
    std::int64_t bytes = 0;
    std::string sha256;
};

// Thread-safe after open(). One at a time has it, of all processes.
class asset_index {
public:
    // Makes the folder if there is none. errc::file_busy; errc::invalid_argument when it is the folder of another
    // order.
    error open(const std::filesystem::path& folder, const std::string& order_id);

    // The file is here, complete, and of this URL. `bytes` is its size then.
    bool has(const std::string& name, const std::string& url, std::uint64_t& bytes) const;
    // Reaches the disk before it returns.
    error add(const indexed_file& file);
    // Lets others have it. Nothing is added any more.
    void close() noexcept { file_ = descriptor(); }

private:
    error read(const std::string& order_id);
    error append(std::string line);

    std::filesystem::path folder_;
    std::filesystem::path path_;
    descriptor file_;
    mutable std::mutex mutex_;
    std::map<std::string, indexed_file> files_;
};

}  // namespace cubicasa::detail
