// One cell of the table of tokens and executors: a call, made in one form, at one place.
#pragma once

#include "places.hpp"

#include "support/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_future.hpp>

#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace test {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr bool stacks_may_be_switched = false;  // the sanitizer loses its way
#else
constexpr bool stacks_may_be_switched = true;
#endif

struct cell {
    cc::client api;
    asio::strand<asio::any_io_executor> strand;  // of the client's executor
    asio::cancellation_slot slot;                // not connected unless the call is to be cancelled
    std::string id;

    // The token, with a handler that runs on the strand, where it may be cancelled.
    template <class Token>
    auto bound(Token token) const {
        return asio::bind_executor(strand, asio::bind_cancellation_slot(slot, std::move(token)));
    }
};

// What a call came to. Boost.Test is for one thread, so handlers note what is against the rules.
struct verdict {
    std::string id;
    cc::error error;
    std::string against_the_rules;
};

inline verdict verdict_of(const cc::order& o) { return {o.id, cc::error(), ""}; }

inline verdict verdict_of(const cc::result<cc::order>& r) { return r ? verdict_of(*r) : verdict{"", r.error(), ""}; }

inline verdict verdict_of(std::exception_ptr e) {
    try {
        std::rethrow_exception(e);
    } catch (const cc::failure& f) {
        return {"", f.details(), ""};
    } catch (const asio::multiple_exceptions& several) {
        return verdict_of(several.first_exception());
    } catch (const std::exception& other) {
        return {"", cc::error(), std::string("another exception: ") + other.what()};
    }
}

// True while this thread is inside a function that starts a call.
inline thread_local bool starting_a_call = false;
class start_of_a_call {
public:
    start_of_a_call() { starting_a_call = true; }
    ~start_of_a_call() { starting_a_call = false; }
};

// A handler of any form of call.
class taker {
public:
    explicit taker(std::promise<verdict> p) : promise_(std::make_shared<std::promise<verdict>>(std::move(p))) {}
    taker(std::promise<verdict> p, const cell& c) : taker(std::move(p)) { strand_ = c.strand; }

    void operator()(std::exception_ptr e, const cc::order& o) { take(e ? verdict_of(e) : verdict_of(o)); }
    void operator()(const cc::result<cc::order>& r) { take(verdict_of(r)); }
    void operator()(const std::tuple<std::exception_ptr, cc::order>& t) {
        take(std::get<0>(t) ? verdict_of(std::get<0>(t)) : verdict_of(std::get<1>(t)));
    }

private:
    void take(verdict e) {
        if (starting_a_call) e.against_the_rules = "called inside the function that starts the call";
        if (strand_ && !strand_->running_in_this_thread()) e.against_the_rules = "called on another executor";
        promise_->set_value(std::move(e));
    }

    std::shared_ptr<std::promise<verdict>> promise_;
    std::optional<asio::strand<asio::any_io_executor>> strand_;
};

// Waits for the end of a call that runs.
using waiter = std::function<verdict()>;

template <class T>
waiter wait_for(std::future<T> later) {
    return [shared = std::make_shared<std::future<T>>(std::move(later))]() -> verdict {
        if (shared->wait_for(patience) != std::future_status::ready) return {"", cc::error(), "it does not end"};
        try {
            if constexpr (std::is_same_v<T, verdict>) {
                return shared->get();
            } else {
                return verdict_of(shared->get());
            }
        } catch (...) {
            return verdict_of(std::current_exception());
        }
    };
}

// Runs a coroutine on the cell's strand.
inline waiter wait_for(const cell& c, asio::awaitable<cc::order> work) {
    auto token = asio::bind_cancellation_slot(c.slot, asio::use_future);
    return wait_for(asio::co_spawn(c.strand, std::move(work), token));
}

// A form in which a call can be made.
struct form {
    const char* name;
    waiter (*start)(const cell&);
    bool can_be_cancelled = true;
};

std::vector<form> callback_forms();
std::vector<form> coroutine_forms();
std::vector<form> group_forms();
std::vector<form> stackful_forms();

}  // namespace test
