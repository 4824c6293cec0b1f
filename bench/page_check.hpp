// What is done with each page of orders: it must be full, and the check sum of the first is printed.
#pragma once

#include "check_sum.hpp"
#include "keep.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>

namespace bench {

class page_check {
public:
    template <class Page>
    void see(const Page& page) {
        keep(page);
        if (page.items.size() != 20) {
            std::fprintf(stderr, "a page of %zu orders\n", page.items.size());
            std::_Exit(1);
        }
        if (!seen_) std::printf("check sum %" PRIu64 "\n", check_sum_of(page));
        seen_ = true;
    }

private:
    bool seen_ = false;
};

}  // namespace bench
