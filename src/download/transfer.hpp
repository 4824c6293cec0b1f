// One download: requests, redirects, repetitions and new links, until all bytes are where they should be.
#pragma once

#include <cubicasa/detail/download.hpp>
#include <cubicasa/detail/progress_meter.hpp>
#include <cubicasa/detail/range_core.hpp>
#include <cubicasa/detail/retry_core.hpp>

#include "../engine.hpp"
#include "../net/body_reader.hpp"
#include "file_link.hpp"
#include "target.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace cubicasa::detail {

class transfer;

// The same as launch(), for a download on behalf of something that runs already, which a drain waits for.
void launch_within(std::shared_ptr<transfer> t, download_handler handler);

class transfer : public stoppable {
public:
    using target_maker = std::function<std::unique_ptr<download_target>()>;

    transfer(std::shared_ptr<engine> e, std::string url, std::filesystem::path to, target_maker make,
             const download_options& options);

    static task<void> run(std::shared_ptr<transfer> self);

    std::shared_ptr<engine> owner;
    std::string given_url;
    std::filesystem::path path;  // empty for a sink
    target_maker make_target;
    download_options options;
    result<downloaded> outcome;
    download_handler handler;
    bool welcome = true;  // false: it came when the client had begun to drain

private:
    // What follows from one request.
    struct next_step {
        enum { done, go_on, retry, new_link, fail } what = fail;
        error why;
    };

    error prepare();
    task<error> fetch();
    task<next_step> request();
    task<next_step> answered(body_reader& answer, bool ranged);
    task<next_step> take_body(body_reader& answer, file_step what);
    task<error> open();
    task<error> flush(bool more);
    task<error> ask_for_new_link(error why);
    task<bool> may_retry();
    next_step failed(error why);
    next_step redirected(const raw_response& head);
    error check(const raw_response& head, const body_reader& answer) const;
    part_facts identity(const raw_response& head, const body_reader& answer) const;
    std::string request_text(bool ranged) const;
    void note_progress(bool last = false);
    void conclude(error failure);
    error describe(error e) const;
    event about(event_kind what) const;
    void report_attempt(const next_step& outcome_of_it) const;

    std::unique_ptr<download_target> target_;
    file_link link_;  // that was asked for
    file_link here_;  // where the redirects have led to
    int redirects_ = 0;
    int attempts_ = 0;
    bool asked_again_ = false;
    attempt_facts facts_;
    retry_core retry_;
    std::uint64_t best_ = 0;  // the most bytes that were ever here
    std::uint64_t fetched_ = 0;
    std::optional<progress_meter> meter_;
    result<raw_response> trouble_;  // where the pool puts its errors
    downloaded done_;
    std::uint64_t number_ = 0;
    std::chrono::steady_clock::time_point begun_{};
    std::chrono::steady_clock::time_point attempt_begun_{};
    std::uint64_t connection_ = 0;  // of the attempt that runs, as the next one
    bool reused_ = false;
    origin asked_;
};

}  // namespace cubicasa::detail
