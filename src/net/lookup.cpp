// Name look-up; see the header.
#include "lookup.hpp"

#include <boost/asio/error.hpp>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>

#include <netdb.h>

namespace cubicasa::detail {

namespace {

// Long enough for a burst of connects, short enough to follow a change of DNS.
constexpr auto kept_for = std::chrono::seconds(5);

error_code ask_system(const std::string& host, const std::string& port, addresses& out) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    int problem = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
    if (problem == EAI_NONAME || problem == EAI_NODATA || problem == EAI_ADDRFAMILY) {
        // AI_ADDRCONFIG hides even loopback addresses on a machine that has no others.
        hints.ai_flags = 0;
        problem = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
    }
    if (problem == EAI_SYSTEM) return error_code(errno, boost::system::system_category());
    if (problem == EAI_SERVICE) return asio::error::service_not_found;
    if (problem == EAI_AGAIN) return asio::error::host_not_found_try_again;
    if (problem == EAI_FAIL) return asio::error::no_recovery;
    if (problem == EAI_MEMORY) return asio::error::no_memory;
    if (problem != 0) return asio::error::host_not_found;
    for (const addrinfo* a = list; a != nullptr; a = a->ai_next) {
        asio::ip::tcp::endpoint e;
        if (a->ai_addrlen > e.capacity()) continue;
        e.resize(a->ai_addrlen);
        std::memcpy(e.data(), a->ai_addr, a->ai_addrlen);
        out.push_back(e);
    }
    ::freeaddrinfo(list);
    return out.empty() ? make_error_code(asio::error::host_not_found) : error_code();
}

std::atomic<name_service> service{&ask_system};

}  // namespace

name_service set_name_service(name_service s) noexcept { return service.exchange(s); }

task<error_code> lookup::resolve(std::shared_ptr<lookup> self, stoppable& owner, addresses& out) {
    error_code no_address;
    if (const auto literal = asio::ip::make_address(self->origin_.host, no_address); !no_address) {
        const auto port = static_cast<unsigned short>(std::stoi(self->origin_.port));
        out.assign(1, asio::ip::tcp::endpoint(literal, port));
        co_return error_code();
    }
    waiter me;
    me.from = self.get();
    bool ask = false;
    {
        const std::lock_guard lock(self->mutex_);
        if (self->closed_) co_return make_error_code(errc::client_closed);
        ask = std::chrono::steady_clock::now() >= self->fresh_until_;
        if (!ask) out = self->known_;
    }
    if (ask) {
        stoppable::waiting wait(owner, &interrupt, &me);
        auto enter = [&](wake_up w) {
            const std::lock_guard lock(self->mutex_);
            me.wake = std::move(w);
            me.place = self->waiting_.insert(self->waiting_.end(), &me);
            if (!self->running_) self->begin();
        };
        co_await sleep_until_woken(wait, enter);
        if (owner.stopped()) co_return make_error_code(owner.reason());
        const std::lock_guard lock(self->mutex_);
        if (self->failure_) co_return self->failure_;
        out = self->known_;
    }
    co_return error_code();
}

void lookup::interrupt(void* waiting) {
    auto* me = static_cast<waiter*>(waiting);
    wake_up wake;
    {
        const std::lock_guard lock(me->from->mutex_);
        if (!me->wake) return;
        me->from->waiting_.erase(me->place);
        wake = std::move(me->wake);
    }
    wake();
}

// With the mutex held.
void lookup::begin() {
    running_ = true;
    try {
        std::thread([self = shared_from_this(), ask = service.load()] {
            addresses found;
            const error_code ec = ask(self->origin_.host, self->origin_.port, found);
            self->finish(ec, std::move(found));
        }).detach();
    } catch (const std::system_error&) {
        running_ = false;
        failure_ = asio::error::no_memory;
        for (waiter* w : waiting_) w->wake();
        waiting_.clear();
    }
}

// On the query's thread. The lock is held while the waiters are posted to: until shut_down() has had it, their
// execution context is there.
void lookup::finish(error_code ec, addresses found) {
    const std::lock_guard lock(mutex_);
    running_ = false;
    failure_ = ec;
    known_ = std::move(found);
    if (!ec) fresh_until_ = std::chrono::steady_clock::now() + kept_for;
    for (waiter* w : waiting_) {
        wake_up wake = std::move(w->wake);
        wake();
    }
    waiting_.clear();
}

void lookup::shut_down() {
    std::vector<wake_up> dropped;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        for (waiter* w : waiting_) dropped.push_back(std::move(w->wake));
        waiting_.clear();
    }
}

}  // namespace cubicasa::detail
