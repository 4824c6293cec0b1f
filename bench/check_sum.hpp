// One number made of every text, number and flag of a page of orders, and of what is unset. It is the same for this
// library's models and for plain_order.hpp, so that programs can be seen to have filled the same members.
#pragma once

#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bench {

// FNV-1a.
class check_sum {
public:
    std::uint64_t value() const noexcept { return value_; }

    void add(std::string_view text) noexcept {
        add(static_cast<std::int64_t>(text.size()));
        for (const char c : text) mix(static_cast<unsigned char>(c));
    }
    void add(std::int64_t number) noexcept {
        for (int shift = 0; shift < 64; shift += 8) mix(static_cast<unsigned char>(number >> shift));
    }
    void add(bool flag) noexcept { mix(flag ? 1 : 2); }
    // To the millionth, which is all that the server sends: readers may differ in the last bit.
    void add(double number) noexcept { add(static_cast<std::int64_t>(std::llround(number * 1e6))); }
    void add(std::chrono::sys_time<std::chrono::microseconds> t) noexcept {
        add(static_cast<std::int64_t>(t.time_since_epoch().count()));
    }
    // An open enumeration.
    template <class T>
    requires requires(const T& t) {
        { t.str() } -> std::same_as<std::string_view>;
    }
    void add(const T& value) noexcept { add(value.str()); }
    // Raw JSON.
    template <class T>
    requires requires(const T& t) { std::string_view(t.text); }
    void add(const T& value) noexcept { add(std::string_view(value.text)); }
    template <class T>
    void add(const std::optional<T>& value) noexcept {
        mix(value ? 3 : 4);
        if (value) add(*value);
    }
    template <class T>
    void add(const std::vector<T>& values) noexcept {
        add(static_cast<std::int64_t>(values.size()));
        for (const T& value : values) add(value);
    }
    template <class T>
    requires requires(const T& t) { t.preview_colors; }
    void add(const T& style) noexcept { all(style.id, style.name, style.preview_colors); }
    template <class T>
    requires requires(const T& t) { t.info; }
    void add(const T& order) noexcept {
        const auto& i = order.info;
        const auto& p = i.product;
        const auto& a = order.address;
        all(order.id, i.status, i.created_by, i.location, i.order_type, i.first_delivered_at, i.created_at,
            i.is_scan_order, i.total_scanned_area, i.go2scan, i.external_id, i.add_info, i.style_template, i.model_id);
        all(p.package_type, p.add_ons, p.over_limits, p.purchasable_add_ons, p.purchasable_package_types);
        all(a.city, a.country, a.full_address, a.latitude, a.longitude, a.number, a.postal_code, a.state, a.street,
            a.suite);
    }
    template <class T>
    requires requires(const T& t) { t.items; }
    void add(const T& page) noexcept {
        const auto& p = page.pagination;
        all(p.has_more, p.limit, p.next_offset, p.previous_offset, page.items);
    }

private:
    template <class... T>
    void all(const T&... values) noexcept {
        (add(values), ...);
    }
    void mix(unsigned char c) noexcept { value_ = (value_ ^ c) * 0x100000001b3; }

    std::uint64_t value_ = 0xcbf29ce484222325;
};

template <class T>
std::uint64_t check_sum_of(const T& value) noexcept {
    check_sum sum;
    sum.add(value);
    return sum.value();
}

}  // namespace bench
