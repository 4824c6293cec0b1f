// The operations of the group Orders (contract 3.15 to 3.20) and the files that orders refer to.
#include "routes.hpp"

#include "json_text.hpp"
#include "validation.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

constexpr std::string_view files_path = "/files/";
constexpr std::string_view orders_path = "/orders";

answer make_message(int status, std::string_view text, std::string_view member = "message") {
    answer out;
    out.status = status;
    out.body = "{\"";
    out.body.append(member).append("\":");
    append_json_string(out.body, text);
    out.body += '}';
    return out;
}

answer make_refusal(const complaints& errors) {
    answer out;
    out.status = 400;
    out.body = errors.text();
    return out;
}

std::string_view allowed_methods(route_id id) {
    switch (id) {
        case route_id::orders:
            return "GET, POST";
        case route_id::upgrade:
        case route_id::redeliver:
            return "POST";
        default:
            return "GET";
    }
}

std::string_view label_of(route_id id, std::string_view method) {
    switch (id) {
        case route_id::orders:
            return method == "POST" ? "POST /orders" : "GET /orders";
        case route_id::order:
            return "GET /orders/{id}";
        case route_id::upgrade:
            return "POST /orders/{order_id}/post-purchase";
        case route_id::redeliver:
            return "POST /orders/{order_id}/redeliver";
        case route_id::combined_pdf:
            return "GET /orders/{id}/combined-pdf";
        case route_id::file:
            return "GET /files";
        case route_id::unknown:
            break;
    }
    return "other";
}

// Calls f(name, value) for each pair of a query.
template <class F>
void for_each_parameter(std::string_view query, F f) {
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        f(percent_decode(pair.substr(0, equals)), percent_decode(pair.substr(std::min(equals + 1, pair.size()))));
    }
}

// The body as an object; otherwise `refusal` is set.
json::object parse_body(const request_view& request, std::optional<answer>& refusal) {
    const std::string_view type = request.content_type.substr(0, request.content_type.find(';'));
    if (type != "application/json") {
        refusal = make_message(415,
                               "Unsupported media type '" + std::string(request.content_type) +
                                   "' in request. 'application/json' is required.",
                               "detail");
        return {};
    }
    boost::system::error_code wrong;
    json::value body = json::parse(json::string_view(request.body.data(), request.body.size()), wrong);
    if (!wrong && body.is_object()) return std::move(body.get_object());
    complaints errors("body_params");
    errors.add("__root__", wrong ? "not valid JSON" : "value is not a valid dict");
    refusal = make_refusal(errors);
    return {};
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

json::array array_of(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& t : texts) out.emplace_back(t);
    return out;
}

bool contains(const std::vector<std::string>& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

std::size_t rank(std::string_view package) { return package == "plus_3d" ? 2 : package == "plus" ? 1 : 0; }

}  // namespace

route find_route(std::string_view method, std::string_view target) {
    route out;
    const std::size_t question = std::min(target.find('?'), target.size());
    out.path = target.substr(0, question);
    out.query = target.substr(std::min(question + 1, target.size()));
    out.relative = out.path;
    if (out.path.starts_with(files_path) && out.path.size() > files_path.size()) {
        out.id = route_id::file;
        out.argument = out.path.substr(files_path.size());
    } else if (out.path.starts_with(base_path)) {
        out.relative = out.path.substr(base_path.size());
        std::string_view rest = out.relative;
        if (rest == orders_path) {
            out.id = route_id::orders;
        } else if (rest.starts_with(orders_path) && rest.size() > orders_path.size() + 1 &&
                   rest[orders_path.size()] == '/') {
            rest.remove_prefix(orders_path.size() + 1);
            const std::size_t slash = std::min(rest.find('/'), rest.size());
            const std::string_view tail = rest.substr(slash);
            if (tail.empty()) out.id = route_id::order;
            if (tail == "/post-purchase") out.id = route_id::upgrade;
            if (tail == "/redeliver") out.id = route_id::redeliver;
            if (tail == "/combined-pdf") out.id = route_id::combined_pdf;
            out.argument = percent_decode(rest.substr(0, slash));
        }
    }
    out.method_allowed = out.id != route_id::unknown && allowed_methods(out.id).find(method) != std::string_view::npos;
    out.label = label_of(out.method_allowed ? out.id : route_id::unknown, method);
    return out;
}

router::router(const sandbox_options& options, std::string files_url)
    : options_(options), orders_(options.orders, options.examples, std::move(files_url)) {}

