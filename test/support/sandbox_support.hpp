// What the tests of the sandbox's operations share.
#pragma once

#include "plain_client.hpp"
#include "stock.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace test {

// The contract's example orders.
inline const std::string documented = "312babc6-e742-4d54-ac49-e0f7b16ec15a";
inline const std::string observed = "00000000-0000-4000-8000-000000000001";

inline json::value data_file(const std::string& name) {
    std::ifstream file(std::string(CUBICASA_TEST_DATA) + "/" + name);
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

inline std::string text_of(const json::value& object, const char* member) {
    return object.at(member).as_string().c_str();
}

inline std::vector<std::string> keys_of(const json::value& object) {
    std::vector<std::string> out;
    for (const auto& member : object.as_object()) out.emplace_back(member.key().data(), member.key().size());
    std::sort(out.begin(), out.end());
    return out;
}

// A text member of each item of a page.
inline std::vector<std::string> members_of(const json::value& page, const char* member) {
    std::vector<std::string> out;
    for (const json::value& item : page.at("items").as_array()) out.push_back(text_of(item, member));
    return out;
}

inline std::vector<std::string> ids_of(const json::value& page) { return members_of(page, "id"); }

// "body_params street: field required" for each complaint.
inline std::vector<std::string> complaints(const reply& r) {
    std::vector<std::string> out;
    const json::value body = r.parsed();
    for (const auto& place : body.at("validation_error").as_object()) {
        for (const json::value& c : place.value().as_array()) {
            std::string line(place.key().data(), place.key().size());
            for (const json::value& l : c.at("loc").as_array()) {
                line += l.is_string() ? " " + std::string(l.as_string().c_str()) : " " + std::to_string(l.as_int64());
            }
            out.push_back(line + ": " + c.at("msg").as_string().c_str());
        }
    }
    return out;
}

inline void check_equal(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    BOOST_TEST(a == b, boost::test_tools::per_element());
}

// The status, and a text in the body's `message`.
inline void check_message(const reply& r, int status) {
    BOOST_TEST(r.status == status);
    BOOST_TEST(!text_of(r.parsed(), "message").empty());
}

inline json::value stored(const cubicasa::testing::sandbox& server, const std::string& id) {
    return json::parse(server.order_json(id));
}

inline std::string status_of(const cubicasa::testing::sandbox& server, const std::string& id) {
    return text_of(stored(server, id).at("info"), "status");
}

inline const std::string draft_body =
    R"({"street": "1 Elm", "city": "Austin", "country": "United States", "owner_email": "ben@agency.example"})";
inline const std::string change_request_body = R"({"text": "The door is on the left."})";

}  // namespace test
