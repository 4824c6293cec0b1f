// Building faults, and choosing the one that happens.
#include "fault.hpp"

#include <algorithm>

namespace cubicasa::testing {

fault fault::reset_after(std::size_t bytes) {
    fault f;
    f.effects_.reset_after = bytes;
    return f;
}

fault fault::close_before_answer() {
    fault f;
    f.effects_.no_answer = true;
    return f;
}

fault fault::truncate_after(std::size_t body_bytes) {
    fault f;
    f.effects_.truncate_after = body_bytes;
    return f;
}

fault fault::status(int code, std::string body, header_list headers) {
    fault f;
    auto& instead = f.effects_.instead.emplace();
    instead.status = code;
    instead.content_type = "application/json";
    instead.body = std::move(body);
    for (auto& field : headers) {
        if (detail::same_name(field.first, "Content-Type")) {
            instead.content_type = std::move(field.second);
        } else {
            instead.headers.push_back(std::move(field));
        }
    }
    return f;
}

fault fault::html() {
    header_list headers;
    headers.emplace_back("Content-Type", "text/html; charset=utf-8");
    return status(200, "<!DOCTYPE html>\n<html><head><title>Log in</title></head><body>Log in</body></html>\n",
                  std::move(headers));
}

fault fault::empty_body() { return status(200); }

fault fault::broken_json() {
    return status(200, R"({"id": "312babc6-e742-4d54-ac49-e0f7b16ec15a", "info": {"status": "Rea)");
}

fault fault::lying_length(long delta) {
    fault f;
    f.effects_.length_delta = delta;
    return f;
}

fault fault::drip(std::size_t bytes, std::chrono::milliseconds interval) {
    fault f;
    f.effects_.drip_bytes = std::max<std::size_t>(bytes, 1);
    f.effects_.drip_interval = interval;
    return f;
}

fault fault::delay(std::chrono::milliseconds time) {
    fault f;
    f.effects_.delay = time;
    return f;
}

fault fault::never_answer() {
    fault f;
    f.effects_.hang = true;
    return f;
}

fault fault::chunked() {
    fault f;
    f.effects_.chunked = true;
    return f;
}

fault fault::continue_100(std::size_t count) {
    fault f;
    f.effects_.interim_answers = count;
    return f;
}

fault fault::huge_header(std::size_t bytes) {
    fault f;
    f.effects_.header_filler = bytes;
    return f;
}

fault fault::huge_body(std::size_t bytes) {
    constexpr std::string_view head = R"({"filler":")";
    constexpr std::string_view tail = R"("})";
    std::string body(head);
    body.append(bytes - std::min(bytes, head.size() + tail.size()), 'x').append(tail);
    return status(200, std::move(body));
}

fault fault::garbage() {
    fault f;
    f.effects_.garbage = true;
    return f;
}

fault fault::connection_close() {
    fault f;
    f.effects_.announce_close = true;
    return f;
}

fault fault::until_eof() {
    fault f;
    f.effects_.until_eof = true;
    return f;
}

fault fault::extra_after_answer(std::string text) {
    fault f;
    f.effects_.surplus = std::move(text);
    return f;
}

fault fault::no_close_notify() {
    fault f;
    f.effects_.no_close_notify = true;
    return f;
}

fault fault::header(std::string name, std::string value) {
    fault f;
    f.effects_.headers.emplace_back(std::move(name), std::move(value));
    return f;
}

fault fault::ignore_range() {
    fault f;
    f.effects_.ignore_range = true;
    return f;
}

fault fault::ignore_if_range() {
    fault f;
    f.effects_.ignore_if_range = true;
    return f;
}

fault fault::wrong_content_range(long delta) {
    fault f;
    f.effects_.range_delta = delta;
    return f;
}

fault fault::no_content_range() {
    fault f;
    f.effects_.no_content_range = true;
    return f;
}

fault fault::short_range(std::size_t bytes) {
    fault f;
    f.effects_.short_range = std::max<std::size_t>(bytes, 1);
    return f;
}

fault fault::range_not_satisfiable() {
    fault f;
    f.effects_.range_not_satisfiable = true;
    return f;
}

