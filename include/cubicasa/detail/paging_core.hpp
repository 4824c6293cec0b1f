// Where a walk over a list goes next, without I/O: facts of a page go in, a decision comes out. Standard library and
// error.hpp only.
#pragma once

#include <cubicasa/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_set>

namespace cubicasa::detail {

// What a page says about itself (contract 2.5).
struct page_facts {
    std::optional<bool> has_more;
    std::optional<std::int64_t> next_offset;
    std::size_t items = 0;
};

struct paging_decision {
    enum class step { next, end, fail };
    step what;
    std::int64_t offset = 0;  // of the next page
    errc why{};               // of a failure
};

class paging_core {
public:
    // A server that answers with empty pages for ever is not followed for ever.
    static constexpr int most_empty_pages = 1000;

    // `offset`: of the first page. `overlap`: so many records before `next_offset` are asked for again.
    explicit paging_core(std::int64_t offset, std::int64_t overlap = 0) : offset_(offset), overlap_(overlap) {}

    // The offset of the page that is wanted now.
    std::int64_t offset() const noexcept { return offset_; }

    // That page has come. `next_offset` is followed as it is, even where it seems to be off by one: the reference
    // says so. Growth is judged on the server's own numbers.
    paging_decision page(const page_facts& facts) {
        using step = paging_decision::step;
        const bool grows = facts.next_offset && *facts.next_offset > offset_;
        // An answer without `has_more` is taken at its offset, and its end is where nothing comes any more.
        const bool more = facts.has_more.value_or(facts.items > 0 && grows);
        if (!more) return {step::end, offset_, {}};
        if (!facts.next_offset) return {step::fail, offset_, errc::paging_broken};
        empty_ = facts.items == 0 ? empty_ + 1 : 0;
        if (!grows || empty_ > most_empty_pages) return {step::fail, offset_, errc::paging_stalled};
        offset_ = std::max(*facts.next_offset - overlap_, offset_ + 1);
        return {step::next, offset_, {}};
    }

private:
    std::int64_t offset_;
    std::int64_t overlap_;
    int empty_ = 0;
};

// The latest ids, so that a record which two pages have in common is handed out once. Bounded.
class recent_ids {
public:
    explicit recent_ids(std::size_t capacity) : capacity_(capacity) {}

    // False when the id is among the latest already.
    bool insert(const std::string& id) {
        if (capacity_ == 0) return true;
        if (!known_.insert(id).second) return false;
        order_.push_back(id);
        if (order_.size() > capacity_) {
            known_.erase(order_.front());
            order_.pop_front();
        }
        return true;
    }

private:
    std::size_t capacity_;
    std::unordered_set<std::string> known_;
    std::deque<std::string> order_;
};

}  // namespace cubicasa::detail
