// The operations of the contract's table: a request and the state go in, an answer comes out. Includes Boost.JSON.
#pragma once

#include "answer.hpp"
#include "state.hpp"

namespace cubicasa::testing::detail {

struct call {
    const request_view& request;
    std::string_view query;
    const std::vector<std::string>& arguments;  // of the path, in its order
};

// Each may throw `refused`.
using operation = answer(sandbox_state&, const call&);

operation get_company_info, update_webhook, delete_webhook, get_company_package, send_merge_request;
operation list_offices, add_office;
operation list_users, add_user, get_user, update_user, change_password, reset_password, delete_user;
operation list_orders, get_order, upgrade_order, redeliver_order, get_combined_pdf, create_redraw;
operation add_change_request, list_change_requests, get_change_request;
operation create_draft, update_draft, delete_draft, create_go2scan;

// The order that the path names; refuses with 404.
stored_order& need_order(sandbox_state& state, const call& c);
answer show_order(const sandbox_state& state, const stored_order& order);

}  // namespace cubicasa::testing::detail
