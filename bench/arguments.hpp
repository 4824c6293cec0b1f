// What all programs here take: CALLS IN_FLIGHT HOST PORT PATH CA_FILE, some of them one thing more, and what they
// print: their own CPU time.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/resource.h>

namespace bench {

struct arguments {
    arguments(int count, char** values, const char* one_more = nullptr) {
        if (count != (one_more == nullptr ? 7 : 8)) {
            std::fprintf(stderr, "usage: %s CALLS IN_FLIGHT HOST PORT PATH CA_FILE %s\n", values[0],
                         one_more == nullptr ? "" : one_more);
            std::exit(2);
        }
        if (one_more != nullptr) last = values[7];
        calls = std::atol(values[1]);
        in_flight = std::atol(values[2]);
        host = values[3];
        port = values[4];
        path = values[5];
        ca_file = values[6];
    }

    // True while there is one more call to make.
    bool take() noexcept { return begun < calls && ++begun > 0; }

    // What the program has used until now will not be reported.
    void start_counting() noexcept { getrusage(RUSAGE_SELF, &before); }

    long calls;
    long in_flight;
    std::string host;
    std::string port;
    std::string path;
    std::string ca_file;
    std::string last;
    long begun = 0;
    long done = 0;
    rusage before{};
};

// The most memory that was resident, in KiB. getrusage() tells also of the process that started this program.
inline long peak_memory() {
    long out = 0;
    std::FILE* const file = std::fopen("/proc/self/status", "r");
    char line[256];
    while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr) {
        if (std::strncmp(line, "VmHWM:", 6) == 0) out = std::atol(line + 6);
    }
    if (file != nullptr) std::fclose(file);
    return out;
}

// Ends the program: with 1 if a call is missing.
[[noreturn]] inline void report(const arguments& a) {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto microseconds = [](const timeval& from, const timeval& to) {
        return (to.tv_sec - from.tv_sec) * 1'000'000L + (to.tv_usec - from.tv_usec);
    };
    std::printf("%ld calls, %ld us user, %ld us system, %ld KiB\n", a.done,
                microseconds(a.before.ru_utime, used.ru_utime), microseconds(a.before.ru_stime, used.ru_stime),
                peak_memory());
    std::fflush(stdout);
    std::_Exit(a.done == a.calls ? 0 : 1);
}

}  // namespace bench
