// See the header.
#include "every_request.hpp"

#include <type_traits>

namespace test {

namespace {

template <class E>
any_request erase(const E& request) {
    const auto start = [request](const cc::client& api, const cc::call_options& options,
                                 const any_request::callback& done) {
        return api.start(request, options, [done](cc::result<typename E::response> r) {
            ending out;
            out.failed = r.has_error();
            if (!r) {
                out.error = r.error();
            } else if constexpr (std::is_same_v<E, cc::ping>) {
                out.failed = r->verdict == cc::ping_verdict::unreachable;
            }
            done(std::move(out));
        });
    };
    return {E::name, start};
}

}  // namespace

ending any_request::call(asio::io_context& context, const cc::client& api, const cc::call_options& options) const {
    std::optional<ending> out;
    start(api, options, [&](ending e) { out.emplace(std::move(e)); });
    context.restart();
    run_out(context);
    BOOST_TEST_REQUIRE(out.has_value());
    return std::move(*out);
}

any_request one_request() { return erase(cc::get_order(known_id)); }

std::vector<any_request> every_request() {
    cc::create_user user("one@example.com", cc::user_role::user);
    user.password = cc::secret(password);
    cc::update_user change("1");
    change.surname = "x";
    cc::upgrade_order purchase(known_id);
    purchase.add_ons = {cc::add_on::cad_files};
    const cc::create_draft draft("s", "c", "f", "manager@cubicasa.com");
    return {
        erase(cc::get_company()),
        erase(cc::update_webhooks({"https://example.com/" + token + "?t=" + token},
                                  {cc::webhook_trigger("moved_to_mars")})),
        erase(cc::delete_webhook()),
        erase(cc::get_company_package()),
        erase(cc::send_merge_request(cc::raw_json("{\"x\":\"" + token + "\"}"))),
        erase(cc::list_offices()),
        erase(cc::create_office("x")),
        erase(cc::list_users()),
        erase(user),
        erase(cc::get_user("one@example.com")),
        erase(change),
        erase(cc::change_password("one@example.com", cc::secret(password), cc::secret(password + "2"))),
        erase(cc::send_password_reset("one@example.com")),
        erase(cc::delete_user("1")),
        erase(cc::list_orders()),
        erase(cc::get_order(known_id)),
        erase(purchase),
        erase(cc::redeliver_order(known_id, cc::raw_json("{}"))),
        erase(cc::get_combined_pdf(known_id)),
        erase(cc::create_redraw("s", "c", "f", "https://files.example/1.pdf?sig=" + token)),
        erase(cc::create_change_request(known_id, "x")),
        erase(cc::list_change_requests(known_id)),
        erase(cc::get_change_request(known_id, "1")),
        erase(draft),
        erase(cc::update_draft("1", draft)),
        erase(cc::delete_draft("1")),
        erase(cc::create_goto_scan_order(cc::raw_json("{}"))),
        erase(cc::raw_request("GET", "/x", {{"q", token}})),
        erase(cc::ping()),
    };
}

}  // namespace test
