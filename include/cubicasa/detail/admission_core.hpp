// When the next attempt may begin: not faster than a rate, and not while the server wants silence. Standard library
// only.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace cubicasa::detail {

// For whoever is first in line; the line itself is kept by others. Not thread-safe.
class admission_core {
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;

    // `rate`: attempts a second, 0 for no limit. `burst`: how many may begin at once after a pause.
    admission_core(double rate, double burst, time_point now)
        : rate_(std::max(rate, 0.0)), burst_(std::max(burst, 1.0)), tokens_(burst_), counted_(now) {}

    enum class kind {
        go,
        probe,            // go as the only one, and tell with probe_answered() or probe_lost() what came of it
        wait_until,       // ask again then
        wait_for_others,  // ask again when the probe is over
    };
    struct answer {
        kind what;
        time_point until{};
    };

    answer ask(time_point now) {
        if (closed_until_ && now < *closed_until_) return {kind::wait_until, *closed_until_};
        if (probing_) return {kind::wait_for_others};
        if (rate_ > 0) {
            tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - counted_).count());
            counted_ = now;
            if (tokens_ < enough) return {kind::wait_until, now + until_next()};
            tokens_ -= 1;
        }
        if (!closed_until_) return {kind::go};
        probing_ = true;
        probe_of_ = *closed_until_;
        return {kind::probe};
    }

    // The server wants no attempts until then.
    void close_until(time_point when) { closed_until_ = std::max(closed_until_.value_or(when), when); }

    // The probe had an answer: the gate opens, unless that answer, or one since the probe began, has closed it again.
    void probe_answered(bool welcome) {
        probing_ = false;
        if (welcome && closed_until_ == probe_of_) closed_until_.reset();
    }

    // The probe ended without an answer: somebody else has to try.
    void probe_lost() { probing_ = false; }

    std::optional<time_point> closed_until() const noexcept { return closed_until_; }

    // True when ask() would say `go` to everybody.
    bool wide_open() const noexcept { return rate_ == 0 && !closed_until_; }

private:
    // A token that is short of one by a rounding error is one.
    static constexpr double enough = 1 - 1e-9;
    static constexpr std::chrono::hours longest{24 * 365};  // so that no time point overflows

    clock::duration until_next() const {
        const auto exact = std::chrono::duration<double>((1 - tokens_) / rate_);
        return std::chrono::ceil<std::chrono::microseconds>(std::min<std::chrono::duration<double>>(exact, longest));
    }

    double rate_;
    double burst_;
    double tokens_;
    time_point counted_;
    std::optional<time_point> closed_until_;
    std::optional<time_point> probe_of_;  // the silence behind which the probe goes
    bool probing_ = false;
};

}  // namespace cubicasa::detail
