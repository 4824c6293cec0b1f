// Figures of a client, for dashboards and tests. Standard library only.
#pragma once

#include <cstdint>

namespace cubicasa {

struct pool_stats {
    std::uint64_t opened = 0;   // connections made since the client began
    std::uint64_t resumed = 0;  // of these, with a TLS session of an earlier one
    std::uint64_t failed = 0;   // connects that came to nothing
    std::uint64_t reused = 0;   // calls served by a connection that had served before
    std::uint64_t stale = 0;    // idle connections found closed when they were wanted
    std::uint64_t peak = 0;     // most connections open at once
    std::uint64_t leased = 0;   // now in use
    std::uint64_t idle = 0;     // now open and unused
    std::uint64_t connecting = 0;
    std::uint64_t waiting = 0;    // calls now in line
    std::uint64_t retried = 0;    // attempts that were not a call's first
    std::uint64_t throttled = 0;  // answers that asked for fewer requests
    std::uint64_t held = 0;       // calls now held back, since the server wants silence or for rate_options
    bool silent = false;          // whether the server wants silence now
    double retry_budget = 0;      // what is left of it
};

}  // namespace cubicasa
