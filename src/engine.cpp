// Carrying out calls: serialising, attempts, and what an error can say about them.
#include "engine.hpp"

#include "context_watch.hpp"
#include "launch.hpp"
#include "net/exchange.hpp"
#include "path_template.hpp"
#include "redact.hpp"

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

// Whoever means "for ever" writes the largest number, with which no time point can be computed.
void bound_times(client_config& c) {
    timeout_options& t = c.timeouts;
    for (auto* const time :
         {&t.total, &t.pool_wait, &t.resolve, &t.connect, &t.handshake, &t.write, &t.first_byte, &t.read_idle,
          &c.pool.max_idle, &c.pool.max_age, &c.retry.base, &c.retry.max_pause, &c.retry.max_retry_after}) {
        *time = std::min(*time, unlimited);
    }
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

outgoing::outgoing(wire_request& r, std::string_view path) : operation(r.operation), effect(r.effect) {
    line_.reserve(r.method.size() + 1 + path.size() + r.arguments.size() + 1 + r.query_text.size());
    line_.append(r.method).push_back(' ');
    r.append_target(line_, path);
    if (r.content_type.empty() && r.body.empty() && r.method != "POST" && r.method != "PATCH") return;
    const std::string length = std::to_string(r.body.size());
    rest_.reserve(r.content_type.size() + length.size() + r.body.size() + 40);
    if (!r.content_type.empty()) rest_.append("Content-Type: ").append(r.content_type).append("\r\n");
    if (!r.body.empty() || r.method == "POST" || r.method == "PATCH") {
        rest_.append("Content-Length: ").append(length).append("\r\n");
    }
    rest_.append("\r\n").append(r.body);
    wipe(r.body);
}

namespace {

exchange_limits limits_of(const call_options& o, const client_config& config) {
    const timeout_options& t = config.timeouts;
    return {o.pool_wait.value_or(t.pool_wait), o.write.value_or(t.write), o.first_byte.value_or(t.first_byte),
            o.read_idle.value_or(t.read_idle), config.limits};
}

}  // namespace

call::call(std::shared_ptr<engine> e, wire_request&& r, const call_options& o)
    : stoppable(e->executor()),
      owner(std::move(e)),
      request(r, owner->path_of(r)),
      total(o.total.value_or(owner->config().timeouts.total)),
      limits(limits_of(o, owner->config())),
      harmless(r.effect != effect::create || o.may_repeat) {
    if (owner->report()) {
        observed = std::make_unique<told>();
        observed->path = owner->path_of(r);
    }
    if (r.problem) outcome = std::move(r.problem);
}

call::call(const call& other)
    : stoppable(other.executor()),
      owner(other.owner),
      request(other.request),
      total(other.total),
      limits(other.limits),
      harmless(other.harmless),
      observed(other.observed ? std::make_unique<told>(*other.observed) : nullptr),
      outcome(other.outcome) {}

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
    bound_times(config_);
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

std::string_view engine::path_of(const wire_request& r) const {
    const auto replaced = config_.paths.find(r.operation);
    return replaced == config_.paths.end() ? std::string_view(r.path) : replaced->second;
}

// Everything that is sent. The head is written by hand, in one piece: the only place that sees the key and the wire
// together should be easy to check. Method, target and fields are ours or percent-encoded, so none can break out of its
// line.
std::string engine::message(const call& c) const {
    static constexpr std::string_view field = "api-key: ";
    static constexpr std::string_view end = "\r\n";
    const std::string_view key = config_.api_key.reveal();
    const std::string_view method = c.request.method();
    const std::string_view target = c.request.target();
    const std::string_view rest = c.request.rest();
    std::string out;
    out.reserve(method.size() + 1 + base_.path.size() + target.size() + fixed_fields_.size() + field.size() +
                key.size() + end.size() + rest.size());
    out.append(method).append(1, ' ').append(base_.path).append(target).append(fixed_fields_);
    out.append(field).append(key).append(end).append(rest);
    return out;
}

// One frame for all of a call but its waits: what is decided between them is in functions. Many calls may be in line
// for a connection: what is needed later is made later.
task<void> engine::run(std::shared_ptr<call> running) {
    call& c = *running;
    engine& self = *c.owner;
    if (c.observed) {
        c.observed->number = self.next_number();
        c.observed->begun = deadline_queue::clock::now();
        (*self.report_)(self.about(event_kind::call_started, c));
    }
    const deadline_queue::guard guard(
        self.deadlines_, c, c.total,
        std::min({c.limits.pool_wait, c.limits.write, c.limits.first_byte, c.limits.read_idle}));
    // Only now, so that a close() on another thread either sees this call among the deadlines or is seen here.
    if (self.closed_ || !c.welcome) c.request_stop(errc::client_closed);
    if (c.total.count() <= 0) c.request_stop(errc::deadline_exceeded);

    const retry_options& options = self.config_.retry;
    retry_core retry({options.max_attempts, options.base, options.max_pause}, c.harmless);
    for (bool ended = !c.outcome; !ended;) {
        ++c.attempt;
        c.sent_before = c.sent_before || c.facts.bytes_written > 0;
        c.facts = attempt_facts();
        if (c.observed) {
            c.observed->attempt_begun = deadline_queue::clock::now();
            c.observed->connection = 0;
            c.observed->reused = false;
        }
        permit admitted;
        bool entered = true;
        if (c.stopped() || !self.admission_->wide_open()) {
            entered = co_await self.admission_->enter(c, admitted, c.outcome);
        }
        if (entered) {
            // To wait at the door is not its time.
            if (c.observed) c.observed->attempt_begun = deadline_queue::clock::now();
            // A read that loses the race against the server's end of a connection is repeated, once at no cost.
            const bool can_lose = c.request.effect == effect::read && c.attempt == 1;
            const auto how = can_lose ? connection::check::glance : connection::check::look;
            lease leased = self.pool_->take_idle(how);
            if (!leased) {
                pool::waiter me(*self.pool_, c, c.limits.pool_wait, how, leased, c.outcome);
                while (me.waits()) co_await me.turn();
            }
            if (leased) {
                if (c.observed) {
                    c.observed->connection = leased->number;
                    c.observed->reused = leased->answers > 0;
                }
                const wiped message(self.message(c));
                const bool head = c.request.method() == "HEAD";
                co_await exchange(*self.pool_, leased, c, message.view(), head, c.limits, c.facts, c.outcome);
            }
        }
        self.note_outcome(admitted, c);
        if (!c.sent_before && c.facts.bytes_written == 0) c.take_back();
        admitted = permit();  // a probe that got no answer: somebody else may try during the pause
        const next_step next = self.plan(c, retry);
        // Where the server wants silence the door keeps us waiting, and all others.
        if (next.again && next.step == retry_step::back_off) co_await pause(c, next.wait);
        ended = self.settle(c, next.again);
    }
    c.request.forget();
    if (!c.outcome) complete_error(c);
}

void engine::complete_error(call& c) {
    error e = c.outcome.error();
    e.operation = c.request.operation;
    if (e == errc::deadline_exceeded)
        e.message = "no complete answer within " + std::to_string(c.total.count()) + " ms";
    c.outcome = std::move(e);
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
        const auto silence = silence_after(c);
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

// What the server asks for, or longer from attempt to attempt.
std::chrono::milliseconds engine::silence_after(const call& c) const {
    const retry_options& o = config_.retry;
    const auto asked_for = c.facts.retry_after.value_or(std::chrono::milliseconds(0));
    if (asked_for.count() > 0) return std::clamp(asked_for, o.base, std::max(o.base, o.max_retry_after));
    return std::min(o.base * (std::int64_t{1} << std::min(c.attempt - 1, 20)), std::max(o.base, o.max_pause));
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
        next.wait = next.step == retry_step::gate ? silence_after(c) : retry.pause(c.facts, random_number());
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
    e.duration =
        std::chrono::duration_cast<std::chrono::microseconds>(deadline_queue::clock::now() - c.observed->attempt_begun);
    e.connection = c.observed->connection;
    e.reused = c.observed->reused;
    (*report_)(e);
}

bool engine::settle(call& c, bool again) {
    result<raw_response>& out = c.outcome;
    if (out && !again) {
        out->attempts = c.attempt;
        hide_key(c, *out);
        out->maybe_processed_before = c.known == delivery::maybe_processed && c.request.effect != effect::read;
        out->gone_already =
            out->maybe_processed_before && (out->status == 404 || out->status == 410) && c.request.method() == "DELETE";
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
    e.call = c.observed->number;
    e.operation = c.request.operation;
    e.method = c.request.method();
    if (c.request.operation != raw_request::name) e.path = c.observed->path;
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
    what.duration =
        std::chrono::duration_cast<std::chrono::microseconds>(deadline_queue::clock::now() - c.observed->begun);
    e.report()(what);
}

void report(const engine& e, const event& what) noexcept { e.report()(what); }
bool is_observed(const engine& e) noexcept { return static_cast<bool>(e.report()); }

// What ends up in an error must not have the key, not even if a server sends it back.
void engine::hide_key(const call& c, raw_response& answer) const {
    const bool good = answer.status >= 200 && answer.status < 300 && !looks_like_html(answer.body);
    if (good || c.request.operation == raw_request::name) return;
    const std::string_view key = config_.api_key.reveal();
    redact(answer.body, key);
    std::string fields(answer.headers.text());
    redact(fields, key);
    if (fields == answer.headers.text()) return;
    answer.headers.clear();
    for (std::string_view rest = fields; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
        answer.headers.append_line(rest.substr(0, rest.find('\n')));
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

std::shared_ptr<call> prepare(const std::shared_ptr<engine>& e, wire_request&& request, const call_options& options) {
    return std::make_shared<call>(e, std::move(request), options);
}

std::shared_ptr<call> again(const call& c) { return std::make_shared<call>(c); }

const asio::any_io_executor& executor_of(const call& c) noexcept { return c.owner->executor(); }

void launch(std::shared_ptr<call> c, answer_handler handler) {
    c->welcome = c->owner->begin();
    auto work = engine::run(c);
    carry_out(std::move(c), std::move(handler), std::move(work));
}

void launch_within(std::shared_ptr<call> c, answer_handler handler) {
    c->owner->begin();
    auto work = engine::run(c);
    carry_out(std::move(c), std::move(handler), std::move(work));
}

const asio::any_io_executor& executor_of(const engine& e) noexcept { return e.executor(); }
pool_stats stats_of(const engine& e) { return e.stats(); }
void close(engine& e) noexcept { e.close(); }

void call_handle::cancel(asio::cancellation_type type) const noexcept {
    if (const auto c = call_.lock()) c->cancel(type);
}

}  // namespace cubicasa::detail
