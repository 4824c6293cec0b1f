// How the plans of a draft are to look (contract 4.4). Includes only detail/members.hpp.
#pragma once

#include <cubicasa/detail/members.hpp>

namespace cubicasa {

// None of these is an aggregate: they are passed into calls (g++ 12 and co_await, see README).

class style_2d {
public:
    style_2d() {}
    field<std::string> style_template_id;  // `style_template::id` of an order, as is inferred
    field<std::string> add_info;

    friend bool operator==(const style_2d&, const style_2d&) = default;
};

class video_style {
public:
    video_style() {}
    field<std::string> speed;   // values are not public
    field<std::string> layout;  // values are not public

    friend bool operator==(const video_style&, const video_style&) = default;
};

class style_3d {
public:
    style_3d() {}
    field<video_style> video;
    field<std::string> furniture_set;  // values are not public
    field<bool> include_basement;
    field<std::string> add_info;

    friend bool operator==(const style_3d&, const style_3d&) = default;
};

class order_preferences {
public:
    order_preferences() {}
    field<cubicasa::style_2d> style_2d;
    field<cubicasa::style_3d> style_3d;

    friend bool operator==(const order_preferences&, const order_preferences&) = default;
};

constexpr auto members_of(const style_2d*) {
    using t = style_2d;
    return member_table(member<&t::style_template_id>("style_template_id"), member<&t::add_info>("add_info"));
}

constexpr auto members_of(const video_style*) {
    return member_table(member<&video_style::speed>("speed"), member<&video_style::layout>("layout"));
}

constexpr auto members_of(const style_3d*) {
    using t = style_3d;
    return member_table(member<&t::video>("video"), member<&t::furniture_set>("furniture_set"),
                        member<&t::include_basement>("include_basement"), member<&t::add_info>("add_info"));
}

constexpr auto members_of(const order_preferences*) {
    using t = order_preferences;
    return member_table(member<&t::style_2d>("style_2d"), member<&t::style_3d>("style_3d"));
}

}  // namespace cubicasa
