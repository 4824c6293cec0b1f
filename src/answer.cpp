// What an answer's status means, and what of an answer goes into an error.
#include <cubicasa/detail/engine.hpp>
#include <cubicasa/detail/json.hpp>
#include <cubicasa/detail/retry_core.hpp>

#include "http_date.hpp"

#include <chrono>

namespace cubicasa::detail {

namespace {

errc code_of(int status) noexcept {
    switch (status) {
        case 400:
        case 409:
        case 415:
        case 422:
            return errc::bad_request;
        case 401:
        case 403:
            return errc::unauthorized;
        case 404:
        case 410:
            return errc::not_found;
        case 429:
            return errc::throttled;
        default:
            break;
    }
    if (status >= 500) return errc::server_error;
    if (status >= 300 && status < 400) return errc::redirected;
    return errc::unexpected_status;
}

std::string advice(errc code, const raw_response& answer, std::string_view operation, cubicasa::evidence ev) {
    if (code == errc::unauthorized) return "check the API key (CUBICASA_API_KEY) and that it belongs to this base URL";
    if (code == errc::redirected) return "the key is sent to no other place; is base_url right?";
    const bool unknown_place = answer.status == 404 || answer.status == 405;
    if (unknown_place && ev == cubicasa::evidence::inferred) {
        return "either it does not exist, or the path is wrong: that of this operation is inferred, not documented, "
               "and "
               "client_config::paths[\"" +
               std::string(operation) + "\"] sets another";
    }
    return {};
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(const raw_response& answer) {
    const auto text = answer.headers.find("Retry-After");
    if (!text) return std::nullopt;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return parse_retry_after(*text, answer.headers.find("Date"), now);
}

error status_error(const raw_response& answer, std::string_view operation, effect what, cubicasa::evidence ev) {
    if (answer.status >= 200 && answer.status < 300) return error();
    const auto wish = retry_after(answer);
    const errc code = answer.status == 503 && wish ? errc::throttled : code_of(answer.status);
    error e(code, advice(code, answer, operation, ev));
    e.retry_after = wish;
    parse_error_body(answer.body, e);
    describe_answer(e, answer, operation);
    e.delivery = answer.maybe_processed_before ? delivery::maybe_processed : delivery_of(answer.status, what);
    return e;
}

void describe_answer(error& e, const raw_response& answer, std::string_view operation) {
    e.delivery = delivery::answered;
    e.http_status = answer.status;
    e.attempts = answer.attempts;
    e.operation = operation;
    if (const auto id = answer.headers.find("X-Request-Id")) e.request_id = printable(*id, 128);
}

}  // namespace cubicasa::detail
