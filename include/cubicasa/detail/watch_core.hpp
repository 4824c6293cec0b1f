// Which orders have to be looked at, and what has changed: without I/O, time comes in. Includes only models.
#pragma once

#include <cubicasa/order_change.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::detail {

// What is remembered of an order; also a line of the checkpoint.
struct known_order {
    std::string id;
    std::string status;
    std::string files;         // a fingerprint of its files and products; empty: not looked at yet
    bool delivered = false;    // it was Ready once
    std::int64_t changed = 0;  // when its last change was seen, Unix seconds
};

constexpr auto members_of(const known_order*) {
    using t = known_order;
    return member_table(required<&t::id>("id"), required<&t::status>("status"), member<&t::files>("files"),
                        member<&t::delivered>("delivered"), member<&t::changed>("changed"));
}

// Changes when files or products do, not when links are signed anew.
std::string fingerprint(const order& detail);

class watch_core {
public:
    using time_point = std::chrono::system_clock::time_point;

    // Longer than anybody waits, and short enough to be added to a time.
    static std::chrono::milliseconds limited(std::chrono::milliseconds d) {
        return std::min<std::chrono::milliseconds>(d, std::chrono::hours(24 * 365 * 100));
    }

    // A delivered order is looked at again each `recheck`, as long as it is not `recheck_for` since its last change
    // here, and then once in each `recheck_old`: the list does not tell when its files have changed.
    watch_core(std::chrono::milliseconds recheck, std::chrono::milliseconds recheck_for,
               std::chrono::milliseconds recheck_old)
        : recheck_(limited(recheck)), recheck_for_(limited(recheck_for)), recheck_old_(limited(recheck_old)) {}

    // From a checkpoint.
    void restore(known_order k, time_point now);

    // A sweep over the list; of all orders, or of those only whose status is an open one.
    void begin_sweep(bool all) noexcept;
    // An order of the list. True if it has to be looked at. With `report` false an unknown order is taken as it is.
    bool listed(const order& o, time_point now, bool report);
    // The sweep is over: orders that should have been in it and were not, and those whose time has come.
    std::vector<std::string> end_sweep(time_point now);

    // GET /orders/{id} has answered. `event` is what made us look, if one did.
    std::optional<order_change> looked(const order& detail, const order_event* event, time_point now);
    // It does not exist.
    std::optional<order_change> not_found(const std::string& id);

    // What has changed in here since the last call, for the checkpoint. An empty status: the order is gone.
    std::vector<known_order> take_dirty();
    bool knows(std::string_view id) const { return known_.find(id) != known_.end(); }

private:
    struct entry {
        order_status status;
        std::string files;
        bool delivered = false;
        std::uint64_t sweep = 0;  // that it was seen in last
        time_point changed{};
        time_point next_look = time_point::max();
    };

    static bool open(const order_status& s) { return s != order_status::ready; }
    bool young(const entry& e, time_point now) const { return e.delivered && now - e.changed < recheck_for_; }
    time_point turn_of(std::string_view id, time_point now) const;
    void plan(std::string_view id, entry& e, time_point now) const;
    void mark(const std::string& id) { dirty_.insert(id); }

    const std::chrono::milliseconds recheck_;
    const std::chrono::milliseconds recheck_for_;
    const std::chrono::milliseconds recheck_old_;
    std::map<std::string, entry, std::less<>> known_;
    std::set<std::string> dirty_;
    std::uint64_t sweep_ = 0;
    bool all_ = true;
};

}  // namespace cubicasa::detail
