// One request of each operation, a raw one and a ping, with secrets wherever a secret may be.
#pragma once

#include "client_fixture.hpp"

#include <string>

namespace test {

inline const std::string password = "p4ssw0rd-of-a-user";
inline const std::string token = "t0ken-in-a-url";

// f(request) for each.
template <class F>
void for_each_request(F f) {
    f(cc::get_company());
    f(cc::update_webhooks({"https://example.com/" + token + "?t=" + token}, {cc::webhook_trigger("moved_to_mars")}));
    f(cc::delete_webhook());
    f(cc::get_company_package());
    f(cc::send_merge_request(cc::raw_json("{\"x\":\"" + token + "\"}")));
    f(cc::list_offices());
    f(cc::create_office("x"));
    f(cc::list_users());
    cc::create_user user("one@example.com", cc::user_role::user);
    user.password = cc::secret(password);
    f(user);
    f(cc::get_user("one@example.com"));
    cc::update_user change("1");
    change.surname = "x";
    f(change);
    f(cc::change_password("one@example.com", cc::secret(password), cc::secret(password + "2")));
    f(cc::send_password_reset("one@example.com"));
    f(cc::delete_user("1"));
    f(cc::list_orders());
    f(cc::get_order(known_id));
    cc::upgrade_order purchase(known_id);
    purchase.add_ons = {cc::add_on::cad_files};
    f(purchase);
    f(cc::redeliver_order(known_id, cc::raw_json("{}")));
    f(cc::get_combined_pdf(known_id));
    f(cc::create_redraw("s", "c", "f", "https://files.example/1.pdf?sig=" + token));
    f(cc::create_change_request(known_id, "x"));
    f(cc::list_change_requests(known_id));
    f(cc::get_change_request(known_id, "1"));
    cc::create_draft draft("s", "c", "f", "manager@cubicasa.com");
    f(draft);
    f(cc::update_draft("1", draft));
    f(cc::delete_draft("1"));
    f(cc::create_goto_scan_order(cc::raw_json("{}")));
    f(cc::raw_request("GET", "/x", {{"q", token}}));
    f(cc::ping());
}

}  // namespace test
