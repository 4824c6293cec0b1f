// The operations of the group Orders (contract 3.15 to 3.20).
#include "json_text.hpp"
#include "operations.hpp"
#include "order_form.hpp"
#include "paging.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

// The list's filters by people and offices, which orders do not know.
struct people_filter {
    std::optional<std::string> user_email;
    std::optional<std::string> user_id;
    std::optional<std::string> office;
    std::optional<std::string> office_id;

    // Addresses of those who pass; unset: all do.
    std::optional<std::vector<std::string>> emails(const user_store& users) const;
};

std::optional<std::vector<std::string>> people_filter::emails(const user_store& users) const {
    if (!user_email && !user_id && !office && !office_id) return std::nullopt;
    // Orders may come from somebody who is no user.
    if (!user_id && !office && !office_id) return std::vector<std::string>{*user_email};
    std::vector<std::string> out;
    for (const user& u : users.users()) {
        if ((user_email && u.email != *user_email) || (user_id && u.id != *user_id)) continue;
        if (office_id && u.office_id != *office_id) continue;
        const detail::office* const place = users.find_office(u.office_id);
        if (office && (place == nullptr || place->name != *office)) continue;
        out.push_back(u.email);
    }
    return out;
}

std::vector<std::string> texts_of(const json::object& object, json::string_view name) {
    std::vector<std::string> out;
    const json::value* const v = object.if_contains(name);
    if (v == nullptr || !v->is_array()) return out;
    for (const json::value& element : v->get_array()) {
        if (const json::string* const s = element.if_string()) out.emplace_back(s->data(), s->size());
    }
    return out;
}

bool contains(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

}  // namespace

stored_order& need_order(sandbox_state& state, const call& c) {
    stored_order* const found = state.orders.find(c.arguments.front());
    if (found == nullptr) refuse(404, "There is no such order.");
    return *found;
}

answer show_order(const sandbox_state& state, const stored_order& order) {
    answer out;
    state.orders.append_text(out.body, order);
    return out;
}

answer list_orders(sandbox_state& state, const call& c) {
    order_filter filter;
    people_filter people;
    page_query page;
    complaints errors("query_params");
    for (auto& [name, value] : parse_query(c.query)) {
        const auto read_time = [&](std::optional<std::int64_t>& out, const std::string& field, std::string_view text) {
            out = parse_time(text);
            if (!out) errors.add(field, "value is not a valid float");
        };
        page.read(name, value, errors);
        if (name == "created_before") read_time(filter.created_before, name, value);
        if (name == "created_after") read_time(filter.created_after, name, value);
        if (name == "status") filter.status.push_back(value);
        if (name == "user_email") people.user_email = value;
        if (name == "user_id") people.user_id = value;
        if (name == "office") people.office = value;
        if (name == "office_id") people.office_id = value;
    }
    refuse_if(errors);
    filter.created_by = people.emails(state.users);

    const page_window window = make_window(page, state.options);
    std::string items;
    items.reserve(static_cast<std::size_t>(window.limit) * 1024);
    const bool more = state.orders.append_page(items, filter, window.start, window.limit);
    return make_page(window, items, more);
}

answer get_order(sandbox_state& state, const call& c) { return show_order(state, need_order(state, c)); }

answer upgrade_order(sandbox_state& state, const call& c) {
    stored_order& order = need_order(state, c);
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    if (!reader.contains("package_type")) errors.add("package_type", "field required");
    const std::optional<std::string> package = reader.text("package_type");
    const std::vector<std::string> wanted = reader.texts("add_ons", true).value_or(std::vector<std::string>());
    if (errors.empty() && !package && wanted.empty()) errors.add("__root__", "nothing to purchase");

    std::string before;
    state.orders.append_text(before, order);
    json::object all = json::parse(before).as_object();
    json::object no_product;
    json::value* const found = all.at("info").as_object().if_contains("product");
    json::object& product = found != nullptr && found->is_object() ? found->get_object() : no_product;
    std::vector<std::string> packages = texts_of(product, "purchasable_package_types");
    std::vector<std::string> purchasable = texts_of(product, "purchasable_add_ons");
    if (package && !contains(packages, *package)) errors.add("package_type", "not purchasable for this order");
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!contains(purchasable, wanted[i])) reader.complain("add_ons", i, "not purchasable for this order");
    }
    refuse_if(errors);

    if (package) {
        product["package_type"] = *package;
        std::erase_if(packages, [&](const std::string& p) { return package_rank(p) <= package_rank(*package); });
        product["purchasable_package_types"] = array_of(packages);
    }
    std::vector<std::string> bought = texts_of(product, "add_ons");
    for (const std::string& a : wanted) {
        std::erase(purchasable, a);
        if (!contains(bought, a)) bought.push_back(a);
    }
    product["add_ons"] = array_of(bought);
    product["purchasable_add_ons"] = array_of(purchasable);
    state.orders.document(order) = std::move(all);
    if (package) state.orders.renew_files(order);
    state.orders.changed(order);

    // The documented answer lacks these two.
    json::object shown = state.orders.document(order);
    shown.at("info").as_object().erase("model_id");
    if (json::value* const assets = shown.if_contains("delivery_assets"); assets != nullptr && assets->is_object()) {
        assets->get_object().erase("tour");
    }
    return make_answer(shown);
}

answer redeliver_order(sandbox_state& state, const call& c) {
    stored_order& order = need_order(state, c);
    parse_body(c.request);
    if (!is_delivered(order.status)) refuse(400, "The order has not been delivered.");
    state.orders.redeliver(order);
    return show_order(state, order);
}

answer get_combined_pdf(sandbox_state& state, const call& c) {
    const stored_order& order = need_order(state, c);
    if (!is_delivered(order.status)) refuse(404, "The order has not been delivered.");
    const std::string name = order.id + "/combined.pdf";
    if (!state.options.pdf_as_link) {
        const stored_file document = state.files.find(name);
        answer out;
        out.content_type = document.content_type;
        out.file = document.bytes;
        return out;
    }
    json::object link;
    link["url"] = state.orders.files_url() + name + link_query(order.delivery);
    return make_answer(link);
}

answer create_redraw(sandbox_state& state, const call& c) {
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    const order_form form = read_order_form(reader, form_kind::redraw);
    refuse_if(errors);

    json::object order = make_blank_order(state.orders.new_id(), state.orders.new_time(), "Pending");
    json::object& info = order.at("info").as_object();
    info["is_scan_order"] = false;
    if (!state.users.users().empty()) info["created_by"] = state.users.users().front().email;
    apply(form, order);
    return show_order(state, state.orders.add(std::move(order)));
}

}  // namespace cubicasa::testing::detail
