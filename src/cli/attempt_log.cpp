// See the header.
#include "attempt_log.hpp"

#include "reporter.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace cubicasa::cli {

namespace {

std::string in_milliseconds(std::chrono::microseconds time) {
    char out[32];
    std::snprintf(out, sizeof out, "%.1f ms", static_cast<double>(time.count()) / 1000);
    return out;
}

class attempt_log {
public:
    attempt_log(reporter& to, std::string raw_path) : to_(to), raw_path_(std::move(raw_path)) {}

    void operator()(const event& e) {
        switch (e.kind) {
            case event_kind::attempt_answered:
            case event_kind::attempt_failed:
                tell(e);
                break;
            case event_kind::retry_planned:
                note_pause(e);
                break;
            case event_kind::call_finished:
                forget(e.call);
                break;
            default:
                break;
        }
    }

private:
    void tell(const event& e) {
        const std::string outcome = e.status != 0 ? std::to_string(e.status) : e.code ? e.code.message() : "no answer";
        std::string line(e.method);
        const bool raw = e.path.empty() && !raw_path_.empty();
        line.append(" ").append(raw ? raw_path_ : !e.path.empty() ? e.path : e.operation);
        line.append(" ").append(outcome).append(" in ").append(in_milliseconds(e.duration));
        line += e.connection == 0 ? ", no connection" : e.reused ? ", connection reused" : ", new connection";
        {
            const std::lock_guard lock(mutex_);
            std::string& why = reasons_[e.call];
            if (e.attempt > 1) line.append(", attempt ").append(std::to_string(e.attempt));
            if (e.attempt > 1 && !why.empty()) line.append(" ").append(why);
            why = "after " + outcome;
        }
        to_.line(line);
    }

    void note_pause(const event& e) {
        const std::lock_guard lock(mutex_);
        if (e.duration.count() > 0) reasons_[e.call] += " and a pause of " + in_milliseconds(e.duration);
    }

    void forget(std::uint64_t call) {
        const std::lock_guard lock(mutex_);
        reasons_.erase(call);
    }

    reporter& to_;
    const std::string raw_path_;
    std::mutex mutex_;
    std::map<std::uint64_t, std::string> reasons_;  // why the call is tried again
};

}  // namespace

observer log_attempts(reporter& to, std::string raw_path) {
    return [log = std::make_shared<attempt_log>(to, std::move(raw_path))](const event& e) { (*log)(e); };
}

}  // namespace cubicasa::cli