answer router::handle(const route& where, const request_view& request) {
    if (where.id == route_id::unknown) return make_message(404, "There is nothing at this path.");
    if (!where.method_allowed) {
        answer out = make_message(405, "The method is not allowed for this path.");
        out.allow = allowed_methods(where.id);
        return out;
    }
    if (where.id == route_id::file) return make_file(where.argument);
    if (request.api_key.empty()) return make_message(401, "The API key is missing.");
    if (request.api_key != options_.api_key) return make_message(401, "The API key is not valid.");
    if (where.id == route_id::orders) return request.method == "POST" ? create_redraw(request) : list(where);

    stored_order* const order = orders_.find(where.argument);
    if (order == nullptr) return make_message(404, "There is no such order.");
    switch (where.id) {
        case route_id::upgrade:
            return upgrade(*order, request);
        case route_id::redeliver:
            return redeliver(*order, request);
        case route_id::combined_pdf:
            return combined_pdf(*order);
        default:
            break;
    }
    answer out;
    orders_.append_text(out.body, *order);
    return out;
}

answer router::list(const route& where) const {
    order_filter filter;
    std::int64_t limit = 20;
    std::int64_t offset = 0;
    complaints errors("query_params");
    for_each_parameter(where.query, [&](const std::string& name, std::string value) {
        const auto integer = [&](std::int64_t& out, std::int64_t least, std::string_view complaint) {
            const auto number = parse_integer(value);
            if (!number) return errors.add(name, "value is not a valid integer");
            if (*number < least) return errors.add(name, complaint);
            out = *number;
        };
        const auto time = [&](std::optional<std::int64_t>& out) {
            out = parse_time(value);
            if (!out) errors.add(name, "value is not a valid float");
        };
        if (name == "limit") integer(limit, 1, "ensure this value is greater than 0");
        if (name == "offset") integer(offset, 0, "ensure this value is greater than or equal to 0");
        if (name == "created_before") time(filter.created_before);
        if (name == "created_after") time(filter.created_after);
        if (name == "status") filter.status.push_back(value);
        if (name == "user_email") filter.user_email = value;
        if (name == "user_id") filter.user_id = value;
        if (name == "office") filter.office = value;
        if (name == "office_id") filter.office_id = value;
    });
    if (!errors.empty()) return make_refusal(errors);

    limit = std::min<std::int64_t>(limit, static_cast<std::int64_t>(std::max<std::size_t>(options_.page_limit_max, 1)));
    offset = std::min(offset, std::numeric_limits<std::int64_t>::max() / 2);
    std::int64_t start = offset;
    std::int64_t next = offset + limit;
    if (options_.paging == paging_style::from_one) {
        start = std::max<std::int64_t>(offset, 1) - 1;
        next = start + 1 + limit;
    } else if (options_.paging == paging_style::skipping) {
        ++next;
    }

    std::string items;
    items.reserve(static_cast<std::size_t>(limit) * 1024);
    const bool more =
        orders_.append_page(items, filter, static_cast<std::uint64_t>(start), static_cast<std::uint64_t>(limit));
    answer out;
    out.body.reserve(items.size() + 128);
    out.body.append("{\"pagination\":{\"has_more\":").append(more ? "true" : "false");
    out.body.append(",\"limit\":").append(std::to_string(limit));
    out.body.append(",\"next_offset\":").append(std::to_string(next));
    out.body.append(",\"previous_offset\":").append(std::to_string(std::max<std::int64_t>(offset - limit, 0)));
    out.body.append("},\"items\":[").append(items).append("]}");
    return out;
}

answer router::upgrade(stored_order& order, const request_view& request) {
    std::optional<answer> refusal;
    const json::object body = parse_body(request, refusal);
    if (refusal) return *refusal;

    complaints errors("body_params");
    body_reader reader(body, errors);
    if (!body.contains("package_type")) errors.add("package_type", "field required");
    const std::optional<std::string> package = reader.text("package_type");
    const std::vector<std::string> wanted = reader.texts("add_ons", true).value_or(std::vector<std::string>());
    if (errors.empty() && !package && wanted.empty()) errors.add("__root__", "nothing to purchase");

    std::string before;
    orders_.append_text(before, order);
    json::object all = json::parse(before).as_object();
    json::object no_product;
    json::value* const found = all.at("info").as_object().if_contains("product");
    json::object& product = found != nullptr && found->is_object() ? found->get_object() : no_product;
    std::vector<std::string> packages = texts_of(product, "purchasable_package_types");
    std::vector<std::string> purchasable = texts_of(product, "purchasable_add_ons");
    if (package && !contains(packages, *package)) errors.add("package_type", "not purchasable for this order");
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!contains(purchasable, wanted[i])) errors.add("add_ons", i, "not purchasable for this order");
    }
    if (!errors.empty()) return make_refusal(errors);

    if (package) {
        product["package_type"] = *package;
        std::erase_if(packages, [&](const std::string& p) { return rank(p) <= rank(*package); });
        product["purchasable_package_types"] = array_of(packages);
    }
    std::vector<std::string> bought = texts_of(product, "add_ons");
    for (const std::string& a : wanted) {
        std::erase(purchasable, a);
        if (!contains(bought, a)) bought.push_back(a);
    }
    product["add_ons"] = array_of(bought);
    product["purchasable_add_ons"] = array_of(purchasable);
    orders_.document(order) = all;
    orders_.changed(order);

    // The documented answer lacks these two.
    all.at("info").as_object().erase("model_id");
    if (json::value* const assets = all.if_contains("delivery_assets"); assets != nullptr && assets->is_object()) {
        assets->get_object().erase("tour");
    }
    answer out;
    append_json(out.body, all);
    return out;
}

