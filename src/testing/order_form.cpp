// Orders from flat bodies.
#include "order_form.hpp"

#include "answer.hpp"
#include "moment.hpp"

#include <algorithm>
#include <initializer_list>

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

// Only their kinds are checked: the order does not show them.
void check_preferences(body_reader& reader) {
    auto preferences = reader.nested("order_preferences");
    if (!preferences) return;
    if (auto flat = preferences->nested("style_2d")) {
        flat->text("style_template_id");
        flat->text("add_info");
    }
    if (auto spatial = preferences->nested("style_3d")) {
        if (auto video = spatial->nested("video")) {
            video->text("speed");
            video->text("layout");
        }
        spatial->text("furniture_set");
        spatial->boolean("include_basement");
        spatial->text("add_info");
    }
}

std::string join(std::initializer_list<std::string_view> parts, std::string_view separator) {
    std::string out;
    for (const std::string_view part : parts) {
        if (part.empty()) continue;
        if (!out.empty()) out += separator;
        out += part;
    }
    return out;
}

template <class Value>
void set_if(json::object& object, json::string_view name, const std::optional<Value>& value) {
    if (value) object[name] = *value;
}

// What is left to buy beside the package and the add-ons.
void set_purchasable(json::object& product) {
    const json::array& bought = product.at("add_ons").as_array();
    json::array add_ons;
    for (const char* const a : {"gla", "3d_cad_files", "express_sla"}) {
        if (std::find(bought.begin(), bought.end(), json::value(a)) == bought.end()) add_ons.emplace_back(a);
    }
    const json::string& package = product.at("package_type").as_string();
    const std::size_t rank = package_rank(std::string_view(package.data(), package.size()));
    json::array packages;
    for (const char* const p : {"plus", "plus_3d"}) {
        if (package_rank(p) > rank) packages.emplace_back(p);
    }
    product["purchasable_add_ons"] = std::move(add_ons);
    product["purchasable_package_types"] = std::move(packages);
}

}  // namespace

std::size_t package_rank(std::string_view package) noexcept {
    return package == "plus_3d" ? 2 : package == "plus" ? 1 : 0;
}

order_form read_order_form(body_reader& reader, form_kind kind) {
    // In the order of the captured answer.
    order_form out;
    out.street = reader.text("street", true).value_or("");
    out.city = reader.text("city", true).value_or("");
    out.country = reader.text("country", true).value_or("");
    out.info = reader.text("info");
    if (kind == form_kind::redraw) reader.any("source", true);
    out.suite = reader.text("suite");
    out.state = reader.text("state");
    out.postal_code = reader.text("postalCode");
    out.external_id = reader.text("external_id");
    if (kind == form_kind::draft) out.owner_email = reader.text("owner_email", true);
    out.package_type = reader.text("package_type");
    out.latitude = reader.number("latitude");
    out.longitude = reader.number("longitude");
    out.add_ons = reader.texts("add_ons");
    check_preferences(reader);
    return out;
}

json::object make_blank_order(std::string_view id, std::int64_t created_at, std::string_view status) {
    json::object product;
    product["add_ons"] = json::array();
    product["over_limits"] = json::array();
    product["package_type"] = "base";
    set_purchasable(product);

    json::object info;
    info["status"] = json::string_view(status.data(), status.size());
    info["created_by"] = nullptr;
    info["location"] = "";
    info["order_type"] = "vbim";
    info["first_delivered_at"] = nullptr;
    info["created_at"] = to_seconds(created_at);
    info["is_scan_order"] = true;
    info["total_scanned_area"] = 0;
    info["go2scan"] = nullptr;
    info["external_id"] = nullptr;
    info["add_info"] = "";
    info["style_template"] = nullptr;
    info["model_id"] = nullptr;
    info["product"] = std::move(product);

    json::object address;
    for (const char* const name : {"city", "country", "full_address"}) address[name] = "";
    address["latitude"] = 0.0;
    address["longitude"] = 0.0;
    for (const char* const name : {"number", "postalCode", "state", "street", "suite"}) address[name] = "";

    json::object out;
    out["id"] = json::string_view(id.data(), id.size());
    out["info"] = std::move(info);
    out["address"] = std::move(address);
    out["delivery_assets"] = nullptr;
    return out;
}

void apply(const order_form& form, json::object& order) {
    json::object& address = order.at("address").as_object();
    address["street"] = form.street;
    address["city"] = form.city;
    address["country"] = form.country;
    address["full_address"] = join({form.street, form.city, form.country}, ", ");
    set_if(address, "suite", form.suite);
    set_if(address, "state", form.state);
    set_if(address, "postalCode", form.postal_code);
    set_if(address, "latitude", form.latitude);
    set_if(address, "longitude", form.longitude);

    json::object& info = order.at("info").as_object();
    const json::string& suite = address["suite"].as_string();
    info["location"] = join({form.street, std::string_view(suite.data(), suite.size()), form.city}, " ");
    set_if(info, "created_by", form.owner_email);
    set_if(info, "external_id", form.external_id);
    set_if(info, "add_info", form.info);

    if (!form.package_type && !form.add_ons) return;
    json::object& product = info["product"].as_object();
    set_if(product, "package_type", form.package_type);
    if (form.add_ons) product["add_ons"] = array_of(*form.add_ons);
    set_purchasable(product);
}

}  // namespace cubicasa::testing::detail
