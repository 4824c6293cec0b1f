// watch(): the changes of orders as they happen, from webhooks and from polling. Light Asio headers.
#pragma once

#include <cubicasa/generator.hpp>
#include <cubicasa/order_change.hpp>
#include <cubicasa/webhook.hpp>

#include <chrono>
#include <filesystem>
#include <optional>

namespace cubicasa {

class watch_options {
public:
    watch_options() {}

    // Events make changes known at once; without, or where one is lost, they are found by polling. Its events() are
    // taken: nobody else gets them.
    std::optional<webhook_receiver> webhooks;

    // From one look at the list to the next, give or take a fifth. Lists orders that are not ready; those that have
    // left this list are looked at one by one. With a filter, lists what it lets through.
    std::chrono::milliseconds poll = std::chrono::minutes(10);
    // From one look at the whole list to the next.
    std::chrono::milliseconds poll_all = std::chrono::hours(6);
    // Delivered orders are looked at again, one by one, since no list tells of new files: so often, and for so long
    // after their last change. Then once in each `recheck_old`, each at a moment of its own; 0: never.
    std::chrono::milliseconds recheck = std::chrono::hours(1);
    std::chrono::milliseconds recheck_for = std::chrono::hours(24 * 14);
    std::chrono::milliseconds recheck_old = std::chrono::hours(24 * 30);

    // The first look finds all orders that there are. false: they are known, and only what follows is a change.
    bool report_existing = false;

    // A file that remembers what was handed out, for the next run; empty: none. Made if there is none. A change counts
    // as handled when the next one is asked for: one that was in work when the process ended comes again. One process
    // at a time.
    std::filesystem::path checkpoint;
};

// The changes of all orders, or of those that `filter` lets through; a `status` in it chooses what a change leads to.
// `limit` is the size of the pages; `offset` is not looked at.
//
//     auto changes = cubicasa::watch(api, cubicasa::list_orders(), options);
//     while (auto change = co_await changes.next()) handle(*change);
//
// A change is told once, and those of an order in their order. What an order goes through between two looks at it is
// one change. A webhook that is lost, repeated, late or invented changes nothing but the time at which a change is
// found. That may be late for an order whose last change is older than `recheck_for` and that went from ready to ready
// between two looks at the list; and before watch() has read such an order once, only its webhook tells. Nothing runs
// unless next() is awaited; meanwhile events wait in the receiver.
//
// An error of next() (the network, a refused key, a checkpoint that cannot be written) loses nothing: the next call
// goes on, and after an error of the API not before a pause of up to a minute. Cancelling a next() loses nothing
// either. Ends when the receiver is closed and its events were handled. position() is empty: see `checkpoint`. For one
// consumer. Some 200 bytes of memory for an order.
async_generator<order_change> watch(client api, list_orders filter = list_orders(),
                                    watch_options options = watch_options());

class wait_options {
public:
    wait_options() {}
    // Between two looks; grows from the first to the second.
    std::chrono::milliseconds first_poll = std::chrono::seconds(5);
    std::chrono::milliseconds poll = std::chrono::minutes(2);
};

// Reads the order until it has this status, and returns it. For one order that somebody waits for; watch() is for many.
// Throws `failure`: errc::deadline_exceeded when it does not have it within `limit`, errc::not_found, and what
// get_order can fail with but for troubles that may pass (network, time, server_error, throttled, bad_answer), which it
// waits out. Cancelling it has no effect but its end.
boost::asio::awaitable<order> wait_until(client api, std::string order_id, order_status status,
                                         std::chrono::milliseconds limit, wait_options options = wait_options());

}  // namespace cubicasa
