// See the header.
#include "progress.hpp"

#include "terminal.hpp"

#include <cstdio>

namespace cubicasa::cli {

namespace {

constexpr std::size_t most_bars = 8;
constexpr std::size_t bar_width = 24;

std::string bar(std::uint64_t bytes, std::uint64_t total) {
    const std::size_t full = total == 0 ? 0 : static_cast<std::size_t>(bytes * bar_width / total);
    return "[" + std::string(full, '#') + std::string(bar_width - full, '.') + "]";
}

}  // namespace

std::string describe_bytes(double bytes) {
    const char* const units[] = {"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    for (; bytes >= 1000 && unit + 1 < std::size(units); ++unit) bytes /= 1000;
    char out[32];
    std::snprintf(out, sizeof out, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
    return out;
}

void download_board::note(const download_progress& p) {
    if (!to_.shows_progress()) return;
    const std::lock_guard lock(mutex_);
    if (p.total && p.bytes >= *p.total) {
        running_.erase(p.file);
        bytes_ += p.bytes;
    } else {
        running_[p.file] = {p.bytes, p.total.value_or(0), p.rate};
    }
    draw();
}

void download_board::order_ended(const std::filesystem::path& folder, std::size_t files) {
    if (!to_.shows_progress()) return;
    const std::lock_guard lock(mutex_);
    std::erase_if(running_, [&](const auto& r) { return r.first.parent_path() == folder; });
    ++orders_;
    files_ += files;
    draw();
}

void download_board::draw() {
    const auto now = std::chrono::steady_clock::now();
    if (now - drawn_ < std::chrono::milliseconds(100)) return;
    drawn_ = now;
    std::vector<std::string> lines;
    double here = static_cast<double>(bytes_);
    for (const auto& [file, s] : running_) {
        here += static_cast<double>(s.bytes);
        if (lines.size() >= most_bars) continue;
        std::string line = bar(s.bytes, s.total) + " " + describe_bytes(static_cast<double>(s.bytes));
        if (s.total != 0) line += " of " + describe_bytes(static_cast<double>(s.total));
        if (s.rate > 0) line += ", " + describe_bytes(s.rate) + "/s";
        lines.push_back(line + "  " + harmless(file.filename().string()));
    }
    lines.push_back(std::to_string(orders_) + " orders, " + std::to_string(files_) + " files, " + describe_bytes(here));
    to_.show(std::move(lines));
}

}  // namespace cubicasa::cli
