// The sandbox's users and offices.
#include "../support/sandbox_support.hpp"

using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using namespace test;

namespace {

std::string id_of(plain_client& client, const std::string& email) {
    return text_of(client.call("GET", "/users/" + email).parsed(), "id");
}

std::string office_named(plain_client& client, const std::string& name) {
    const json::value page = client.call("GET", "/offices").parsed();
    for (const json::value& o : page.at("items").as_array()) {
        if (text_of(o, "name") == name) return text_of(o, "id");
    }
    return {};
}

std::size_t orders_of(plain_client& client, const std::string& filter) {
    return ids_of(client.call("GET", "/orders?limit=100&" + filter).parsed()).size();
}

std::string password_change(const std::string& email, const std::string& from, const std::string& to) {
    json::object out;
    out["email"] = email;
    out["old_password"] = from;
    out["new_password"] = to;
    return json::serialize(out);
}

const std::string anna = "anna@agency.example";

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_users)

BOOST_AUTO_TEST_CASE(users_are_listed_with_the_documented_members) {
    const sandbox server;
    plain_client client(server);
    const json::value page = client.call("GET", "/users").parsed();
    check_equal(members_of(page, "email"),
                {"manager@cubicasa.com", anna, "ben@agency.example", "carla@agency.example"});
    const json::value example = data_file("users.list.response.json");
    check_equal(keys_of(page), keys_of(example));
    check_equal(keys_of(page.at("pagination")), keys_of(example.at("pagination")));
    for (const json::value& u : page.at("items").as_array()) {
        check_equal(keys_of(u), keys_of(example.at("items").at(0)));
    }
}

BOOST_AUTO_TEST_CASE(users_come_in_pages) {
    const sandbox server;
    plain_client client(server);
    const json::value first = client.call("GET", "/users?limit=3").parsed();
    const json::value second = client.call("GET", "/users?limit=3&offset=3").parsed();
    BOOST_TEST(ids_of(first).size() == 3U);
    BOOST_TEST(first.at("pagination").at("has_more").as_bool());
    BOOST_TEST(first.at("pagination").at("next_offset").as_int64() == 3);
    check_equal(members_of(second, "email"), {"carla@agency.example"});
    BOOST_TEST(!second.at("pagination").at("has_more").as_bool());
    check_equal(complaints(client.call("GET", "/users?limit=many")),
                {"query_params limit: value is not a valid integer"});
}

BOOST_AUTO_TEST_CASE(lists_of_users_follow_the_style_of_paging) {
    sandbox_options options;
    options.paging = cubicasa::testing::paging_style::from_one;
    const sandbox server(options);
    plain_client client(server);
    const json::value first = client.call("GET", "/users?limit=2&offset=0").parsed();
    BOOST_TEST(first.at("pagination").at("next_offset").as_int64() == 3);
    check_equal(members_of(client.call("GET", "/users?limit=2&offset=3").parsed(), "email"),
                {"ben@agency.example", "carla@agency.example"});
}

BOOST_AUTO_TEST_CASE(a_user_is_found_by_the_address) {
    const sandbox server;
    plain_client client(server);
    const json::value user = client.call("GET", "/users/anna%40agency.example").parsed();
    BOOST_TEST(text_of(user, "email") == anna);
    BOOST_TEST(text_of(user, "name") == "Anna");
    BOOST_TEST(user.at("email_confirmed").as_bool());
    check_message(client.call("GET", "/users/nobody%40agency.example"), 404);
}

BOOST_AUTO_TEST_CASE(a_plus_sign_in_an_address_is_no_blank) {
    const sandbox server;
    plain_client client(server);
    BOOST_TEST(client.call("POST", "/users", R"({"email": "dora+1@agency.example"})").status == 200);
    BOOST_TEST(text_of(client.call("GET", "/users/dora+1@agency.example").parsed(), "email") ==
               "dora+1@agency.example");
    BOOST_TEST(client.call("GET", "/users/dora%2B1%40agency.example").status == 200);
    BOOST_TEST(client.call("GET", "/users/dora%201@agency.example").status == 404);
}

BOOST_AUTO_TEST_CASE(the_documented_request_adds_a_user) {
    const sandbox server;
    plain_client client(server);
    json::value request = data_file("users.create.request.json");
    request.at("office_id") = office_named(client, "North office");
    const reply r = client.call("POST", "/users", json::serialize(request));
    BOOST_TEST(r.status == 200);
    check_equal(keys_of(r.parsed()), keys_of(data_file("users.create.response.json")));
    const json::value user = client.call("GET", "/users/user@example.com").parsed();
    BOOST_TEST(text_of(user, "id") == text_of(r.parsed(), "id"));
    BOOST_TEST(text_of(user, "role") == "Collaborator");
    BOOST_TEST(user.at("email_confirmed").as_bool());
}

