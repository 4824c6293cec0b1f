// Every kind of value in every place of the documented answers: all the rest must be read as before.
#include "json_support.hpp"

#include <cubicasa/models/order.hpp>
#include <cubicasa/models/page.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(json_survival)

using namespace cubicasa;
using namespace cubicasa::test;
using detail::decode_json;

namespace {

// Every place in a document, as JSON pointers.
void places(const json::value& v, const std::string& here, std::vector<std::string>& out) {
    if (!here.empty()) out.push_back(here);
    if (const auto* o = v.if_object()) {
        for (const auto& m : *o) places(m.value(), here + "/" + std::string(m.key()), out);
    } else if (const auto* a = v.if_array()) {
        for (std::size_t i = 0; i < a->size(); ++i) places((*a)[i], here + "/" + std::to_string(i), out);
    }
}

// The document with another value at a place, or without the place.
std::string changed(json::value v, const std::string& place, const json::value* with) {
    const std::size_t slash = place.rfind('/');
    json::error_code ec;
    json::value& outer = slash == 0 ? v : *v.find_pointer(place.substr(0, slash), ec);
    const std::string last = place.substr(slash + 1);
    if (auto* o = outer.if_object()) {
        if (with != nullptr) {
            (*o)[last] = *with;
        } else {
            o->erase(last);
        }
    } else {
        auto& a = outer.get_array();
        const auto at = a.begin() + std::stol(last);
        if (with != nullptr) {
            *at = *with;
        } else {
            a.erase(at);
        }
    }
    return json::serialize(v);
}

bool is_id_of_order(const std::string& place) {
    return place == "/id" ||
           (place.starts_with("/items/") && place.ends_with("/id") && place.find("info") == std::string::npos);
}

// Puts every kind of value in every place; all the rest must be read as before.
template <class T>
int survive_everything(const std::string& file) {
    const auto good = parsed(data_file(file));
    const auto before = parsed(detail::encode_json(decoded<T>(json::serialize(good))));
    std::vector<std::string> all;
    places(good, "", all);
    const json::value others[] = {nullptr,
                                  7,
                                  7.25,
                                  "\\\"text\"",
                                  true,
                                  parsed("[null,[1],{\"id\":[]},\"x\",2.5]"),
                                  parsed("{\"id\":{\"id\":[{}]},\"x\":[1,{}]}"),
                                  json::array(),
                                  json::object(),
                                  ""};
    int tried = 0;
    for (const auto& place : all) {
        std::vector<const json::value*> replacements{nullptr};
        for (const auto& other : others) replacements.push_back(&other);
        for (const auto* replacement : replacements) {
            ++tried;
            const std::string body = changed(good, place, replacement);
            const auto r = decode_json<T>(body);
            const bool text = replacement != nullptr && replacement->is_string() && !replacement->get_string().empty();
            if (is_id_of_order(place) && !text) {
                BOOST_REQUIRE_MESSAGE(r.has_error() && r.error() == errc::missing_member && r.error().message == place,
                                      body);
                continue;
            }
            // An object in the place of an order is an order without an id.
            if (place.starts_with("/items/") && place.rfind('/') == 6 && replacement != nullptr &&
                replacement->is_object()) {
                BOOST_REQUIRE_MESSAGE(r.has_error() && r.error() == errc::missing_member, body);
                continue;
            }
            if (place == "/items" && replacement != nullptr && replacement->is_array() &&
                !replacement->get_array().empty()) {
                BOOST_REQUIRE_MESSAGE(r.has_error() && r.error().message == "/items/2/id", body);
                continue;
            }
            BOOST_REQUIRE_MESSAGE(r.has_value(), place << " " << body);
            if (place.find_last_of("0123456789") == place.size() - 1) continue;  // an element: the others move up
            const auto after = parsed(detail::encode_json(*r));
            json::error_code ec;
            if (before.find_pointer(place, ec) == nullptr || after.find_pointer(place, ec) == nullptr) continue;
            BOOST_REQUIRE_MESSAGE(changed(before, place, nullptr) == changed(after, place, nullptr),
                                  place << " " << body);
        }
    }
    return tried;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_kind_of_value_in_every_place_of_an_order_is_survived) {
    BOOST_TEST(survive_everything<order>("orders.get.response.json") > 500);
    BOOST_TEST(survive_everything<order>("orders.upgrade.response.json") > 500);
    BOOST_TEST(survive_everything<order>("drafts.update.response.json") > 300);
    BOOST_TEST(survive_everything<order>("observed.orders.get.ready.response.json") > 300);
}

BOOST_AUTO_TEST_CASE(every_kind_of_value_in_every_place_of_a_list_is_survived) {
    BOOST_TEST(survive_everything<page<order>>("orders.list.response.json") > 1000);
}

BOOST_AUTO_TEST_SUITE_END()
