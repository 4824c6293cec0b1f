// Calls the registered URLs as the service does (contract 7.2): each event up to three times, those of one URL one
// after the other. Calls nobody but this machine. Includes Asio's sockets and OpenSSL.
#pragma once

#include "../net/channel.hpp"
#include "certificates.hpp"
#include "webhook_fate.hpp"

#include <cubicasa/testing/sandbox.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::testing::detail {

namespace asio = boost::asio;
using boost::system::error_code;
using cubicasa::detail::channel;

struct webhook_destination {
    bool encrypted = false;
    std::vector<asio::ip::tcp::endpoint> endpoints;  // tried in turn
    std::string host;                                // with the port, for the header field
    std::string target;
};

// Unset if the URL is none, or does not lead to this machine. Asks no name server.
std::optional<webhook_destination> find_destination(std::string_view url);

// Works on the context's thread; has to outlive what the context keeps. The two functions may be called from any
// thread.
class webhook_caller {
public:
    webhook_caller(asio::io_context& context, const sandbox_options& options);

    void add(const std::string& url, std::string body);
    // The latest ones, oldest first.
    std::vector<webhook_call> calls() const;

private:
    using call_ptr = std::shared_ptr<webhook_call>;

    struct held_back {
        call_ptr what;
        unsigned overtaken;  // how many are still to go before it
    };

    // For holders of the mutex.
    void remember(const call_ptr& what);
    void place(const call_ptr& what, unsigned overtaken);
    void enqueue(const call_ptr& what);

    // Lets the call go even if nothing has overtaken it.
    asio::awaitable<void> hold_back(call_ptr what);
    call_ptr take_next(const std::string& url);
    asio::awaitable<void> work_off(std::string url);
    asio::awaitable<void> deliver(call_ptr what, const webhook_destination& where);
    // The status of the answer, or 0.
    asio::awaitable<int> attempt(const webhook_destination& where, const std::string& body);
    asio::awaitable<int> exchange(channel& connection, const webhook_destination& where, const std::string& body);

    asio::io_context& context_;
    const std::chrono::milliseconds retry_interval_;
    const std::size_t recorded_;
    const ssl_context_ptr tls_;

    mutable std::mutex mutex_;  // for the rest, and for the content of calls
    webhook_fates fates_;
    std::deque<call_ptr> calls_;
    std::vector<held_back> held_back_;
    std::map<std::string, std::deque<call_ptr>> waiting_;  // has the URLs that are being worked off
};

}  // namespace cubicasa::testing::detail
