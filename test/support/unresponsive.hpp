// Peers that keep one waiting: a server that takes nothing, one that cannot be reached, a name service that hangs.
#pragma once

#include "net/lookup.hpp"
#include "run.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <sys/socket.h>

namespace test {

// Listens, and never takes what comes: a connection is made by the kernel, and then nothing happens.
struct deaf_server {
    explicit deaf_server(int backlog = 16) : acceptor(context) {
        acceptor.open(asio::ip::tcp::v4());
        acceptor.bind(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        acceptor.listen(backlog);
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()); }

    asio::io_context context;
    asio::ip::tcp::acceptor acceptor;
};

// A name service that hangs for names that begin with "slow", while this object is there.
class hanging_names {
public:
    hanging_names() : before_(cc::detail::set_name_service(&ask)) { system() = before_; }
    ~hanging_names() {
        cc::detail::set_name_service(before_);
        std::unique_lock lock(mutex());
        released() = true;
        changed().notify_all();
        changed().wait(lock, [] { return asking() == 0; });
        released() = false;
    }
    hanging_names(const hanging_names&) = delete;
    hanging_names& operator=(const hanging_names&) = delete;

    void wait_until_asked() {
        std::unique_lock lock(mutex());
        changed().wait(lock, [] { return asking() > 0; });
    }

private:
    static boost::system::error_code ask(const std::string& host, const std::string& port, cc::detail::addresses& out) {
        if (!host.starts_with("slow")) return system()(host, port, out);
        std::unique_lock lock(mutex());
        ++asking();
        changed().notify_all();
        changed().wait(lock, [] { return released(); });
        --asking();
        changed().notify_all();
        return asio::error::host_not_found;
    }

    // Shared with threads that may outlive everything but the program.
    static std::mutex& mutex() {
        static std::mutex m;
        return m;
    }
    static std::condition_variable& changed() {
        static std::condition_variable c;
        return c;
    }
    static int& asking() {
        static int n = 0;
        return n;
    }
    static bool& released() {
        static bool r = false;
        return r;
    }
    static cc::detail::name_service& system() {
        static cc::detail::name_service s = nullptr;
        return s;
    }

    cc::detail::name_service before_;
};

// Its backlog is full: who connects is not even refused.
class full_server {
public:
    full_server() : server_(0) {
        const auto to = server_.acceptor.local_endpoint();
        for (int i = 0; i < 4; ++i) {
            auto& s = fillers_.emplace_back(context_);
            s.open(asio::ip::tcp::v4());
            s.native_non_blocking(true);
            ::connect(s.native_handle(), to.data(), static_cast<socklen_t>(to.size()));  // Asio's would wait
        }
    }
    std::string url() const { return server_.url(); }

private:
    deaf_server server_;
    asio::io_context context_;
    std::vector<asio::ip::tcp::socket> fillers_;
};

}  // namespace test
