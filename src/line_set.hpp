// A set of lines that grows, in little memory: one text and a table of places in it. Standard library only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::detail {

class line_set {
public:
    bool contains(std::string_view line) const noexcept;
    std::size_t size() const noexcept { return size_; }

    // Makes room, so that the insert() of this line cannot fail.
    void prepare(std::string_view line);
    // A line without its end. False when it was there.
    bool insert(std::string_view line);

private:
    std::size_t slot_of(std::string_view line) const noexcept;
    bool is_at(std::uint64_t place, std::string_view line) const noexcept;
    void grow();

    std::string text_;                  // each line with its end
    std::vector<std::uint64_t> table_;  // a power of two of places in the text, plus one; 0: free
    std::size_t size_ = 0;
};

}  // namespace cubicasa::detail
