// Carrying out calls: serialising, attempts, and what an error can say about them.
#include "engine.hpp"

#include "context_watch.hpp"
#include "launch.hpp"
#include "net/exchange.hpp"
#include "path_template.hpp"

#include <cubicasa/detail/json.hpp>
#include <cubicasa/endpoints/raw_request.hpp>
#include <cubicasa/operations.hpp>

#include <algorithm>
#include <random>
#include <vector>

namespace cubicasa::detail {

namespace {

[[noreturn]] void refuse(std::string why) { throw failure(error(errc::invalid_configuration, std::move(why))); }

// The characters of a header field's value (RFC 9110, 5.5), as far as anybody needs them in a key.
bool fit_for_header(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

// Wipes a text that holds the key, on every way out.
class wiped {
public:
    explicit wiped(std::string text) : text_(std::move(text)) {}
    ~wiped() { wipe(text_); }
    wiped(const wiped&) = delete;
    wiped& operator=(const wiped&) = delete;
    std::string_view view() const noexcept { return text_; }

private:
    std::string text_;
};

}  // namespace

bool would_come_again(const error& e) noexcept {
    for (const errc code : {errc::resolve_timeout, errc::connect_timeout, errc::handshake_timeout, errc::write_timeout,
                            errc::first_byte_timeout, errc::read_timeout, errc::tls_failure, errc::truncated}) {
        if (e == code) return false;
    }
    return e.code.category() == error_category();
}

std::uint32_t random_number() {
    static thread_local std::minstd_rand source{std::random_device{}()};
    return static_cast<std::uint32_t>(source());
}

call::call(std::shared_ptr<engine> e, wire_request r, const call_options& o)
    : stoppable(e->executor()), owner(std::move(e)), request(std::move(r)), options(o) {}

exchange_limits call::limits() const {
    const timeout_options& t = owner->config().timeouts;
    return {options.pool_wait.value_or(t.pool_wait), options.write.value_or(t.write),
            options.first_byte.value_or(t.first_byte), options.read_idle.value_or(t.read_idle), owner->config().limits};
}

void call::cancel(asio::cancellation_type type) {
    const auto at_any_time = asio::cancellation_type::terminal | asio::cancellation_type::partial;
    if ((type & at_any_time) != asio::cancellation_type::none) {
        request_stop(errc::cancelled);
    } else {
        request_stop_unless_committed(errc::cancelled);
    }
}

engine::engine(const asio::any_io_executor& executor, client_config config)
    : executor_(executor),
      config_(std::move(config)),
      deadlines_(std::make_shared<deadline_queue>(executor_)),
      file_pools_(executor_, config_, deadlines_),
      budget_(config_.retry.budget, config_.retry.refund),
      file_budget_(config_.retry.budget, config_.retry.refund) {
    auto base = parse_base_url(config_.base_url);
    if (!base) throw failure(std::move(base).error());
    base_ = std::move(*base);
    const std::string_view key = config_.api_key.reveal();
    if (key.empty()) refuse("api_key is empty; from_env() takes it from CUBICASA_API_KEY");
    if (!fit_for_header(key)) refuse("api_key has a blank, a control character or a letter outside ASCII");
    if (!base_.origin.tls && !base_.origin.is_loopback() && !config_.allow_plain_http) {
        refuse(
            "base_url begins with http://, so that everybody on the way could read the key; use https://, or set "
            "allow_plain_http");
    }
    if (config_.user_agent.empty()) config_.user_agent = "cubicasa-cpp/0.1";
    for (const char c : config_.user_agent) {
        if (c < 0x20 || c == 0x7f) refuse("user_agent has a control character");
    }
    for (const auto& [operation, path] : config_.paths) {
        const operation_info* const known = find_operation(operation);
        if (known == nullptr) refuse("paths: there is no operation " + printable(operation, 100));
        const std::string why = check_path_replacement(known->path, path);
        if (!why.empty()) refuse("paths: that of " + operation + ": " + why);
    }
    std::shared_ptr<tls_context> tls;
    if (base_.origin.tls) {
        auto made = tls_context::create(config_.tls, base_.origin);
        if (!made) throw failure(std::move(made).error());
        tls = std::move(*made);
    }
    fixed_fields_ = " HTTP/1.1\r\nHost: " + base_.origin.host_field() + "\r\nUser-Agent: " + config_.user_agent +
                    "\r\nAccept: application/json\r\n";
    report_ = std::make_shared<const reporter>(config_.observer, base_.origin.host, base_.origin.port);
    pool_ = std::make_shared<pool>(executor_, base_.origin, std::move(tls), config_, deadlines_, report_);
    admission_ = std::make_shared<admission>(executor_, config_.rate.per_second, config_.rate.burst);
}

// The head is written by hand, in one piece: the only place that sees the key and the wire together should be easy
// to check. Method, target and fields are ours or percent-encoded, so none can break out of its line.
std::string engine::head(const wire_request& request, const std::string& target) const {
    const std::string_view key = config_.api_key.reveal();
    std::string out;
    out.reserve(request.method.size() + base_.path.size() + target.size() + fixed_fields_.size() + key.size() +
                request.content_type.size() + request.body.size() + 96);
    out.append(request.method).append(" ").append(base_.path).append(target).append(fixed_fields_);
    out.append("api-key: ").append(key).append("\r\n");
    if (!request.content_type.empty()) out.append("Content-Type: ").append(request.content_type).append("\r\n");
    if (!request.body.empty() || request.method == "POST" || request.method == "PATCH") {
        out.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
    }
    out.append("\r\n").append(request.body);
    return out;
}

// One frame for all of a call but its waits: what is decided between them is in functions.
task<void> engine::run(std::shared_ptr<engine> self, std::shared_ptr<call> running) {
    call& c = *running;
    const auto replaced = self->config_.paths.find(c.request.operation);
    if (replaced != self->config_.paths.end()) c.request.path = replaced->second;
    if (*self->report_) {
        c.number = self->next_number();
        c.begun = deadline_queue::clock::now();
        (*self->report_)(self->about(event_kind::call_started, c));
    }
    const auto total = c.options.total.value_or(self->config_.timeouts.total);
    const exchange_limits limits = c.limits();
    const deadline_queue::guard guard(self->deadlines_, c, total,
                                      std::min({limits.pool_wait, limits.write, limits.first_byte, limits.read_idle}));
    // Only now, so that a close() on another thread either sees this call among the deadlines or is seen here.
    if (self->closed_ || !c.welcome) c.request_stop(errc::client_closed);
    if (total.count() <= 0) c.request_stop(errc::deadline_exceeded);

    const wiped message(self->message(c));
    const retry_options& options = self->config_.retry;
    retry_core retry({options.max_attempts, options.base, options.max_pause},
                     c.request.effect != effect::create || c.options.may_repeat);
    for (bool ended = self->refused(c); !ended;) {
        ++c.attempt;
        c.sent_before = c.sent_before || c.facts.bytes_written > 0;
        c.facts = attempt_facts();
        if (*self->report_) {
            c.attempt_begun = deadline_queue::clock::now();
            c.connection = 0;
            c.reused = false;
        }
        permit admitted;
        bool entered = true;
        if (c.stopped() || !self->admission_->wide_open()) {
            entered = co_await self->admission_->enter(c, admitted, c.outcome);
        }
        if (entered) {
            if (*self->report_) c.attempt_begun = deadline_queue::clock::now();  // to wait at the door is not its time
            lease leased = self->pool_->take_idle();
            if (!leased) {
                pool::waiter me(*self->pool_, c, limits.pool_wait, leased, c.outcome);
                while (me.waits()) co_await me.turn();
            }
            const bool head = c.request.method == "HEAD";
            if (leased) {
                c.connection = leased->number;
                c.reused = leased->answers > 0;
                co_await exchange(*self->pool_, leased, c, message.view(), head, limits, c.facts, c.outcome);
            }
        }
        self->note_outcome(admitted, c);
        if (!c.sent_before && c.facts.bytes_written == 0) c.take_back();
        const next_step next = self->plan(c, retry);
        // Where the server wants silence the door keeps us waiting, and all others.
        if (next.again && next.step == retry_step::back_off) co_await pause(c, next.wait);
        ended = self->settle(c, next.again);
    }
    if (!c.outcome) self->complete_error(c, total);
}

void engine::complete_error(call& c, std::chrono::milliseconds total) const {
    error e = c.outcome.error();
    e.operation = c.request.operation;
    if (e == errc::deadline_exceeded) e.message = "no complete answer within " + std::to_string(total.count()) + " ms";
    c.outcome = std::move(e);
}

// Everything that is sent. Sets `problem` if the path cannot be made.
std::string engine::message(call& c) const {
    const std::string target = c.request.target(c.request.path);
    std::string out;
    if (!c.request.problem) out = head(c.request, target);
    wipe(c.request.body);  // it may have a password
    return out;
}

bool engine::refused(call& c) const {
    if (c.request.problem) c.outcome = c.request.problem;
    return static_cast<bool>(c.request.problem);
}

void engine::note_outcome(permit& admitted, call& c) {
    if (c.outcome) {
        note_answer(admitted, c, *c.outcome);
    } else {
        c.facts.hopeless = would_come_again(c.outcome.error());
    }
}

void engine::note_answer(permit& p, call& c, const raw_response& answer) {
    attempt_facts& facts = c.facts;
    facts.status = answer.status;
    const bool unwelcome = answer.status == 429 || answer.status == 503;
    if (unwelcome) facts.retry_after = retry_after(answer);
    const bool throttled = answer.status == 429 || (unwelcome && facts.retry_after);
    if (throttled) {
        ++throttled_;
        const auto silence = std::clamp(facts.retry_after.value_or(config_.retry.base), config_.retry.base,
                                        std::max(config_.retry.base, config_.retry.max_retry_after));
        admission_->close_until(admission::clock::now() + silence);
        if (*report_) {
            event e = about(event_kind::throttled, c);
            e.status = answer.status;
            e.duration = silence;
            (*report_)(e);
        }
    }
    p.answered(!throttled);
    if (answer.status < 400) budget_.success();
}

engine::next_step engine::plan(call& c, retry_core& retry) {
    const retry_options& options = config_.retry;
    next_step next;
    next.step = retry.after(c.facts);
    const bool done = next.step == retry_step::done;
    if (*report_) report_attempt(done ? event_kind::attempt_answered : event_kind::attempt_failed, c);
    if (done) return next;
    next.again = next.step != retry_step::fail && c.survive_phase();
    if (next.again && next.step != retry_step::at_once) {
        next.wait = retry.pause(c.facts, random_number());
        next.again = (!c.facts.retry_after || *c.facts.retry_after <= options.max_retry_after) &&
                     deadline_queue::clock::now() + next.wait < c.deadline() &&
                     (next.step == retry_step::gate || budget_.take());
    }
    if (next.again && *report_) {
        event e = about(event_kind::retry_planned, c);
        ++e.attempt;
        e.duration = next.wait;
        (*report_)(e);
    }
    return next;
}

void engine::report_attempt(event_kind what, const call& c) const {
    event e = about(what, c);
    if (c.outcome) {
        e.status = c.outcome->status;
    } else {
        e.code = c.outcome.error().code;
    }
    e.duration = std::chrono::duration_cast<std::chrono::microseconds>(deadline_queue::clock::now() - c.attempt_begun);
    e.connection = c.connection;
    e.reused = c.reused;
    (*report_)(e);
}

bool engine::settle(call& c, bool again) {
    result<raw_response>& out = c.outcome;
    if (out && !again) {
        out->attempts = c.attempt;
        hide_key(c, *out);
        out->gone_already = c.known == delivery::maybe_processed && out->status == 404 && c.request.method == "DELETE";
        return true;
    }
    const delivery now = out ? delivery_of(out->status, c.request.effect) : delivery_after(c.facts);
    if (c.known == delivery::never_sent || now == delivery::maybe_processed) c.known = now;
    if (!c.stopped() && again) {
        ++retried_;
        return false;
    }
    error e = out ? error(c.reason()) : out.error();
    if (c.stopped()) e.code = make_error_code(c.reason());
    e.attempts = c.attempt;
    e.delivery = c.known;
    out = std::move(e);
    return true;
}

event engine::about(event_kind what, const call& c) const {
    event e;
    e.kind = what;
    e.call = c.number;
    e.operation = c.request.operation;
    e.method = c.request.method;
    if (c.request.operation != raw_request::name) e.path = c.request.path;
    e.attempt = c.attempt;
    return e;
}

bool is_observed(const call& c) noexcept { return static_cast<bool>(c.owner->report()); }

void finished(const call& c, int status, const error& outcome) noexcept {
    const engine& e = *c.owner;
    event what = e.about(event_kind::call_finished, c);
    what.status = status;
    what.code = outcome.code;
    what.delivery = outcome ? outcome.delivery : delivery::answered;
    what.duration = std::chrono::duration_cast<std::chrono::microseconds>(deadline_queue::clock::now() - c.begun);
    e.report()(what);
}

void report(const engine& e, const event& what) noexcept { e.report()(what); }
bool is_observed(const engine& e) noexcept { return static_cast<bool>(e.report()); }

// What ends up in an error must not have the key, not even if a server sends it back.
void engine::hide_key(const call& c, raw_response& answer) const {
    const bool good = answer.status >= 200 && answer.status < 300 && !looks_like_html(answer.body);
    if (good || c.request.operation == raw_request::name) return;
    const std::string_view key = config_.api_key.reveal();
    for (std::size_t at = 0; (at = answer.body.find(key, at)) != std::string::npos;) {
        answer.body.replace(at, key.size(), "[key]");
    }
}

pool_stats engine::stats() const {
    pool_stats out = pool_->stats();
    out.retried = retried_;
    out.throttled = throttled_;
    out.held = admission_->waiting();
    out.silent = admission_->closed();
    out.retry_budget = budget_.left();
    return out;
}

void engine::close() {
    closed_ = true;
    deadlines_->stop_all(errc::client_closed);
    pool_->close();
    file_pools_.close();
}

void engine::shut_down() {
    closed_ = true;
    deadlines_->shut_down();
    {
        std::vector<wake_up> dropped;
        const std::lock_guard lock(drain_mutex_);
        for (draining* const d : drains_) dropped.push_back(std::move(d->wake));
        drains_.clear();
    }
    admission_->shut_down();
    pool_->shut_down();
    file_pools_.shut_down();
}

std::shared_ptr<engine> make_engine(const asio::any_io_executor& executor, client_config config) {
    auto e = std::make_shared<engine>(executor, std::move(config));
    context_watch::add(executor, e);
    return e;
}

std::shared_ptr<call> prepare(const std::shared_ptr<engine>& e, wire_request request, const call_options& options) {
    return std::make_shared<call>(e, std::move(request), options);
}

std::shared_ptr<call> again(const call& c) { return std::make_shared<call>(c.owner, c.request, c.options); }

const asio::any_io_executor& executor_of(const call& c) noexcept { return c.owner->executor(); }

void launch(std::shared_ptr<call> c, answer_handler handler) {
    c->welcome = c->owner->begin();
    auto work = engine::run(c->owner, c);
    carry_out(std::move(c), std::move(handler), std::move(work));
}

void launch_within(std::shared_ptr<call> c, answer_handler handler) {
    c->owner->begin();
    auto work = engine::run(c->owner, c);
    carry_out(std::move(c), std::move(handler), std::move(work));
}

const asio::any_io_executor& executor_of(const engine& e) noexcept { return e.executor(); }
pool_stats stats_of(const engine& e) { return e.stats(); }
void close(engine& e) noexcept { e.close(); }

void call_handle::cancel(asio::cancellation_type type) const noexcept {
    if (const auto c = call_.lock()) c->cancel(type);
}

}  // namespace cubicasa::detail
