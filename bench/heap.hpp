// What a program has taken from the heap and not given back, in bytes.
#pragma once

#include <cstddef>

#include <malloc.h>

namespace bench {

inline std::size_t heap_in_use() noexcept {
    const auto now = mallinfo2();
    return now.uordblks + now.hblkhd;
}

}  // namespace bench
