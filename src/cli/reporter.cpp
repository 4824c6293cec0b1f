// See the header.
#include "reporter.hpp"

#include "advice.hpp"
#include "json_text.hpp"
#include "terminal.hpp"

#include <unistd.h>

namespace cubicasa::cli {

namespace {

std::string_view name_of(delivery d) {
    switch (d) {
        case delivery::never_sent:
            return "never_sent";
        case delivery::maybe_processed:
            return "maybe_processed";
        case delivery::answered:
            return "answered";
    }
    return "";
}

json::object as_json(const error& e) {
    json::object out{
        {"kind", kind_of(e)},         {"message", sentence_for(e)},        {"delivery", name_of(e.delivery)},
        {"operation", e.operation},   {"http_status", e.http_status},      {"attempts", e.attempts},
        {"request_id", e.request_id}, {"server_message", e.server_message}};
    if (e.retry_after) out["retry_after"] = e.retry_after->count();
    if (!e.fields.empty()) {
        json::array fields;
        for (const auto& f : e.fields) {
            fields.push_back(json::object{{"place", f.place}, {"path", f.path}, {"text", f.text}});
        }
        out["fields"] = std::move(fields);
    }
    return out;
}

}  // namespace

reporter::reporter(const options& o)
    : json_(o.json_errors), quiet_(o.quiet), colours_(o.error_colours), progress_wanted_(o.terminal && !o.quiet) {}

reporter::~reporter() { show({}); }

void reporter::hide(const secret& key) {
    const std::lock_guard lock(mutex_);
    hidden_ = key;
    std::string spelled = json::serialize(json::string(view(key.reveal())));
    hidden_in_json_ = secret(std::string_view(spelled).substr(1, spelled.size() - 2));
    wipe(spelled);
}

std::string reporter::redacted(std::string text) const {
    for (const secret* hidden : {&hidden_, &hidden_in_json_}) {
        const std::string_view key = hidden->reveal();
        // One that is short may be a part of words.
        if (key.size() < 4) continue;
        for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
            text.replace(at, key.size(), "***");
        }
    }
    return text;
}

void reporter::fail(const error& e, exit_status status, const std::string& subject) {
    const std::string advice = advice_for(e);
    if (json_) {
        json::object what = as_json(e);
        if (!subject.empty()) what["id"] = subject;
        what["advice"] = advice;
        what["exit_status"] = static_cast<int>(status);
        return line(json::serialize(json::object{{"error", std::move(what)}}));
    }
    line(name() + (subject.empty() ? "" : harmless(subject) + ": ") + sentence_for(e) +
         (advice.empty() ? "" : ". " + advice));
}

void reporter::fail(std::string_view kind, const std::string& message, exit_status status) {
    if (json_) {
        const json::object what{{"kind", kind}, {"message", message}, {"exit_status", static_cast<int>(status)}};
        return line(json::serialize(json::object{{"error", what}}));
    }
    line(name() + message);
}

std::string reporter::name() const { return colours_ ? "\x1b[31mcubicasa:\x1b[0m " : "cubicasa: "; }

void reporter::note(const std::string& text) {
    if (!quiet_) line("cubicasa: " + text);
}

void reporter::line(const std::string& text) {
    const std::lock_guard lock(mutex_);
    erase();
    write(text + '\n');
    draw();
}

void reporter::show(std::vector<std::string> progress) {
    if (!progress_wanted_) return;
    const std::lock_guard lock(mutex_);
    erase();
    progress_ = std::move(progress);
    draw();
}

void reporter::erase() {
    if (drawn_ == 0) return;
    std::string out;
    for (; drawn_ > 0; --drawn_) out += "\x1b[A\x1b[2K";
    write(out + '\r');
}

void reporter::draw() {
    if (progress_.empty()) return;
    const std::size_t width = terminal_width(STDERR_FILENO);
    std::string out;
    for (const std::string& l : progress_) out += fitted(l, width) + '\n';
    drawn_ = progress_.size();
    write(std::move(out));
}

// What cannot be written has nobody to read it.
void reporter::write(std::string text) {
    text = redacted(std::move(text));
    std::string_view rest = text;
    while (!rest.empty()) {
        const ssize_t n = ::write(STDERR_FILENO, rest.data(), rest.size());
        if (n <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace cubicasa::cli
