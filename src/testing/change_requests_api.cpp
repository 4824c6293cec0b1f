// The operations of the group Change Request (contract 3.21 to 3.23).
#include "json_text.hpp"
#include "moment.hpp"
#include "operations.hpp"
#include "paging.hpp"

#include <algorithm>

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

json::object to_json(const change_request& r) {
    json::object out;
    out["id"] = r.id;
    out["img_urls"] = array_of(r.img_urls);
    out["sent_at"] = to_seconds(r.sent_at);
    out["text"] = r.text;
    return out;
}

void append_request(std::string& out, const change_request& r) { append_json(out, to_json(r)); }

}  // namespace

answer add_change_request(sandbox_state& state, const call& c) {
    stored_order& order = need_order(state, c);
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    change_request r;
    r.text = reader.text("text", true).value_or("");
    r.img_urls = reader.texts("img_urls").value_or(std::vector<std::string>());
    refuse_if(errors);
    if (!is_delivered(order.status)) refuse(400, "The order has not been delivered.");

    r.id = state.orders.new_id();
    r.sent_at = now_in_microseconds();
    const answer out = make_answer(to_json(r));
    order.change_requests.push_back(std::move(r));
    order.in_production = true;
    state.orders.set_status(order, "Fixing");
    return out;
}

answer list_change_requests(sandbox_state& state, const call& c) {
    const auto& all = need_order(state, c).change_requests;
    const page_query query = read_page_query(c.query);
    if (!state.options.change_requests_as_array) {
        // Newest first, as orders are.
        return make_page(make_window(query, state.options), all.rbegin(), all.rend(), &append_request);
    }
    json::array array;
    std::for_each(all.rbegin(), all.rend(), [&](const change_request& r) { array.emplace_back(to_json(r)); });
    answer out;
    append_json(out.body, json::value(std::move(array)));
    return out;
}

answer get_change_request(sandbox_state& state, const call& c) {
    const auto& all = need_order(state, c).change_requests;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const change_request& r) { return r.id == c.arguments.back(); });
    if (found == all.end()) refuse(404, "There is no such change request.");
    return make_answer(to_json(*found));
}

}  // namespace cubicasa::testing::detail
