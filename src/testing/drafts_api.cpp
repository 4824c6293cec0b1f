// The operations of the groups Draft Orders and GoToScan (contract 3.24 to 3.27).
#include "operations.hpp"
#include "order_form.hpp"

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

order_form read_draft(const sandbox_state& state, const call& c) {
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    order_form form = read_order_form(reader, form_kind::draft);
    if (form.owner_email && state.users.find_by_email(*form.owner_email) == nullptr) {
        reader.complain("owner_email", "there is no such user");
    }
    refuse_if(errors);
    return form;
}

void need_draft(const stored_order& order) {
    if (order.status != "Draft") refuse(400, "The order is no longer a draft.");
}

std::string text_or_empty(const json::object& body, json::string_view name) {
    const json::value* const v = body.if_contains(name);
    return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}

}  // namespace

answer create_draft(sandbox_state& state, const call& c) {
    const order_form form = read_draft(state, c);
    json::object order = make_blank_order(state.orders.new_id(), state.orders.new_time(), "Draft");
    apply(form, order);
    return show_order(state, state.orders.add(std::move(order)));
}

answer update_draft(sandbox_state& state, const call& c) {
    stored_order& order = need_order(state, c);
    const order_form form = read_draft(state, c);
    need_draft(order);
    apply(form, state.orders.document(order));
    state.orders.changed(order);
    return show_order(state, order);
}

answer delete_draft(sandbox_state& state, const call& c) {
    const stored_order& order = need_order(state, c);
    need_draft(order);
    state.orders.remove(order);
    return make_message(200, "The draft has been deleted.");
}

// Neither the body nor the answer is public: what can be used is used.
answer create_go2scan(sandbox_state& state, const call& c) {
    const json::object body = parse_body(c.request);
    order_form form;
    form.street = text_or_empty(body, "street");
    form.city = text_or_empty(body, "city");
    form.country = text_or_empty(body, "country");
    const std::string id = state.orders.new_id();
    json::object order = make_blank_order(id, state.orders.new_time(), "Draft");
    apply(form, order);
    json::object link;
    link["link"] = "https://go2scan.example/" + id;
    order.at("info").as_object()["go2scan"] = std::move(link);
    return show_order(state, state.orders.add(std::move(order)));
}

}  // namespace cubicasa::testing::detail
