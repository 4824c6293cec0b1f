// What a careful user of a JSON library writes by hand to fill plain_order.hpp, written once for all of them. Members
// that are absent, null or of another kind keep their defaults, as in this library.
//
// A library takes part with a `node`, one value or none, that has
// - text, number, integer, boolean, raw: each stores the value and tells whether it is one;
// - object(), convertible to bool, with [name], which gives a node;
// - elements(f), which calls f(node) for each element and tells whether the value is an array;
// - size_hint(), how many elements that will be, as far as it is known for nothing.
// Members are asked for in the order in which the server sends them, the best one for readers that only go forward.
#pragma once

#include "plain_order.hpp"

#include <cmath>
#include <string_view>
#include <type_traits>
#include <utility>

namespace bench {

template <class Node>
bool read(Node n, std::string& out) {
    return n.text(out);
}
template <class Node>
bool read(Node n, double& out) {
    return n.number(out);
}
template <class Node>
bool read(Node n, std::int64_t& out) {
    return n.integer(out);
}
template <class Node>
bool read(Node n, bool& out) {
    return n.boolean(out);
}
template <class Node>
bool read(Node n, plain_raw& out) {
    return n.raw(out.text);
}
template <class Node>
bool read(Node n, timestamp& out) {
    double seconds = 0;
    if (!n.number(seconds)) return false;
    out = timestamp(std::chrono::microseconds(std::llround(seconds * 1e6)));
    return true;
}

template <class Node, class T>
bool read(Node n, std::optional<T>& out);
template <class Node, class T>
bool read(Node n, std::vector<T>& out);

template <class Node>
bool read(Node n, plain_style_template& out) {
    auto o = n.object();
    if (!o) return false;
    read(o["id"], out.id);
    read(o["name"], out.name);
    read(o["preview_colors"], out.preview_colors);
    return true;
}

template <class Node>
bool read(Node n, plain_product& out) {
    auto o = n.object();
    if (!o) return false;
    read(o["add_ons"], out.add_ons);
    read(o["over_limits"], out.over_limits);
    read(o["package_type"], out.package_type);
    read(o["purchasable_add_ons"], out.purchasable_add_ons);
    read(o["purchasable_package_types"], out.purchasable_package_types);
    return true;
}

template <class Node>
bool read(Node n, plain_info& out) {
    auto o = n.object();
    if (!o) return false;
    read(o["status"], out.status);
    read(o["created_by"], out.created_by);
    read(o["location"], out.location);
    read(o["order_type"], out.order_type);
    read(o["first_delivered_at"], out.first_delivered_at);
    read(o["created_at"], out.created_at);
    read(o["is_scan_order"], out.is_scan_order);
    read(o["total_scanned_area"], out.total_scanned_area);
    read(o["go2scan"], out.go2scan);
    read(o["external_id"], out.external_id);
    read(o["add_info"], out.add_info);
    read(o["style_template"], out.style_template);
    read(o["product"], out.product);
    read(o["model_id"], out.model_id);
    return true;
}

template <class Node>
bool read(Node n, plain_address& out) {
    auto o = n.object();
    if (!o) return false;
    read(o["city"], out.city);
    read(o["country"], out.country);
    read(o["full_address"], out.full_address);
    read(o["latitude"], out.latitude);
    read(o["longitude"], out.longitude);
    read(o["number"], out.number);
    read(o["postalCode"], out.postal_code);
    read(o["state"], out.state);
    read(o["street"], out.street);
    read(o["suite"], out.suite);
    return true;
}

template <class Node>
bool read(Node n, plain_order& out) {
    auto o = n.object();
    if (!o) return false;
    read(o["id"], out.id);
    read(o["info"], out.info);
    read(o["address"], out.address);
    return true;
}

template <class Node>
bool read(Node n, plain_pagination& out) {
    auto o = n.object();
    if (!o) return false;
    read(o["has_more"], out.has_more);
    read(o["limit"], out.limit);
    read(o["next_offset"], out.next_offset);
    read(o["previous_offset"], out.previous_offset);
    return true;
}

template <class Node>
bool read(Node n, plain_page& out) {
    auto o = n.object();
    if (!o) return false;
    read(o["pagination"], out.pagination);
    read(o["items"], out.items);
    return true;
}

template <class Node, class T>
bool read(Node n, std::optional<T>& out) {
    if (!read(n, out.emplace())) out.reset();
    return out.has_value();
}

template <class Node, class T>
bool read(Node n, std::vector<T>& out) {
    out.reserve(n.size_hint());
    return n.elements([&](Node element) {
        if (!read(element, out.emplace_back())) out.pop_back();
    });
}

}  // namespace bench
