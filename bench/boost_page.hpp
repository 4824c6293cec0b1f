// A page of orders by way of Boost.JSON's DOM, in its default memory.
#pragma once

#include "map_order.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace bench {

class boost_node {
public:
    explicit boost_node(const boost::json::value* v) noexcept : value_(v) {}

    bool text(std::string& out) const {
        const auto* const s = value_ == nullptr ? nullptr : value_->if_string();
        if (s != nullptr) out.assign(s->data(), s->size());
        return s != nullptr;
    }
    bool number(double& out) const {
        if (value_ == nullptr || !value_->is_number()) return false;
        out = value_->to_number<double>();
        return true;
    }
    bool integer(std::int64_t& out) const {
        if (value_ == nullptr || !value_->is_int64()) return false;
        out = value_->get_int64();
        return true;
    }
    bool boolean(bool& out) const {
        if (value_ == nullptr || !value_->is_bool()) return false;
        out = value_->get_bool();
        return true;
    }
    bool raw(std::string& out) const {
        if (value_ != nullptr) out = boost::json::serialize(*value_);
        return value_ != nullptr;
    }

    class members {
    public:
        explicit members(const boost::json::object* o) noexcept : object_(o) {}
        explicit operator bool() const noexcept { return object_ != nullptr; }
        boost_node operator[](std::string_view name) const { return boost_node(object_->if_contains(name)); }

    private:
        const boost::json::object* object_;
    };
    members object() const noexcept { return members(value_ == nullptr ? nullptr : value_->if_object()); }

    std::size_t size_hint() const noexcept { return array() == nullptr ? 0 : array()->size(); }
    template <class F>
    bool elements(F f) const {
        if (array() == nullptr) return false;
        for (const auto& element : *array()) f(boost_node(&element));
        return true;
    }

private:
    const boost::json::array* array() const noexcept { return value_ == nullptr ? nullptr : value_->if_array(); }

    const boost::json::value* value_;
};

inline plain_page boost_page(std::string_view text) {
    const boost::json::value document = boost::json::parse(text);
    plain_page page;
    if (!read(boost_node(&document), page)) throw std::runtime_error("not a page");
    return page;
}

}  // namespace bench
