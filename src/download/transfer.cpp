// What a download does between its requests: repeats, asks for links, and tells how it goes.
#include "transfer.hpp"

#include "../net/sleeper.hpp"
#include "read_order.hpp"

#include <cubicasa/detail/json.hpp>

#include <exception>

namespace cubicasa::detail {

namespace {

constexpr std::string_view operation_name = "download";

retry_core fresh_retries(const transfer& t) {
    const retry_options& o = t.owner->config().retry;
    return retry_core({t.options.max_attempts, o.base, o.max_pause}, true);
}

}  // namespace

transfer::transfer(std::shared_ptr<engine> e, std::string url, std::filesystem::path to, target_maker make,
                   const download_options& o)
    : stoppable(e->executor()),
      owner(std::move(e)),
      given_url(std::move(url)),
      path(std::move(to)),
      make_target(std::move(make)),
      options(o),
      retry_(fresh_retries(*this)) {}

task<void> transfer::run(std::shared_ptr<transfer> self) {
    transfer& t = *self;
    engine& e = *t.owner;
    t.number_ = e.next_number();
    t.begun_ = deadline_queue::clock::now();
    e.report()(t.about(event_kind::call_started));
    const deadline_queue::guard guard(e.deadlines(), t, t.options.total.value_or(unlimited), t.options.stall);
    if (e.closed() || !t.welcome) t.request_stop(errc::client_closed);
    if (t.options.total && t.options.total->count() <= 0) t.request_stop(errc::deadline_exceeded);
    error failure = t.prepare();
    if (!failure) failure = co_await t.open();
    if (!failure) failure = co_await t.fetch();
    if (!failure) failure = co_await t.target_->finish();
    if (t.target_) co_await t.target_->close();
    t.conclude(std::move(failure));
}

error transfer::prepare() {
    auto link = parse_file_link(given_url);
    if (!link) return link.error();
    link_ = std::move(*link);
    if (!link_.origin.tls && !link_.origin.is_loopback() && !owner->config().allow_plain_http) {
        return error(errc::invalid_argument,
                     "the file's URL begins with http://, so that anybody on the way could change it");
    }
    target_ = make_target();
    return error();
}

// A stop reaches what the target does, too.
task<error> transfer::open() {
    const auto interrupt = [](void* target) { static_cast<download_target*>(target)->interrupt(); };
    stoppable::waiting wait(*this, interrupt, target_.get());
    wait.begin([] {});
    error failure = co_await target_->open(link_.resource);
    best_ = target_->facts().size;
    co_return stopped() ? error(reason()) : std::move(failure);
}

task<error> transfer::flush(bool more) {
    const auto interrupt = [](void* target) { static_cast<download_target*>(target)->interrupt(); };
    stoppable::waiting wait(*this, interrupt, target_.get());
    wait.begin([] {});
    error failure = co_await target_->flush(more);
    co_return failure;
}

task<error> transfer::fetch() {
    here_ = link_;
    for (;;) {
        facts_ = attempt_facts();
        ++attempts_;
        attempt_begun_ = deadline_queue::clock::now();
        connection_ = 0;
        reused_ = false;
        asked_ = here_.origin;  // where a redirect leads to is the next attempt's
        next_step next = co_await request();
        report_attempt(next);
        if (next.what == next_step::go_on) continue;
        if (next.what == next_step::done) {
            owner->file_budget().success();
            co_return error();
        }
        if (next.what == next_step::new_link) {
            error failure = co_await ask_for_new_link(std::move(next.why));
            if (failure) co_return failure;
            continue;
        }
        bool again = next.what == next_step::retry;
        if (again) again = co_await may_retry();
        if (stopped()) co_return error(reason());
        if (!again) co_return std::move(next.why);
        here_ = link_;
        redirects_ = 0;
    }
}

// True after the pause, if there is to be another attempt.
task<bool> transfer::may_retry() {
    const std::uint64_t size = target_->facts().size;
    const bool progress = size > best_;
    if (progress) {
        best_ = size;
        retry_ = fresh_retries(*this);
    }
    const retry_options& limits = owner->config().retry;
    const retry_step step = retry_.after(facts_);
    if (step == retry_step::done || step == retry_step::fail) co_return false;
    if (step == retry_step::at_once) co_return true;
    if (facts_.retry_after && *facts_.retry_after > limits.max_retry_after) co_return false;
    // A download that gets on may go on; for others there is a budget of all downloads together.
    if (!progress && !owner->file_budget().take()) co_return false;
    const auto wait = retry_.pause(facts_, random_number());
    if (deadline_queue::clock::now() + wait >= deadline()) co_return false;
    event e = about(event_kind::retry_planned);
    ++e.attempt;
    e.duration = wait;
    owner->report()(e);
    co_await pause(*this, wait);
    co_return !stopped();
}

// From the order that the file belongs to.
task<error> transfer::ask_for_new_link(error why) {
    asked_again_ = true;
    const asset_source& source = *options.source;
    order found;
    const error failure = co_await read_order(owner, *this, source.order_id, found);
    if (failure) co_return failure;
    for (const asset& a : assets(found)) {
        if (a.kind != source.kind || a.format != source.format || a.position != source.position) continue;
        auto link = parse_file_link(a.url);
        if (!link) co_return link.error();
        link_ = here_ = std::move(*link);
        redirects_ = 0;
        co_return error();
    }
    why.message = "and its order " + printable(source.order_id, 100) + " has no such file any more";
    co_return why;
}

void transfer::note_progress(bool last) {
    if (!options.progress || !meter_) return;
    const auto now = deadline_queue::clock::now();
    const part_facts& have = target_->facts();
    if (last) {
        meter_->note(now, have.size);
    } else if (!meter_->due(now, have.size)) {
        return;
    }
    download_progress p;
    p.file = path;
    p.bytes = have.size;
    p.total = have.length;
    p.rate = meter_->rate();
    try {
        options.progress(p);
    } catch (...) {
        // A display that fails must not make downloads fail.
    }
}

void transfer::report_attempt(const next_step& outcome_of_it) const {
    const bool failed = outcome_of_it.what == next_step::retry || outcome_of_it.what == next_step::fail;
    event e = about(failed ? event_kind::attempt_failed : event_kind::attempt_answered);
    e.status = failed ? outcome_of_it.why.http_status : facts_.status;
    e.code = failed ? outcome_of_it.why.code : error_code();
    e.duration = std::chrono::duration_cast<std::chrono::microseconds>(deadline_queue::clock::now() - attempt_begun_);
    e.connection = connection_;
    e.reused = reused_;
    e.host = asked_.host;
    e.port = asked_.port;
    owner->report()(e);
}

void transfer::conclude(error failure) {
    event e = about(event_kind::call_finished);
    e.duration = std::chrono::duration_cast<std::chrono::microseconds>(deadline_queue::clock::now() - begun_);
    if (failure) {
        outcome = describe(std::move(failure));
        e.code = outcome.error().code;
        e.delivery = outcome.error().delivery;
    } else {
        note_progress(true);
        done_.path = path;
        done_.bytes = target_->facts().size;
        done_.fetched = fetched_;
        done_.sha256 = target_->sha256();
        done_.url = here_.resource;
        done_.attempts = attempts_;
        outcome = std::move(done_);
        e.delivery = delivery::answered;
    }
    target_.reset();
    owner->report()(e);
}

error transfer::describe(error e) const {
    if (e.operation.empty()) e.operation = operation_name;
    e.attempts = attempts_;
    if (e == errc::deadline_exceeded && options.total) {
        e.message = "not complete within " + std::to_string(options.total->count()) + " ms";
    }
    const bool local = e == condition::local_file;
    if (!local && !here_.resource.empty()) {
        if (!e.message.empty()) e.message += "; ";
        e.message += printable(here_.resource, 500);
    }
    return e;
}

event transfer::about(event_kind what) const {
    event e;
    e.kind = what;
    e.call = number_;
    e.operation = operation_name;
    e.method = "GET";
    e.attempt = attempts_;
    return e;
}

}  // namespace cubicasa::detail
