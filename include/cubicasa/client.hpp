// The handle to the service: one verb, async_call, for every endpoint, and the families that wrap it.
#pragma once

#include <cubicasa/config.hpp>
#include <cubicasa/detail/initiate.hpp>
#include <cubicasa/detail/operation.hpp>
#include <cubicasa/endpoint.hpp>
#include <cubicasa/endpoints/change_requests_family.hpp>
#include <cubicasa/endpoints/company_family.hpp>
#include <cubicasa/endpoints/drafts_family.hpp>
#include <cubicasa/endpoints/goto_scan_family.hpp>
#include <cubicasa/endpoints/offices_family.hpp>
#include <cubicasa/endpoints/orders_family.hpp>
#include <cubicasa/endpoints/ping.hpp>
#include <cubicasa/endpoints/raw_request.hpp>
#include <cubicasa/endpoints/users_family.hpp>
#include <cubicasa/stats.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace cubicasa {

namespace detail {
struct engine_access;
}

// A copyable handle; copies share connections. Every member may be called from any thread at any time, and handle,
// calls and execution context may be destroyed in any order. The execution context's run() returns after the last
// call: connections that are kept for later keep no work alive.
class client {
public:
    // Throws `failure` with errc::invalid_configuration when the base URL, the key or a file cannot be used. Opens no
    // connection.
    client(asio::any_io_executor executor, client_config config)
        : engine_(detail::make_engine(executor, std::move(config))) {}

    // Sends a request and answers with E::response; see result.hpp and the tokens of Asio for the ways to wait.
    //
    // Errors: `failure` (an exception_ptr for callbacks), or with as_result(token) a result<E::response>. A request
    // that cannot be sent as it is, is refused in the same way, and nothing is sent.
    // Cancelling (all three types of Asio; `total` only while nothing was sent) ends the call with errc::cancelled;
    // `error::delivery` says whether the server may have acted. A call that is stopped by its deadline or by close()
    // ends the same way with errc::deadline_exceeded or errc::client_closed.
    // The handler runs on its associated executor, else on the client's, and never inside this function. Calls that
    // are running when the last handle goes are finished.
    template <endpoint E, class Token = asio::use_awaitable_t<>>
    requires(!std::same_as<std::remove_cvref_t<Token>, call_options>) auto async_call(const E& request,
                                                                                      Token&& token = {}) const {
        return async_call(request, call_options(), std::forward<Token>(token));
    }

    template <endpoint E, class Token = asio::use_awaitable_t<>>
    auto async_call(const E& request, const call_options& options, Token&& token = {}) const {
        detail::start_operation<E> start(engine_, request, options);
        if constexpr (detail::is_awaited<E, Token>) {
            return detail::await_response(std::move(start));
        } else {
            return detail::initiate<Token, typename E::response>(std::move(start), token);
        }
    }

    // The operations as functions, by the groups of the API. See endpoints/.
    auto company() const { return company_family<client>(*this); }
    auto offices() const { return offices_family<client>(*this); }
    auto users() const { return users_family<client>(*this); }
    auto orders() const { return orders_family<client>(*this); }
    auto change_requests() const { return change_requests_family<client>(*this); }
    auto drafts() const { return drafts_family<client>(*this); }
    auto goto_scan() const { return goto_scan_family<client>(*this); }

    // Tells a good key from a bad one, and both from a dead network. Takes [call_options] and [completion token].
    template <class... Rest>
    auto ping(Rest&&... rest) const {
        return async_call(cubicasa::ping(), std::forward<Rest>(rest)...);
    }

    // The same as async_call for code that needs no executor of its own: `callback(result<E::response>)` is called
    // once, on any thread of the client's executor, and the handle may cancel the call from any thread.
    template <endpoint E, class Callback>
    detail::call_handle start(const E& request, const call_options& options, Callback callback) const {
        auto running = detail::prepare(engine_, detail::to_wire(request), options);
        detail::call_handle handle(running);
        detail::call& c = *running;
        detail::launch(std::move(running), [callback = std::move(callback), outcome = detail::outcome_of<E>(request),
                                            &c](result<raw_response> answer) mutable {
            const int status = answer ? answer->status : 0;
            result<typename E::response> out = outcome(std::move(answer));
            if (detail::is_observed(c)) detail::finished(c, status, out ? error() : out.error());
            callback(std::move(out));
        });
        return handle;
    }

    // For what is built on top of a client: an event for its observer, of the walk over a list for instance.
    void report(const event& what) const noexcept { detail::report(*engine_, what); }
    bool is_observed() const noexcept { return detail::is_observed(*engine_); }

    const asio::any_io_executor& get_executor() const noexcept { return detail::executor_of(*engine_); }

    // Refuses calls from now on (errc::client_closed), waits until those that are running have ended, but no longer
    // than `limit`, and closes the client. The value is true if none had to be ended. Cancelling (all three types) ends
    // the wait only: the calls go on, and new ones stay refused. Concerns all copies of this handle; may be called
    // again, and from any thread.
    template <class Token = asio::use_awaitable_t<>>
    auto async_drain(std::chrono::milliseconds limit, Token&& token = {}) const {
        return asio::async_initiate<Token, void(bool)>(detail::start_drain(engine_, limit), token);
    }

    // Ends all calls with errc::client_closed, closes idle connections, and refuses calls from now on. Can be called
    // again; concerns all copies of this handle.
    void close() const noexcept { detail::close(*engine_); }

    // A snapshot of the connection pool's figures.
    pool_stats stats() const { return detail::stats_of(*engine_); }

private:
    friend struct detail::engine_access;
    std::shared_ptr<detail::engine> engine_;
};

// For what is built beside the client.
struct detail::engine_access {
    static const std::shared_ptr<engine>& of(const client& c) noexcept { return c.engine_; }
};

}  // namespace cubicasa
