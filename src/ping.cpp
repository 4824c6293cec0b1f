// ping: from an outcome to a verdict.
#include <cubicasa/detail/engine.hpp>
#include <cubicasa/detail/json.hpp>
#include <cubicasa/endpoints/orders.hpp>
#include <cubicasa/endpoints/ping.hpp>

namespace cubicasa {

std::string_view to_string(ping_verdict v) noexcept {
    switch (v) {
        case ping_verdict::good_key:
            return "good_key";
        case ping_verdict::bad_key:
            return "bad_key";
        case ping_verdict::no_service:
            return "no_service";
        case ping_verdict::unreachable:
            return "unreachable";
    }
    return "";
}

namespace {

ping_result bad(ping_verdict v, error e) {
    ping_result out;
    out.verdict = v;
    out.problem = std::move(e);
    return out;
}

}  // namespace

result<ping_result> ping::conclude(result<raw_response> answer) {
    if (!answer) {
        const error& e = answer.error();
        if (e == errc::malformed_http || e == errc::header_too_large || e == errc::body_too_large) {
            return bad(ping_verdict::no_service, e);
        }
        if (e == condition::timeout || e == condition::network) return bad(ping_verdict::unreachable, e);
        return e;
    }
    error e = detail::status_error(*answer, name, effect, evidence);
    if (e) return bad(e == errc::unauthorized ? ping_verdict::bad_key : ping_verdict::no_service, std::move(e));
    auto page = detail::decode_json<list_orders::response>(answer->body);
    if (!page) {
        e = page.error();
        detail::describe_answer(e, *answer, name);
        return bad(ping_verdict::no_service, std::move(e));
    }
    ping_result out;
    out.verdict = ping_verdict::good_key;
    return out;
}

}  // namespace cubicasa
