// One request of a download, and what its answer means.
#include "transfer.hpp"

#include "../http_date.hpp"

#include <cubicasa/detail/json.hpp>

#include <algorithm>

namespace cubicasa::detail {

namespace {

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
task<void> skip_body(body_reader& answer) {
    char nobody_reads_this[4096];
    for (int i = 0; i < 4 && !answer.done(); ++i) {
        std::size_t n = 0;
        const error failure = co_await answer.read_some(asio::buffer(nobody_reads_this), n);
        if (failure) break;
    }
}

}  // namespace

task<transfer::next_step> transfer::request() {
    engine& e = *owner;
    auto found = e.file_pools().of(here_.origin);
    if (!found) co_return failed(found.error());
    const std::shared_ptr<pool> from = std::move(*found);
    lease leased = from->take_idle(connection::check::look);
    if (!leased) {
        pool::waiter me(*from, *this, unlimited, connection::check::look, leased, trouble_);
        while (me.waits()) co_await me.turn();
    }
    if (!leased) co_return failed(trouble_.error());
    connection& c = *leased;
    c.closed_for = "failed";
    facts_.was_idle = c.was_idle();
    connection_ = c.number;
    reused_ = c.answers > 0;
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

task<transfer::next_step> transfer::answered(body_reader& answer, bool ranged) {
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

task<transfer::next_step> transfer::take_body(body_reader& answer, file_step what) {
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
        // The bytes came in time, if late.
        survive_phase();
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

}  // namespace cubicasa::detail
