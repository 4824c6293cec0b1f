// libFuzzer: any bytes as the answer of one operation, whose class is the macro REQUEST. What can be read must be
// written and read again without a change; what cannot be must say why.
#include <cubicasa/detail/json.hpp>
#include <cubicasa/endpoints/change_requests.hpp>
#include <cubicasa/endpoints/company.hpp>
#include <cubicasa/endpoints/drafts.hpp>
#include <cubicasa/endpoints/offices.hpp>
#include <cubicasa/endpoints/orders.hpp>
#include <cubicasa/endpoints/users.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace cc = cubicasa;

namespace {

void check(bool good, const char* what, std::string_view text) {
    if (good) return;
    std::cerr << what << ": " << text << '\n';
    std::abort();
}

void check_error(const cc::error& e) {
    check(e.code.category() == cc::error_category(), "a code that is not ours", e.describe());
    check(e.delivery == cc::delivery::answered, "a wrong delivery", e.describe());
    check(cc::detail::is_utf8(e.describe()), "not UTF-8", "the error");
    check(e.describe().size() < 8192, "an endless message", e.describe());
}

// Types that are nothing but a table of members, or that keep all that came.
template <class T>
void check_round_trip(const T& value) {
    if constexpr (requires { value.document; }) {
        check(value.document.text.empty() || cc::detail::is_json(value.document.text), "no JSON", value.document.text);
    } else if constexpr (requires { members_of(&value); }) {
        const std::string text = cc::detail::encode_json(value);
        const auto again = cc::detail::decode_json<T>(text);
        check(again.has_value(), "what was written cannot be read", text);
        check(*again == value, "what was written is read differently", text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    cc::raw_response answer;
    answer.status = 200;
    answer.body.assign(reinterpret_cast<const char*>(data), size);
    const auto out = cc::detail::decode_answer<cc::REQUEST>(answer);
    if (out) {
        check_round_trip(*out);
    } else {
        check_error(out.error());
    }
    return 0;
}
