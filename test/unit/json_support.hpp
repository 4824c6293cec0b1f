// What the tests of JSON share: data files, and comparison of documents by value. For tests only.
#pragma once

#include <cubicasa/detail/json.hpp>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

namespace cubicasa {
inline std::ostream& boost_test_print_type(std::ostream& out, errc e) { return out << make_error_code(e).message(); }
}  // namespace cubicasa

namespace cubicasa::test {

namespace json = boost::json;

inline std::string data_file(const std::string& name) {
    std::ifstream in(CUBICASA_TEST_DATA "/" + name, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(in, "cannot read " << name);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

// All of them.
inline std::vector<std::string> examples() {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(CUBICASA_TEST_DATA)) {
        if (entry.path().extension() == ".json") out.push_back(data_file(entry.path().filename().string()));
    }
    BOOST_REQUIRE(out.size() >= 20);
    return out;
}

inline json::value parsed(std::string_view text) { return json::parse({text.data(), text.size()}); }

// True when everything that `part` says is in `whole`, and arrays have the same length. 10 and 10.0 are the same. With
// `null_is_empty` a null in `part` may be [], {} (with anything in it) or "" in `whole`.
inline bool contains(const json::value& whole, const json::value& part, bool null_is_empty = false) {
    if (part.is_number()) return whole.is_number() && whole.to_number<double>() == part.to_number<double>();
    if (part.is_null() && null_is_empty && !whole.is_number() && !whole.is_bool()) return true;
    if (const auto* object = part.if_object()) {
        if (!whole.is_object()) return false;
        for (const auto& member : *object) {
            const auto* found = whole.get_object().if_contains(member.key());
            if (found == nullptr || !contains(*found, member.value(), null_is_empty)) return false;
        }
        return true;
    }
    if (const auto* array = part.if_array()) {
        if (!whole.is_array() || whole.get_array().size() != array->size()) return false;
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (!contains(whole.get_array()[i], (*array)[i], null_is_empty)) return false;
        }
        return true;
    }
    return whole == part;
}

// The same documents, whatever the order of members.
inline bool same_json(std::string_view a, std::string_view b) {
    const auto x = parsed(a);
    const auto y = parsed(b);
    return contains(x, y) && contains(y, x);
}

// A good answer decoded; fails the test when it is not good.
template <class T>
T decoded(std::string_view body) {
    auto r = detail::decode_json<T>(body);
    BOOST_REQUIRE_MESSAGE(r.has_value(), r.error().describe());
    return std::move(*r);
}

// The error of a bad answer; fails the test when it is good.
template <class T>
error refused(std::string_view body) {
    auto r = detail::decode_json<T>(body);
    BOOST_REQUIRE_MESSAGE(r.has_error(), "decoded without an error");
    return r.error();
}

}  // namespace cubicasa::test
