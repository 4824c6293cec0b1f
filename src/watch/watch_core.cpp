// See the header.
#include <cubicasa/detail/watch_core.hpp>
#include <cubicasa/models/asset.hpp>

#include <string_view>

namespace cubicasa::detail {

namespace {

// FNV-1a: to tell versions of one order apart, not for enemies.
class mixer {
public:
    void add(std::string_view text) {
        for (const char c : text) step(static_cast<unsigned char>(c));
        step(0x1ff);
    }
    std::uint64_t value() const noexcept { return value_; }
    std::string text() const {
        std::string out;
        for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(value_ >> shift) & 15];
        return out;
    }

private:
    void step(std::uint64_t c) { value_ = (value_ ^ c) * 0x100000001b3u; }
    std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace

std::string fingerprint(const order& detail) {
    mixer out;
    out.add(detail.info.product.package_type.str());
    for (const add_on& a : detail.info.product.add_ons) out.add(a.str());
    out.add(detail.info.model_id ? *detail.info.model_id : "");
    for (const asset& a : assets(detail)) {
        out.add(file_name(a));
        out.add(std::string_view(a.url).substr(0, a.url.find('?')));
    }
    return out.text();
}

// Each old order has a moment of its own, so that they come one by one, and a restart changes nothing.
watch_core::time_point watch_core::turn_of(std::string_view id, time_point now) const {
    const std::int64_t cycle = std::chrono::duration_cast<std::chrono::seconds>(recheck_old_).count();
    if (cycle <= 0) return time_point::max();
    mixer hash;
    hash.add(id);
    const auto moment = static_cast<std::int64_t>(hash.value() % static_cast<std::uint64_t>(cycle));
    const std::int64_t t = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::int64_t next = t - t % cycle + moment;
    return time_point(std::chrono::seconds(next > t ? next : next + cycle));
}

void watch_core::plan(std::string_view id, entry& e, time_point now) const {
    if (!e.delivered) {
        e.next_look = time_point::max();
    } else {
        e.next_look = young(e, now) ? now + recheck_ : turn_of(id, now);
    }
}

void watch_core::restore(known_order k, time_point now) {
    if (k.status.empty()) {
        known_.erase(k.id);
        return;
    }
    entry& e = known_[k.id];
    e.status = order_status(std::move(k.status));
    e.files = std::move(k.files);
    e.delivered = k.delivered;
    e.changed = time_point(std::chrono::seconds(k.changed));
    plan(k.id, e, now);
    // Nobody knows for how long we were away.
    if (young(e, now) && !e.files.empty()) e.next_look = now;
}

void watch_core::begin_sweep(bool all) noexcept {
    ++sweep_;
    all_ = all;
}

bool watch_core::listed(const order& o, time_point now, bool report) {
    const auto found = known_.find(o.id);
    if (found == known_.end()) {
        if (report) return true;
        entry& e = known_[o.id];
        e.status = o.info.status;
        e.delivered = !open(e.status);
        e.sweep = sweep_;
        const auto& delivered_at = o.info.first_delivered_at;
        e.changed = delivered_at ? std::chrono::time_point_cast<time_point::duration>(*delivered_at) : now;
        plan(o.id, e, now);
        // Its files have to be known before they can change.
        if (young(e, now)) e.next_look = now;
        mark(o.id);
        return false;
    }
    entry& e = found->second;
    e.sweep = sweep_;
    if (e.status != o.info.status) return true;
    return now >= e.next_look;
}

std::vector<std::string> watch_core::end_sweep(time_point now) {
    std::vector<std::string> out;
    for (const auto& [id, e] : known_) {
        const bool missing = e.sweep != sweep_ && (all_ || open(e.status));
        if (missing || now >= e.next_look) out.push_back(id);
    }
    return out;
}

std::optional<order_change> watch_core::looked(const order& detail, const order_event* event, time_point now) {
    const auto found = known_.find(detail.id);
    const bool known = found != known_.end();
    entry& e = known ? found->second : known_[detail.id];
    const entry before = e;
    e.status = detail.info.status;
    e.files = fingerprint(detail);
    e.sweep = sweep_;
    const bool ready = !open(e.status);
    e.delivered = before.delivered || ready;

    order_change out;
    bool changed = true;
    if (known) out.previous_status = before.status;
    // What an event says of the past is better than what we have not seen; it is of this status, or of an earlier one.
    const bool told = event != nullptr && event->current_status == e.status && event->previous_status;
    const bool was_fixing =
        before.status == order_status::fixing || (told && *event->previous_status == order_status::fixing);
    if (!known) {
        out.kind = ready ? (was_fixing ? change_kind::fix : change_kind::first_delivery) : change_kind::appeared;
        if (told) out.previous_status = event->previous_status;
    } else if (before.status != e.status) {
        out.kind = !ready                           ? change_kind::moved
                   : before.delivered || was_fixing ? change_kind::fix
                                                    : change_kind::first_delivery;
    } else if (!before.files.empty()) {
        changed = before.files != e.files;
        out.kind = ready && was_fixing ? change_kind::fix : change_kind::edit;
    } else {
        // Known from a list alone: whether this is news, only an event can tell. Rather twice than never.
        changed = event != nullptr && event->current_status == e.status;
        out.kind = !ready                                                   ? change_kind::moved
                   : was_fixing                                             ? change_kind::fix
                   : told && *event->previous_status == order_status::ready ? change_kind::edit
                                                                            : change_kind::first_delivery;
        if (told) out.previous_status = event->previous_status;
    }
    if (changed) e.changed = now;
    plan(detail.id, e, now);
    if (changed || before.files != e.files) mark(detail.id);
    if (!changed) return std::nullopt;
    out.order = detail;
    if (event != nullptr && event->current_status == e.status) out.product = event->product_type;
    return out;
}

std::optional<order_change> watch_core::not_found(const std::string& id) {
    const auto found = known_.find(id);
    if (found == known_.end()) return std::nullopt;  // an event that somebody has invented
    order_change out;
    out.kind = change_kind::gone;
    out.order.id = id;
    out.previous_status = found->second.status;
    known_.erase(found);
    mark(id);
    return out;
}

std::vector<known_order> watch_core::take_dirty() {
    std::vector<known_order> out;
    for (const std::string& id : dirty_) {
        known_order k;
        k.id = id;
        if (const auto found = known_.find(id); found != known_.end()) {
            k.status = found->second.status.str();
            k.files = found->second.files;
            k.delivered = found->second.delivered;
            k.changed =
                std::chrono::duration_cast<std::chrono::seconds>(found->second.changed.time_since_epoch()).count();
        }
        out.push_back(std::move(k));
    }
    dirty_.clear();
    return out;
}

}  // namespace cubicasa::detail