BOOST_AUTO_TEST_CASE(a_user_without_a_password_is_invited) {
    const sandbox server;
    plain_client client(server);
    const json::value without = client.call("POST", "/users", R"({"email": "user@example.com"})").parsed();
    const json::value with =
        client.call("POST", "/users", R"({"email": "other@example.com", "password": "p"})").parsed();
    BOOST_TEST(text_of(without, "message") == text_of(data_file("users.create.response.json"), "message"));
    BOOST_TEST(text_of(with, "message") != text_of(without, "message"));
    BOOST_TEST(!client.call("GET", "/users/user@example.com").parsed().at("email_confirmed").as_bool());
}

BOOST_AUTO_TEST_CASE(wrong_users_are_refused) {
    const sandbox server;
    plain_client client(server);
    check_equal(complaints(client.call("POST", "/users", "{}")), {"body_params email: field required"});
    check_equal(complaints(client.call("POST", "/users", R"({"email": 1, "role": [], "password": {}})")),
                {"body_params email: str type expected", "body_params role: str type expected",
                 "body_params password: str type expected"});
    check_equal(complaints(client.call("POST", "/users", R"({"email": "x@y.example", "office_id": "nowhere"})")),
                {"body_params office_id: there is no such office"});
    BOOST_TEST(client.call("GET", "/users/x@y.example").status == 404);
}

BOOST_AUTO_TEST_CASE(an_address_is_taken_once) {
    const sandbox server;
    plain_client client(server);
    check_message(client.call("POST", "/users", R"({"email": "anna@agency.example"})"), 400);
    BOOST_TEST(ids_of(client.call("GET", "/users").parsed()).size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_update_changes_what_it_names) {
    const sandbox server;
    plain_client client(server);
    const std::string path = "/users/" + id_of(client, anna);
    const reply r = client.call("PATCH", path, R"({"name": "Anne", "role": "Manager", "colour": "red"})");
    BOOST_TEST(r.status == 200);
    BOOST_TEST(text_of(r.parsed(), "name") == "Anne");
    BOOST_TEST(text_of(r.parsed(), "surname") == "Archer");
    BOOST_TEST(text_of(r.parsed(), "role") == "Manager");
    BOOST_TEST((client.call("GET", "/users/" + anna).parsed() == r.parsed()));
    BOOST_TEST(client.call("PATCH", path, R"({"surname": null})").parsed().at("surname").is_null());
}

BOOST_AUTO_TEST_CASE(wrong_updates_change_nothing) {
    const sandbox server;
    plain_client client(server);
    const json::value before = client.call("GET", "/users/" + anna).parsed();
    const std::string path = "/users/" + text_of(before, "id");
    check_equal(complaints(client.call("PATCH", path, R"({"name": 1, "office_id": "nowhere"})")),
                {"body_params name: str type expected", "body_params office_id: there is no such office"});
    check_message(client.call("PATCH", "/users/" + anna, R"({"name": "by address"})"), 404);
    BOOST_TEST((client.call("GET", "/users/" + anna).parsed() == before));
}

BOOST_AUTO_TEST_CASE(the_orders_of_a_user_follow_to_another_office) {
    const sandbox server(generated(100));
    plain_client client(server);
    const std::size_t of_anna = orders_of(client, "user_email=" + anna);
    const std::size_t of_north = orders_of(client, "office=North+office");
    const std::string path = "/users/" + id_of(client, anna);
    const std::string north = office_named(client, "North office");
    client.call("PATCH", path, R"({"office_id": ")" + north + "\"}");
    BOOST_TEST(orders_of(client, "office=North+office") == of_north + of_anna);
    BOOST_TEST(orders_of(client, "office_id=" + north + "&user_email=" + anna) == of_anna);
    client.call("PATCH", path, R"({"office_id": null})");
    BOOST_TEST(orders_of(client, "office=North+office") == of_north);
    BOOST_TEST(orders_of(client, "user_email=" + anna) == of_anna);
}

BOOST_AUTO_TEST_CASE(the_orders_of_a_deleted_user_belong_to_nobody) {
    sandbox server(generated(100));
    plain_client client(server);
    const auto of_anna = ids_of(client.call("GET", "/orders?limit=100&user_email=" + anna).parsed());
    BOOST_REQUIRE(of_anna.size() > 1U);
    server.set_status(of_anna.front(), "Odd");  // now a document of its own
    const std::string path = "/users/" + id_of(client, anna);
    check_message(client.call("DELETE", path), 200);
    for (const std::string& id : of_anna) BOOST_TEST(stored(server, id).at("info").at("created_by").is_null());
    BOOST_TEST(orders_of(client, "user_email=" + anna) == 0U);
    BOOST_TEST(orders_of(client, "limit=100") == 100U);
    check_message(client.call("DELETE", path), 404);
    client.call("POST", "/users", R"({"email": "anna@agency.example"})");
    BOOST_TEST(orders_of(client, "user_email=" + anna) == 0U);
}

