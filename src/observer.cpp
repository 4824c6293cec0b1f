// Events as texts.
#include <cubicasa/observer.hpp>

#include <charconv>

namespace cubicasa {

std::string_view to_string(event_kind k) noexcept {
    switch (k) {
        case event_kind::call_started:
            return "call_started";
        case event_kind::call_finished:
            return "call_finished";
        case event_kind::attempt_answered:
            return "attempt_answered";
        case event_kind::attempt_failed:
            return "attempt_failed";
        case event_kind::retry_planned:
            return "retry_planned";
        case event_kind::throttled:
            return "throttled";
        case event_kind::connection_opened:
            return "connection_opened";
        case event_kind::connection_reused:
            return "connection_reused";
        case event_kind::connection_closed:
            return "connection_closed";
        case event_kind::page_fetched:
            return "page_fetched";
        case event_kind::page_irregular:
            return "page_irregular";
    }
    return "";
}

namespace {

std::string milliseconds(std::chrono::microseconds time) {
    char digits[32];
    const double value = static_cast<double>(time.count()) / 1000;
    const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, 1).ptr;
    return std::string(digits, end) + " ms";
}

}  // namespace

std::string describe(const event& e) {
    std::string out;
    const auto add = [&](std::string_view text) {
        if (!out.empty() && !text.empty()) out.push_back(' ');
        out.append(text);
    };
    if (e.kind != event_kind::call_finished) add(to_string(e.kind));
    add(e.operation);
    add(e.method);
    add(e.path);
    if (e.connection != 0) add("connection " + std::to_string(e.connection));
    if (e.status != 0) add(std::to_string(e.status));
    if (e.duration.count() != 0) add("in " + milliseconds(e.duration));
    if (e.attempt > 1) add("attempt " + std::to_string(e.attempt));
    if (e.records != 0) add(std::to_string(e.records) + " records");
    add(e.reason);
    if (e.code) add(": " + e.code.message());
    return out;
}

}  // namespace cubicasa
