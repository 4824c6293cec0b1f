// What a download does, request by request.
#include "transfer.hpp"

#include "../http_date.hpp"
#include "../net/sleeper.hpp"
#include "read_order.hpp"

#include <cubicasa/detail/json.hpp>

#include <algorithm>
#include <exception>

namespace cubicasa::detail {

namespace {

constexpr std::string_view operation_name = "download";

retry_core fresh_retries(const transfer& t) {
    const retry_options& o = t.owner->config().retry;
    return retry_core({t.options.max_attempts, o.base, o.max_pause}, true);
}

// A page for people, and not XML: an SVG begins with '<' as well.
bool is_page(std::string_view content_type, std::string_view body) {
    const auto begins = [](std::string_view text, std::string_view with) {
        if (text.size() < with.size()) return false;
        return std::equal(with.begin(), with.end(), text.begin(),
                          [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
    };
    body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n\xef\xbb\xbf"), body.size()));
    return begins(content_type, "text/html") || begins(body, "<!doctype html") || begins(body, "<html");
}

std::string_view field(const raw_response& head, std::string_view name) {
    return head.headers.find(name).value_or(std::string_view());
}

// A short one: then the connection can be used again.
asio::awaitable<void> skip_body(body_reader& answer) {
    char nobody_reads_this[4096];
    for (int i = 0; i < 16 && !answer.done(); ++i) {
        std::size_t n = 0;
        const error failure = co_await answer.read_some(asio::buffer(nobody_reads_this), n);
        if (failure) break;
    }
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

asio::awaitable<void> transfer::run(std::shared_ptr<transfer> self) {
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
asio::awaitable<error> transfer::open() {
    const auto interrupt = [](void* target) { static_cast<download_target*>(target)->interrupt(); };
    stoppable::waiting wait(*this, interrupt, target_.get());
    wait.begin([] {});
    error failure = co_await target_->open(link_.resource);
    best_ = target_->facts().size;
    co_return stopped() ? error(reason()) : std::move(failure);
}

asio::awaitable<error> transfer::flush(bool more) {
    const auto interrupt = [](void* target) { static_cast<download_target*>(target)->interrupt(); };
    stoppable::waiting wait(*this, interrupt, target_.get());
    wait.begin([] {});
    error failure = co_await target_->flush(more);
    co_return failure;
}

asio::awaitable<error> transfer::fetch() {
    here_ = link_;
    for (;;) {
        facts_ = attempt_facts();
        next_step next = co_await request();
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
        if (again) again = co_await may_retry(next.why);
        if (stopped()) co_return error(reason());
        if (!again) co_return std::move(next.why);
        here_ = link_;
        redirects_ = 0;
    }
}

asio::awaitable<transfer::next_step> transfer::request() {
    engine& e = *owner;
    auto found = e.file_pools().of(here_.origin);
    if (!found) co_return failed(found.error());
    const std::shared_ptr<pool> from = std::move(*found);
    ++attempts_;
    lease leased = from->take_idle();
    if (!leased) co_await pool::acquire(from, *this, unlimited, leased, trouble_);
    if (!leased) co_return failed(trouble_.error());
    connection& c = *leased;
    c.closed_for = "failed";
    facts_.reused = c.answers > 0;
    const part_facts& have = target_->facts();
    const bool ranged = have.resumable() && have.source == here_.resource;
    const std::string text = request_text(ranged);
    body_reader answer(c, *this, *e.deadlines(), options.stall, e.config().limits, facts_);
    error failure = co_await answer.send(text);
    if (failure) co_return failed(std::move(failure));
    next_step next = co_await answered(answer, ranged);
    if (answer.reusable()) {
        ++c.answers;
        c.closed_for = {};
        leased.reusable();
    }
    co_return next;
}

std::string transfer::request_text(bool ranged) const {
    std::string out;
    out.append("GET ").append(here_.target).append(" HTTP/1.1\r\nHost: ").append(here_.origin.host_field());
    out.append("\r\nUser-Agent: ").append(owner->config().user_agent);
    out.append("\r\nAccept: */*\r\nAccept-Encoding: identity\r\n");
    if (ranged) {
        const part_facts& have = target_->facts();
        out.append("Range: bytes=").append(std::to_string(have.size)).append("-\r\n");
        out.append("If-Range: ").append(have.validator()).append("\r\n");
    }
    return out.append("\r\n");
}

asio::awaitable<transfer::next_step> transfer::answered(body_reader& answer, bool ranged) {
    const raw_response& head = answer.head();
    facts_.status = head.status;
    file_head what;
    what.status = head.status;
    what.ranged = ranged;
    what.content_length = answer.length();
    what.content_range = field(head, "Content-Range");
    what.etag = field(head, "ETag");
    what.last_modified = field(head, "Last-Modified");
    const file_step step = decide(target_->facts(), what);
    if (step == file_step::whole || step == file_step::rest) {
        error problem = check(head, answer);
        if (problem) co_return next_step{next_step::fail, std::move(problem)};
        done_.etag = what.etag;
        done_.content_type = printable(field(head, "Content-Type"), 200);
        next_step next = co_await take_body(answer, step);
        co_return next;
    }
    co_await skip_body(answer);
    if (stopped() && !survive_phase()) co_return next_step{next_step::fail, error(reason())};
    error why;
    why.delivery = delivery::answered;
    why.http_status = head.status;
    switch (step) {
        case file_step::complete:
            co_return next_step{next_step::done, error()};
        case file_step::redirect:
            co_return redirected(head);
        case file_step::start_over: {
            error failure = co_await target_->begin(part_facts());
            if (failure) co_return next_step{next_step::fail, std::move(failure)};
            why.code = make_error_code(errc::unexpected_answer);
            why.message = "the server did not go on where it was asked to";
            // A server that does this again and again is in trouble.
            facts_.status = 0;
            co_return next_step{next_step::retry, std::move(why)};
        }
        case file_step::dead_link:
            why.code = make_error_code(errc::dead_link);
            co_return next_step{options.source && !asked_again_ ? next_step::new_link : next_step::fail,
                                std::move(why)};
        case file_step::retry:
            facts_.retry_after = retry_after(head);
            why.code = make_error_code(head.status == 429 ? errc::throttled : errc::server_error);
            if (facts_.retry_after)
                why.retry_after = std::chrono::duration_cast<std::chrono::seconds>(*facts_.retry_after);
            co_return next_step{next_step::retry, std::move(why)};
        default:
            why.code = make_error_code(errc::unexpected_status);
            co_return next_step{next_step::fail, std::move(why)};
    }
}

// What can be said of a file before its first byte.
error transfer::check(const raw_response& head, const body_reader& answer) const {
    const auto refuse = [&](errc code, std::string why) {
        error out(code, std::move(why), delivery::answered);
        out.http_status = head.status;
        return out;
    };
    const std::string_view encoding = field(head, "Content-Encoding");
    if (!encoding.empty() && encoding != "identity") {
        return refuse(errc::unexpected_answer, "it is compressed (Content-Encoding: " + printable(encoding, 40) + ")");
    }
    if (options.refuse_html && is_page(field(head, "Content-Type"), {})) return refuse(errc::html_instead_of_file, {});
    if (answer.length().value_or(0) > options.max_size) {
        return refuse(errc::body_too_large,
                      "it has " + std::to_string(*answer.length()) + " bytes, more than max_size");
    }
    return error();
}

// Which file the bytes that follow are of.
part_facts transfer::identity(const raw_response& head, const body_reader& answer) const {
    part_facts out;
    out.url = link_.resource;
    out.source = here_.resource;
    const std::string_view etag = field(head, "ETag");
    if (!etag.empty() && !etag.starts_with("W/")) out.etag = etag;
    // A date is exact to the second: a file that was changed in this very second may change again (RFC 9110, 8.8.2.2).
    const auto changed = parse_http_date(field(head, "Last-Modified"));
    const auto now = parse_http_date(field(head, "Date"));
    if (changed && now && *now - *changed > std::chrono::seconds(1)) out.last_modified = field(head, "Last-Modified");
    out.length = answer.length();
    return out;
}

asio::awaitable<transfer::next_step> transfer::take_body(body_reader& answer, file_step what) {
    const auto fail = [&](error e) {
        e.http_status = answer.head().status;
        return next_step{next_step::fail, std::move(e)};
    };
    std::optional<content_range> range;
    if (what == file_step::whole) {
        const part_facts file = identity(answer.head(), answer);
        error failure = co_await target_->begin(file);
        if (failure) co_return fail(std::move(failure));
    } else {
        range = parse_content_range(field(answer.head(), "Content-Range"));
    }
    const part_facts& have = target_->facts();
    if (!meter_) meter_.emplace(options.progress_interval, deadline_queue::clock::now(), have.size);
    while (!answer.done()) {
        const auto space = target_->space();
        std::size_t n = 0;
        error lost = co_await answer.read_some(space, n);
        if (have.size == 0 && options.refuse_html && is_page({}, {static_cast<const char*>(space.data()), n})) {
            co_return fail(error(errc::html_instead_of_file, {}, delivery::answered));
        }
        target_->commit(n);
        fetched_ += n;
        answer.pause();
        const error local = co_await flush(!answer.done());
        answer.go_on();
        if (local) co_return fail(local);
        if (have.size > options.max_size) {
            error failure = co_await target_->begin(part_facts());
            if (!failure) failure = error(errc::body_too_large, "it has more bytes than max_size", delivery::answered);
            co_return fail(std::move(failure));
        }
        note_progress();
        if (lost) {
            facts_.status = 0;
            co_return failed(std::move(lost));
        }
    }
    if (range) {
        // A chunked body can be of another size than its range: then nobody knows what its bytes are.
        if (have.size != range->last + 1) {
            error failure = co_await target_->begin(part_facts());
            if (failure) co_return fail(std::move(failure));
            facts_.status = 0;
            error why(errc::unexpected_answer, "the body is not of the size that its range has", delivery::answered);
            co_return next_step{next_step::retry, std::move(why)};
        }
        // The server may give less than was asked for.
        const bool whole = range->last + 1 == range->length;
        co_return next_step{whole ? next_step::done : next_step::go_on, error()};
    }
    if (have.size == 0 && answer.length() != std::uint64_t{0}) co_return fail(error(errc::empty_body));
    co_return next_step{next_step::done, error()};
}

// A failure of the transport.
transfer::next_step transfer::failed(error why) {
    if (stopped() && !survive_phase()) return {next_step::fail, error(reason())};
    facts_.hopeless = would_come_again(why);
    why.delivery = delivery_after(facts_);
    return {facts_.hopeless ? next_step::fail : next_step::retry, std::move(why)};
}

transfer::next_step transfer::redirected(const raw_response& head) {
    const auto refuse = [&](std::string why) {
        error e(errc::redirected, std::move(why), delivery::answered);
        e.http_status = head.status;
        return next_step{next_step::fail, std::move(e)};
    };
    auto to = follow(here_, field(head, "Location"));
    if (!to) return refuse("its Location is not a URL");
    if (!to->origin.tls) return refuse("to http://, where anybody on the way could change the file");
    if (++redirects_ > options.max_redirects)
        return refuse("more than " + std::to_string(options.max_redirects) + " times");
    here_ = std::move(*to);
    return {next_step::go_on, error()};
}

// True after the pause, if there is to be another attempt.
asio::awaitable<bool> transfer::may_retry(const error& why) {
    const std::uint64_t size = target_->facts().size;
    const bool progress = size > best_;
    if (progress) {
        best_ = size;
        retry_ = fresh_retries(*this);
    }
    const retry_options& limits = owner->config().retry;
    event e = about(event_kind::attempt_failed);
    e.status = why.http_status;
    e.code = why.code;
    owner->report()(e);
    const retry_step step = retry_.after(facts_);
    if (step == retry_step::done || step == retry_step::fail) co_return false;
    if (step == retry_step::at_once) co_return true;
    if (facts_.retry_after && *facts_.retry_after > limits.max_retry_after) co_return false;
    // A download that gets on may go on; for others there is a budget of all downloads together.
    if (!progress && !owner->file_budget().take()) co_return false;
    const auto wait = retry_.pause(facts_, random_number());
    if (deadline_queue::clock::now() + wait >= deadline()) co_return false;
    e = about(event_kind::retry_planned);
    ++e.attempt;
    e.duration = wait;
    owner->report()(e);
    co_await pause(*this, wait);
    co_return !stopped();
}

// From the order that the file belongs to.
asio::awaitable<error> transfer::ask_for_new_link(error why) {
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
