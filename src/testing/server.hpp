// The sandbox's sockets: accepting, reading requests, writing answers. Includes Asio and OpenSSL.
#pragma once

#include "../net/channel.hpp"
#include "certificates.hpp"
#include "fault.hpp"
#include "response_text.hpp"
#include "routes.hpp"
#include "webhook_caller.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

namespace cubicasa::testing::detail {

class server {
public:
    explicit server(const sandbox_options& options);
    ~server();
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    unsigned short port() const noexcept { return port_; }
    const std::string& origin() const noexcept { return origin_; }
    const std::string& ca_pem() const noexcept { return identity_.ca_pem; }

    void close_idle();
    sandbox_stats stats() const;
    std::vector<recorded_request> requests() const;

    std::vector<webhook_call> webhook_calls() const { return caller_->calls(); }

    // Runs f(script&, sandbox_state&) while no request is answered, and sees to what follows from it.
    template <class F>
    auto with_state(F f) {
        const std::lock_guard lock(mutex_);
        const consequences after(*this);
        return f(script_, *state_);
    }

private:
    class session;

    // At its end the changes of orders go to the webhooks and to production. For a holder of the mutex.
    class consequences {
    public:
        explicit consequences(server& owner) : owner_(owner) {}
        ~consequences() { owner_.pass_changes_on(); }
        consequences(const consequences&) = delete;
        consequences& operator=(const consequences&) = delete;

    private:
        server& owner_;
    };

    void accept_next();
    void pass_changes_on();
    asio::awaitable<void> produce(status_change from);
    void count_handshake(const channel& c, bool good);
    response_text answer_to(const request_view& request, header_list headers, std::uint64_t connection, bool keep_alive,
                            fault_effects& effects);
    bool keeps_records() const noexcept { return options_.recorded_requests > 0 || options_.on_request; }
    void record(const request_view& request, header_list headers, std::uint64_t connection, int status);

    const sandbox_options options_;
    const server_identity identity_;
    std::string origin_;
    unsigned short port_ = 0;

    mutable std::mutex mutex_;  // for all down to the next empty line
    std::optional<sandbox_state> state_;
    script script_;
    sandbox_stats stats_;
    std::deque<recorded_request> recorded_;

    std::set<session*> idle_;     // only on the server's thread
    std::set<session*> sending_;  // the same: from the begin of an answer until the connection is idle again

    std::optional<webhook_caller> caller_;

    // Last, so that what is suspended in it goes first.
    asio::io_context context_{1};
    asio::ip::tcp::acceptor acceptor_{context_};
    asio::steady_timer accept_again_{context_};
    std::thread thread_;
};

}  // namespace cubicasa::testing::detail
