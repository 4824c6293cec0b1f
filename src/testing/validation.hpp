// Checking bodies and queries as the server does (contract 6.1). Includes Boost.JSON.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::testing::detail {

// Collects what is wrong with a request.
class complaints {
public:
    explicit complaints(std::string_view place) : place_(place) {}

    void add(std::string_view field, std::string_view message);
    // `loc` is the elements of the path to the field, as JSON: "order_preferences","style_2d"
    void add_at(std::string_view loc, std::string_view message);

    bool empty() const noexcept { return list_.empty(); }
    // {"validation_error": {"body_params": [{"loc": ["street"], "msg": "field required"}]}}
    std::string text() const;

private:
    std::string_view place_;
    std::string list_;
};

// Members of a body. Each adds to the complaints if the member is not what it should be.
class body_reader {
public:
    body_reader(const boost::json::object& body, complaints& errors) : body_(body), errors_(errors) {}

    bool contains(std::string_view name) const { return find(name) != nullptr; }

    // Null for a member that is absent, or null and not required.
    const boost::json::value* any(std::string_view name, bool required);
    std::optional<std::string> text(std::string_view name, bool required = false);
    std::optional<double> number(std::string_view name);
    std::optional<bool> boolean(std::string_view name);
    std::optional<std::vector<std::string>> texts(std::string_view name, bool required = false);
    // Reads the members of a member.
    std::optional<body_reader> nested(std::string_view name);

    // What is wrong with a member beyond its kind.
    void complain(std::string_view name, std::string_view message) { errors_.add_at(loc(name), message); }
    void complain(std::string_view name, std::size_t index, std::string_view message);

private:
    const boost::json::value* find(std::string_view name) const;
    std::string loc(std::string_view name) const;

    const boost::json::object& body_;
    complaints& errors_;
    std::string outer_;  // where the body itself is: "order_preferences",
};

std::string percent_decode(std::string_view text);
// In a query, unlike in a path, a plus sign is a blank.
std::string decode_query_part(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;
// Seconds with a fraction, to microseconds.
std::optional<std::int64_t> parse_time(std::string_view text) noexcept;

}  // namespace cubicasa::testing::detail
