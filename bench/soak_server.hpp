// The other side of the soak: a sandbox in a process of its own, which keeps a log of what it has carried out.
#pragma once

#include <cubicasa/config.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace soak {

// What a request of the soak did, found by the number that its body carries.
struct log_entry {
    std::uint32_t number = 0;
    char what = 0;  // 'c': made a draft, 'u': changed one
};

class server {
public:
    // Forks: call it before the first thread. `faults` is the probability of each kind of fault once they begin.
    server(std::size_t orders, double faults);
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    cubicasa::client_config config() const;
    void begin_faults();

    // Ends the process, and calls f(entry) for all that it has carried out.
    template <class F>
    void read_log(F f) {
        stop();
        std::vector<log_entry> some;
        while (!(some = read_some()).empty()) {
            for (const log_entry& e : some) f(e);
        }
    }

    // What it has seen, once it has ended.
    std::uint64_t requests() const noexcept { return requests_; }
    std::uint64_t faults() const noexcept { return faults_; }
    std::uint64_t peak_connections() const noexcept { return peak_connections_; }

private:
    void stop();
    std::string read_line();
    std::vector<log_entry> read_some();

    pid_t process_ = -1;
    int to_server_ = -1;
    int from_server_ = -1;
    int log_ = -1;
    cubicasa::client_config config_;
    std::uint64_t requests_ = 0;
    std::uint64_t faults_ = 0;
    std::uint64_t peak_connections_ = 0;
};

}  // namespace soak
