// Pages of lists (contract 2.5). Includes Boost.JSON by answer.hpp.
#pragma once

#include "answer.hpp"

#include <cubicasa/testing/sandbox.hpp>

#include <cstdint>

namespace cubicasa::testing::detail {

struct page_query {
    std::int64_t limit = 20;
    std::int64_t offset = 0;

    // Takes a parameter of a query if it is one of the two.
    void read(const std::string& name, std::string_view value, complaints& errors);
};

// For operations whose query has no other parameters.
page_query read_page_query(std::string_view query);

// The place of a page in its list, and what its envelope says.
struct page_window {
    std::uint64_t start = 0;
    std::uint64_t limit = 0;
    std::int64_t next_offset = 0;
    std::int64_t previous_offset = 0;
};

page_window make_window(const page_query& query, const sandbox_options& options);

answer make_page(const page_window& window, std::string_view items, bool more);

// A page of what `begin` to `end` are; append_item(text, element) writes one.
template <class Iterator, class AppendItem>
answer make_page(const page_window& window, Iterator begin, Iterator end, AppendItem append_item) {
    std::string items;
    std::uint64_t left = window.limit;
    std::uint64_t to_skip = window.start;
    for (; begin != end; ++begin) {
        if (to_skip > 0) {
            --to_skip;
            continue;
        }
        if (left == 0) break;
        --left;
        if (!items.empty()) items += ',';
        append_item(items, *begin);
    }
    return make_page(window, items, begin != end);
}

}  // namespace cubicasa::testing::detail
