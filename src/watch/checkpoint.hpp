// The file of a watch: a line of JSON for each order whose state has changed, the last one counts. POSIX files.
#pragma once

#include <cubicasa/detail/watch_core.hpp>
#include <cubicasa/error.hpp>

#include "../download/descriptor.hpp"

#include <filesystem>
#include <vector>

namespace cubicasa::detail {

class watch_checkpoint {
public:
    // Makes the file if there is none. errc::file_busy; errc::file_failed for a file of something else.
    error open(const std::filesystem::path& path);
    // What the file has, each order once. Once.
    std::vector<known_order> take_known() { return std::move(known_); }
    // Whether all of the list was seen once: an order that is not in here is a new one then.
    bool listed() const noexcept { return listed_; }
    // Reaches the disk before it returns. After an error the lines can be appended again. `listed`: all of the list has
    // been seen now.
    error append(const std::vector<known_order>& lines, bool listed);

private:
    error read();
    error rewrite();
    error write(const std::string& text, int fd, const std::filesystem::path& path) const;

    std::filesystem::path path_;
    descriptor lock_;  // of a file beside it, since the file itself is replaced
    descriptor file_;
    std::vector<known_order> known_;
    bool listed_ = false;
};

}  // namespace cubicasa::detail