answer router::redeliver(stored_order& order, const request_view& request) {
    std::optional<answer> refusal;
    parse_body(request, refusal);
    if (refusal) return *refusal;
    if (!is_delivered(order.status)) return make_message(400, "The order has not been delivered.");
    orders_.redeliver(order);
    answer out;
    orders_.append_text(out.body, order);
    return out;
}

answer router::combined_pdf(const stored_order& order) const {
    if (!is_delivered(order.status)) return make_message(404, "The order has not been delivered.");
    const std::string name = order.id + "/combined.pdf";
    if (!options_.pdf_as_link) return make_file(name);
    answer out;
    out.body = "{\"url\":\"" + orders_.files_url() + name + "\"}";
    return out;
}

answer router::create_redraw(const request_view& request) {
    std::optional<answer> refusal;
    const json::object body = parse_body(request, refusal);
    if (refusal) return *refusal;

    // In the order of the captured answer.
    complaints errors("body_params");
    body_reader reader(body, errors);
    const auto street = reader.text("street", true);
    const auto city = reader.text("city", true);
    const auto country = reader.text("country", true);
    const auto info_text = reader.text("info");
    reader.any("source", true);
    const auto suite = reader.text("suite");
    const auto state = reader.text("state");
    const auto postal_code = reader.text("postalCode");
    const auto external_id = reader.text("external_id");
    const auto package = reader.text("package_type");
    const auto latitude = reader.number("latitude");
    const auto longitude = reader.number("longitude");
    const auto add_ons = reader.texts("add_ons");
    if (!errors.empty()) return make_refusal(errors);

    const std::vector<std::string> bought = add_ons.value_or(std::vector<std::string>());
    json::array purchasable;
    for (const char* const a : {"gla", "3d_cad_files", "express_sla"}) {
        if (!contains(bought, a)) purchasable.emplace_back(a);
    }
    json::array packages;
    for (const char* const p : {"plus", "plus_3d"}) {
        if (rank(p) > rank(package.value_or("base"))) packages.emplace_back(p);
    }
    json::object product;
    product["add_ons"] = array_of(bought);
    product["over_limits"] = json::array();
    product["package_type"] = package.value_or("base");
    product["purchasable_add_ons"] = std::move(purchasable);
    product["purchasable_package_types"] = std::move(packages);

    const std::string line = *street + (suite ? " " + *suite : std::string()) + " " + *city;
    json::object info;
    info["status"] = "Pending";
    info["created_by"] = make_account(0).email;
    info["location"] = line;
    info["order_type"] = "vbim";
    info["first_delivered_at"] = nullptr;
    info["created_at"] = static_cast<double>(orders_.new_time()) / 1e6;
    info["is_scan_order"] = false;
    info["total_scanned_area"] = 0;
    info["go2scan"] = nullptr;
    info["external_id"] = external_id ? json::value(*external_id) : json::value(nullptr);
    info["add_info"] = info_text.value_or("");
    info["style_template"] = nullptr;
    info["model_id"] = nullptr;
    info["product"] = std::move(product);

    json::object address;
    address["city"] = *city;
    address["country"] = *country;
    address["full_address"] = *street + ", " + *city + ", " + *country;
    address["latitude"] = latitude.value_or(0.0);
    address["longitude"] = longitude.value_or(0.0);
    address["number"] = "";
    address["postalCode"] = postal_code.value_or("");
    address["state"] = state.value_or("");
    address["street"] = *street;
    address["suite"] = suite.value_or("");

    json::object order;
    order["id"] = orders_.new_id();
    order["info"] = std::move(info);
    order["address"] = std::move(address);
    order["delivery_assets"] = nullptr;
    answer out;
    orders_.append_text(out.body, orders_.put(std::move(order)));
    return out;
}

}  // namespace cubicasa::testing::detail
