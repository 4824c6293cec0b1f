// What all programs here take: CALLS IN_FLIGHT HOST PORT PATH CA_FILE, and what they print: their own CPU time.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/resource.h>

namespace bench {

struct arguments {
    arguments(int count, char** values) {
        if (count != 7) {
            std::fprintf(stderr, "usage: %s CALLS IN_FLIGHT HOST PORT PATH CA_FILE\n", values[0]);
            std::exit(2);
        }
        calls = std::atol(values[1]);
        in_flight = std::atol(values[2]);
        host = values[3];
        port = values[4];
        path = values[5];
        ca_file = values[6];
    }

    // True while there is one more call to make.
    bool take() noexcept { return begun < calls && ++begun > 0; }

    long calls;
    long in_flight;
    std::string host;
    std::string port;
    std::string path;
    std::string ca_file;
    long begun = 0;
    long done = 0;
};

// Ends the program: with 1 if a call is missing.
[[noreturn]] inline void report(const arguments& a) {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto microseconds = [](const timeval& t) { return t.tv_sec * 1'000'000L + t.tv_usec; };
    std::printf("%ld calls, %ld us user, %ld us system, %ld KiB\n", a.done, microseconds(used.ru_utime),
                microseconds(used.ru_stime), used.ru_maxrss);
    std::fflush(stdout);
    std::_Exit(a.done == a.calls ? 0 : 1);
}

}  // namespace bench