fault fault::no_validators() {
    fault f;
    f.effects_.no_validators = true;
    return f;
}

fault fault::weak_etag() {
    fault f;
    f.effects_.weak_etag = true;
    return f;
}

fault fault::refuse_handshake() {
    fault f;
    f.effects_.refuse_handshake = true;
    return f;
}

fault fault::hang_handshake() {
    fault f;
    f.effects_.hang_handshake = true;
    return f;
}

fault fault::on(std::string_view method, std::string_view path_prefix) const {
    fault f = *this;
    f.method_ = method;
    f.path_ = path_prefix;
    return f;
}

fault fault::times(std::size_t count) const {
    fault f = *this;
    f.times_ = count;
    return f;
}

fault fault::after(std::size_t count) const {
    fault f = *this;
    f.after_ = count;
    return f;
}

fault fault::with_probability(double p) const {
    fault f = *this;
    f.probability_ = p;
    return f;
}

fault fault::also(const fault& other) const {
    fault f = *this;
    detail::fault_effects& mine = f.effects_;
    const detail::fault_effects& theirs = other.effects_;
    mine.refuse_handshake |= theirs.refuse_handshake;
    mine.hang_handshake |= theirs.hang_handshake;
    mine.no_answer |= theirs.no_answer;
    mine.hang |= theirs.hang;
    mine.garbage |= theirs.garbage;
    mine.chunked |= theirs.chunked;
    mine.until_eof |= theirs.until_eof;
    mine.announce_close |= theirs.announce_close;
    mine.no_close_notify |= theirs.no_close_notify;
    if (theirs.instead) mine.instead = theirs.instead;
    if (theirs.reset_after) mine.reset_after = theirs.reset_after;
    if (theirs.truncate_after) mine.truncate_after = theirs.truncate_after;
    mine.delay += theirs.delay;
    if (theirs.drip_bytes != 0) {
        mine.drip_bytes = theirs.drip_bytes;
        mine.drip_interval = theirs.drip_interval;
    }
    mine.interim_answers += theirs.interim_answers;
    mine.header_filler += theirs.header_filler;
    mine.length_delta += theirs.length_delta;
    mine.surplus += theirs.surplus;
    mine.headers.insert(mine.headers.end(), theirs.headers.begin(), theirs.headers.end());
    mine.ignore_range |= theirs.ignore_range;
    mine.ignore_if_range |= theirs.ignore_if_range;
    mine.range_not_satisfiable |= theirs.range_not_satisfiable;
    mine.no_content_range |= theirs.no_content_range;
    mine.no_validators |= theirs.no_validators;
    mine.weak_etag |= theirs.weak_etag;
    mine.range_delta += theirs.range_delta;
    if (theirs.short_range) mine.short_range = theirs.short_range;
    return f;
}

bool fault::matches(std::string_view method, std::string_view path) const noexcept {
    return (method_.empty() || method_ == method) && path.starts_with(path_);
}

namespace detail {

bool same_name(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

void script::add(fault f) {
    pending p{std::move(f), 0, std::nullopt};
    p.to_skip = p.what.skipped();
    p.left = p.what.occurrences();
    pending_.push_back(std::move(p));
}

template <class Matches>
std::optional<fault_effects> script::choose(Matches matches) {
    for (pending& p : pending_) {
        if (p.left == 0U || !matches(p.what)) continue;
        const double chance = p.what.probability();
        if (chance < 1 && std::uniform_real_distribution<>(0, 1)(dice_) >= chance) continue;
        if (p.to_skip > 0) {
            --p.to_skip;
            continue;
        }
        if (p.left) --*p.left;
        return p.what.effects();
    }
    return std::nullopt;
}

std::optional<fault_effects> script::for_connection() {
    return choose([](const fault& f) { return f.concerns_connections(); });
}

std::optional<fault_effects> script::for_request(std::string_view method, std::string_view path,
                                                 std::string_view relative_path) {
    return choose([&](const fault& f) {
        return !f.concerns_connections() && (f.matches(method, relative_path) || f.matches(method, path));
    });
}

}  // namespace detail
}  // namespace cubicasa::testing
