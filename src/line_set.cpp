// See the header. Open addressing, at most three quarters full.
#include "line_set.hpp"

#include <algorithm>
#include <functional>

namespace cubicasa::detail {

bool line_set::is_at(std::uint64_t place, std::string_view line) const noexcept {
    const auto stored = std::string_view(text_).substr(place);
    return stored.starts_with(line) && stored[line.size()] == '\n';
}

// Where the line is, or would be.
std::size_t line_set::slot_of(std::string_view line) const noexcept {
    const std::size_t mask = table_.size() - 1;
    std::size_t slot = std::hash<std::string_view>()(line) & mask;
    while (table_[slot] != 0 && !is_at(table_[slot] - 1, line)) slot = (slot + 1) & mask;
    return slot;
}

bool line_set::contains(std::string_view line) const noexcept { return !table_.empty() && table_[slot_of(line)] != 0; }

void line_set::prepare(std::string_view line) {
    if ((size_ + 1) * 4 > table_.size() * 3) grow();
    const std::size_t needed = text_.size() + line.size() + 1;
    if (needed > text_.capacity()) text_.reserve(std::max(needed, text_.capacity() + text_.capacity() / 2));
}

bool line_set::insert(std::string_view line) {
    prepare(line);
    const std::size_t slot = slot_of(line);
    if (table_[slot] != 0) return false;
    table_[slot] = text_.size() + 1;
    text_.append(line).push_back('\n');
    ++size_;
    return true;
}

void line_set::grow() {
    line_set larger;
    larger.table_.resize(std::max<std::size_t>(table_.size() * 2, 64));
    larger.text_.swap(text_);
    for (const std::uint64_t place : table_) {
        if (place == 0) continue;
        const auto rest = std::string_view(larger.text_).substr(place - 1);
        larger.table_[larger.slot_of(rest.substr(0, rest.find('\n')))] = place;
    }
    text_.swap(larger.text_);
    table_.swap(larger.table_);
}

}  // namespace cubicasa::detail
