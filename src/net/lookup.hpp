// The addresses of one host name: looked up by one query at a time, kept for a moment, and never a reason to wait
// longer than one wants, since a query of the system cannot be interrupted.
#pragma once

#include "origin.hpp"
#include "sleeper.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace cubicasa::detail {

using addresses = std::vector<asio::ip::tcp::endpoint>;

// Asks the system, and waits for it, on the calling thread. Replaced in tests, where a name service has to hang.
using name_service = error_code (*)(const std::string& host, const std::string& port, addresses& out);
name_service set_name_service(name_service s) noexcept;  // the one before

// Thread-safe. A query runs on a thread of its own that nobody waits for: Asio has one such thread for a context, so
// that a query that hangs would hold up all other names, and the end of the context too.
class lookup : public std::enable_shared_from_this<lookup> {
public:
    lookup(const asio::any_io_executor& executor, const origin& to) : executor_(executor), origin_(to) {}

    // Ends at once when the owner stops; the query then ends behind it.
    static task<error_code> resolve(std::shared_ptr<lookup> self, stoppable& owner, addresses& out);

    // The execution context ends.
    void shut_down();

private:
    struct waiter {
        wake_up wake;
        lookup* from = nullptr;
        std::list<waiter*>::iterator place;
    };

    static void interrupt(void* waiting);
    void begin();
    void finish(error_code ec, addresses found);

    asio::any_io_executor executor_;
    const origin origin_;
    std::mutex mutex_;
    bool running_ = false;
    std::list<waiter*> waiting_;
    addresses known_;
    error_code failure_;
    std::chrono::steady_clock::time_point fresh_until_{};
    bool closed_ = false;
};

}  // namespace cubicasa::detail
