// What the programs share that decode the same text again and again: FILE REPETITIONS. They print the size of the text,
// their CPU time, and the check sum of what they made of it.
#pragma once

#include "check_sum.hpp"
#include "keep.hpp"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <sys/resource.h>

namespace bench {

inline long cpu_microseconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1'000'000L + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

// `prepare(text)` is called once and gives `decode()`, which is what is measured. What goes wrong is thrown.
template <class Prepare>
int decode_loop(int count, char** values, Prepare prepare) {
    if (count != 3) {
        std::fprintf(stderr, "usage: %s FILE REPETITIONS\n", values[0]);
        return 2;
    }
    try {
        std::ifstream file(values[1], std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        auto decode = prepare(text);
        const std::uint64_t expected = check_sum_of(decode());
        const long begin = cpu_microseconds();
        for (long left = std::atol(values[2]); left > 0; --left) {
            const auto decoded = decode();
            keep(decoded);
        }
        const long end = cpu_microseconds();
        if (check_sum_of(decode()) != expected) throw std::runtime_error("the last one differs from the first");
        std::printf("%zu bytes, %ld us, check sum %" PRIu64 "\n", text.size(), end - begin, expected);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s: %s\n", values[0], e.what());
        return 1;
    }
}

}  // namespace bench
