// What became of the items of a batch, and what that makes of the whole.
#pragma once

#include "session.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace cubicasa::cli {

class tally {
public:
    explicit tally(session& s) : session_(s) { tell(); }

    void succeeded() {
        ++done_;
        tell();
    }

    // Prints the error. An item that was only stopped has not failed.
    void failed(const error& e, const std::string& subject) {
        if (e == condition::cancelled) return;
        const exit_status status = status_of(e);
        session_.err.fail(e, status, subject);
        failed(status);
    }
    void failed(exit_status status) {
        ++failed_;
        if (!same_) same_ = status;
        if (*same_ != status) same_ = exit_status::partly;
        tell();
    }

    // Of an item that failed some is here.
    void succeeded_in_part() { in_part_ = true; }

    // Others would fail in the same way: a key that is refused, a disk that is full.
    static bool ends_all(const error& e) { return e == condition::unauthorized || e == condition::local_file; }

    void ended_by(const error& e) { ended_by_ = status_of(e); }

    exit_status status() const {
        if (ended_by_) return *ended_by_;
        if (failed_ == 0) return exit_status::done;
        return done_ > 0 || in_part_ ? exit_status::partly : *same_;
    }

private:
    void tell() { session_.so_far = std::to_string(done_) + " were done, " + std::to_string(failed_) + " failed"; }

    session& session_;
    std::size_t done_ = 0;
    std::size_t failed_ = 0;
    bool in_part_ = false;
    std::optional<exit_status> same_;
    std::optional<exit_status> ended_by_;
};

}  // namespace cubicasa::cli
