// The requests of the group Orders (contract 3.15 to 3.20). Includes only models and detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>
#include <cubicasa/models/combined_pdf.hpp>
#include <cubicasa/models/enumerations.hpp>
#include <cubicasa/models/order.hpp>
#include <cubicasa/models/page.hpp>

namespace cubicasa {

// GET /orders: the company's orders, without `delivery_assets` (contract 3.15). Every filter is optional.
class list_orders {
public:
    using response = page<order>;
    using item = order;
    static constexpr std::string_view name = "list_orders";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/orders";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    list_orders() {}

    std::optional<timestamp> created_before;  // sent as Unix seconds: the format is inferred
    std::optional<timestamp> created_after;
    std::string user_id;
    std::string user_email;
    std::string office;  // its name
    std::string office_id;
    std::vector<order_status> status;    // any of these
    std::optional<std::int64_t> limit;   // records in a page; the server's default is 20
    std::optional<std::int64_t> offset;  // 0, or the `next_offset` of the page before

    friend void encode(const list_orders& r, wire_request& w) {
        if (r.created_before) w.query("created_before", detail::unix_seconds(*r.created_before));
        if (r.created_after) w.query("created_after", detail::unix_seconds(*r.created_after));
        if (!r.user_id.empty()) w.query("user_id", r.user_id);
        if (!r.user_email.empty()) w.query("user_email", r.user_email);
        if (!r.office.empty()) w.query("office", r.office);
        if (!r.office_id.empty()) w.query("office_id", r.office_id);
        for (const auto& s : r.status) {
            w.require("status", s.str());
            w.query("status", s.str());
        }
        w.page(r.limit, r.offset);
    }
};

// GET /orders/{id}: one order with its `delivery_assets` (contract 3.16).
class get_order {
public:
    using response = order;
    static constexpr std::string_view name = "get_order";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/orders/{id}";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    get_order() {}
    explicit get_order(std::string order_id) : id(std::move(order_id)) {}

    std::string id;

    friend void encode(const get_order& r, wire_request& w) { w.argument("id", r.id); }
};

// POST /orders/{order_id}/post-purchase: buys a better package or add-ons (contract 3.17). Costs money. The order's
// `info.product.purchasable_package_types` and `purchasable_add_ons` tell what can be bought.
class upgrade_order {
public:
    using response = order;
    static constexpr std::string_view name = "upgrade_order";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/orders/{order_id}/post-purchase";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    upgrade_order() {}
    explicit upgrade_order(std::string order_id) : id(std::move(order_id)) {}

    std::string id;
    std::optional<cubicasa::package_type> package_type;  // unset: sent as null, the package stays
    std::vector<add_on> add_ons;                         // needed when there is no package_type

    friend constexpr auto members_of(const upgrade_order*) {
        return member_table(member<&upgrade_order::package_type>("package_type"),
                            member<&upgrade_order::add_ons>("add_ons"));
    }

    friend void encode(const upgrade_order& r, wire_request& w) {
        w.argument("order_id", r.id);
        if (r.package_type) w.require("package_type", r.package_type->str());
        for (const auto& a : r.add_ons) w.require("add_ons", a.str());
        if (!r.package_type && r.add_ons.empty())
            w.refuse("package_type", "neither a package nor an add-on is asked for");
        detail::set_body(w, r);
    }
};

// POST: delivers an order again with other styles (contract 3.18). Path, body and answer are not public.
class redeliver_order {
public:
    using response = raw_json;
    static constexpr std::string_view name = "redeliver_order";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/orders/{order_id}/redeliver";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    redeliver_order() {}
    redeliver_order(std::string order_id, raw_json json) : id(std::move(order_id)), body(std::move(json)) {}

    std::string id;
    raw_json body;  // JSON text, required

    friend void encode(const redeliver_order& r, wire_request& w) {
        w.argument("order_id", r.id);
        detail::set_raw_body(w, "body", r.body);
    }
};

// GET /orders/{id}/combined-pdf: the PDF document, or a link to it (contract 3.19).
class get_combined_pdf {
public:
    using response = combined_pdf;
    static constexpr std::string_view name = "get_combined_pdf";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/orders/{id}/combined-pdf";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::observed;

    get_combined_pdf() {}
    explicit get_combined_pdf(std::string order_id) : id(std::move(order_id)) {}

    std::string id;

    friend void encode(const get_combined_pdf& r, wire_request& w) { w.argument("id", r.id); }

    // By Content-Type: JSON with a link, or else PDF bytes. Errors: empty_body, html_instead_of_json, malformed_json,
    // unexpected_answer.
    static result<combined_pdf> decode(const raw_response& answer);
};

// POST /orders: orders a redraw of a drawing (contract 3.20). Costs money. That it is this operation is inferred.
class create_redraw {
public:
    using response = order;
    static constexpr std::string_view name = "create_redraw";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/orders";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::observed;

    create_redraw() {}
    create_redraw(std::string street_line, std::string city_name, std::string country_name, raw_json drawing)
        : street(std::move(street_line)),
          city(std::move(city_name)),
          country(std::move(country_name)),
          source(std::move(drawing)) {}
    create_redraw(std::string street_line, std::string city_name, std::string country_name,
                  std::string_view drawing_url)
        : create_redraw(std::move(street_line), std::move(city_name), std::move(country_name),
                        raw_json::from_string(drawing_url)) {}

    std::string street;
    std::string city;
    std::string country;  // its name: "United States"
    raw_json source;      // required, of a type that is not public: raw_json::from_string(url) for a URL
    field<std::string> info;
    field<std::string> suite;
    field<std::string> state;
    field<std::string> postal_code;
    field<double> latitude;   // degrees
    field<double> longitude;  // degrees
    field<std::string> external_id;
    field<cubicasa::package_type> package_type;
    field<std::vector<add_on>> add_ons;

    friend constexpr auto members_of(const create_redraw*) {
        using t = create_redraw;
        return member_table(member<&t::street>("street"), member<&t::suite>("suite"), member<&t::city>("city"),
                            member<&t::state>("state"), member<&t::country>("country"),
                            member<&t::postal_code>("postalCode"), member<&t::info>("info"),
                            member<&t::source>("source"), member<&t::latitude>("latitude"),
                            member<&t::longitude>("longitude"), member<&t::external_id>("external_id"),
                            member<&t::package_type>("package_type"), member<&t::add_ons>("add_ons"));
    }

    friend void encode(const create_redraw& r, wire_request& w) {
        w.require("street", r.street);
        w.require("city", r.city);
        w.require("country", r.country);
        const bool no_source = r.source.is_null() || r.source.text == R"("")";
        w.require("source", no_source ? std::string_view() : std::string_view(r.source.text));
        detail::set_body(w, r);
    }
};

}  // namespace cubicasa