BOOST_AUTO_TEST_CASE(a_changed_password_is_the_old_one_of_the_next_change) {
    const sandbox server;
    plain_client client(server);
    json::value request = data_file("users.change_password.request.json");
    client.call("POST", "/users", R"({"email": "user@example.com", "password": "string"})");
    request.at("new_password") = "better";
    const reply r = client.call("POST", "/users/change-password", json::serialize(request));
    BOOST_TEST((r.parsed() == data_file("users.change_password.response.json")));
    check_message(client.call("POST", "/users/change-password", json::serialize(request)), 400);
    const std::string next = password_change("user@example.com", "better", "best");
    BOOST_TEST(client.call("POST", "/users/change-password", next).status == 200);
}

BOOST_AUTO_TEST_CASE(wrong_changes_of_passwords_are_refused) {
    const sandbox server;
    plain_client client(server);
    client.call("POST", "/users", R"({"email": "invited@example.com"})");
    const auto change = [&](const std::string& body) { return client.call("POST", "/users/change-password", body); };
    check_message(change(password_change(anna, "wrong", "new")), 400);
    check_message(change(password_change("invited@example.com", "", "new")), 400);
    check_message(change(password_change("nobody@example.com", "password", "new")), 404);
    check_equal(complaints(change("{\"email\": null}")),
                {"body_params email: none is not an allowed value", "body_params old_password: field required",
                 "body_params new_password: field required"});
}

BOOST_AUTO_TEST_CASE(a_reset_does_not_tell_who_has_an_account) {
    const sandbox server;
    plain_client client(server);
    const json::value expected = data_file("users.reset_password.response.json");
    const std::string request = json::serialize(data_file("users.reset_password.request.json"));
    BOOST_TEST((client.call("POST", "/users/reset-password", request).parsed() == expected));
    const reply known = client.call("POST", "/users/reset-password", R"({"email": "anna@agency.example"})");
    BOOST_TEST((known.parsed() == expected));
    check_equal(complaints(client.call("POST", "/users/reset-password", "{}")), {"body_params email: field required"});
}

BOOST_AUTO_TEST_CASE(offices_are_listed_and_added) {
    const sandbox server;
    plain_client client(server);
    const reply added = client.call("POST", "/offices", R"({"name": "West office"})");
    BOOST_TEST(added.status == 200);
    check_equal(keys_of(added.parsed()), {"id", "name"});
    const json::value page = client.call("GET", "/offices?limit=3").parsed();
    check_equal(members_of(page, "name"), {"Main office", "North office", "West office"});
    BOOST_TEST(ids_of(page).back() == text_of(added.parsed(), "id"));
    BOOST_TEST(!page.at("pagination").at("has_more").as_bool());
    check_equal(complaints(client.call("POST", "/offices", "{}")), {"body_params name: field required"});
}

BOOST_AUTO_TEST_CASE(their_paths_have_their_methods) {
    const sandbox server;
    plain_client client(server);
    const auto allowed = [&](std::string_view method, std::string_view path) {
        const reply r = client.call(method, path);
        return std::to_string(r.status) + " " + r.header("Allow");
    };
    BOOST_TEST(allowed("DELETE", "/users") == "405 GET, POST");
    BOOST_TEST(allowed("POST", "/users/somebody") == "405 GET, PATCH, DELETE");
    BOOST_TEST(allowed("GET", "/users/change-password") == "405 POST");
    BOOST_TEST(allowed("PATCH", "/offices") == "405 GET, POST");
    BOOST_TEST(client.call("GET", "/users/").status == 404);
    BOOST_TEST(client.call("GET", "/users/a/b").status == 404);
    BOOST_TEST(client.call("GET", "/users", "", "", "").status == 401);
}

BOOST_AUTO_TEST_CASE(their_requests_are_counted_by_the_contracts_names) {
    const sandbox server;
    plain_client client(server);
    client.call("GET", "/users/anna@agency.example");
    client.call("PATCH", "/users/somebody", "{}");
    client.call("POST", "/users/change-password", "{}");
    const auto counts = server.stats().requests_per_path;
    BOOST_TEST(counts.at("GET /users/{email}") == 1U);
    BOOST_TEST(counts.at("PATCH /users/{user_id}") == 1U);
    BOOST_TEST(counts.at("POST /users/change-password") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
