// The operations of the groups Office and Users (contract 3.6 to 3.14).
#include "json_text.hpp"
#include "moment.hpp"
#include "operations.hpp"
#include "paging.hpp"

namespace json = boost::json;

namespace cubicasa::testing::detail {

namespace {

json::value text_or_null(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

json::object to_json(const office& o) {
    json::object out;
    out["id"] = o.id;
    out["name"] = o.name;
    return out;
}

// Without the office, as in the documented list.
json::object to_json(const user& u) {
    json::object out;
    out["id"] = u.id;
    out["email"] = u.email;
    out["name"] = text_or_null(u.name);
    out["surname"] = text_or_null(u.surname);
    out["role"] = u.role;
    out["email_confirmed"] = u.password.has_value();
    out["created_at"] = to_seconds(u.created_at);
    return out;
}

user& need_user(user* found) {
    if (found == nullptr) refuse(404, "There is no such user.");
    return *found;
}

std::optional<std::string> read_office(body_reader& reader, const user_store& users) {
    const auto id = reader.text("office_id");
    if (id && users.find_office(*id) == nullptr) reader.complain("office_id", "there is no such office");
    return id;
}

}  // namespace

answer list_offices(sandbox_state& state, const call& c) {
    const auto& all = state.users.offices();
    return make_page(make_window(read_page_query(c.query), state.options), all.begin(), all.end(),
                     [](std::string& out, const office& o) { append_json(out, to_json(o)); });
}

answer add_office(sandbox_state& state, const call& c) {
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    const auto name = reader.text("name", true);
    refuse_if(errors);
    return make_answer(to_json(state.users.add_office(*name)));
}

answer list_users(sandbox_state& state, const call& c) {
    const auto& all = state.users.users();
    return make_page(make_window(read_page_query(c.query), state.options), all.begin(), all.end(),
                     [](std::string& out, const user& u) { append_json(out, to_json(u)); });
}

answer add_user(sandbox_state& state, const call& c) {
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    user fresh;
    fresh.email = reader.text("email", true).value_or("");
    fresh.role = reader.text("role").value_or("User");
    fresh.office_id = read_office(reader, state.users).value_or("");
    fresh.password = reader.text("password");
    refuse_if(errors);
    if (state.users.find_by_email(fresh.email) != nullptr) refuse(400, "There is a user with this e-mail address.");

    const user& added = state.users.add(std::move(fresh));
    json::object out;
    out["email"] = added.email;
    out["id"] = added.id;
    out["message"] = added.password
                         ? "User was created and can log in with the given password."
                         : "Invitation email was sent to user email and needs to be finished before first login.";
    out["role"] = added.role;
    return make_answer(out);
}

answer get_user(sandbox_state& state, const call& c) {
    return make_answer(to_json(need_user(state.users.find_by_email(c.arguments.front()))));
}

answer update_user(sandbox_state& state, const call& c) {
    user& changed = need_user(state.users.find(c.arguments.front()));
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    const auto name = reader.text("name");
    const auto surname = reader.text("surname");
    const auto role = reader.text("role");
    const auto office_id = read_office(reader, state.users);
    refuse_if(errors);

    // A null takes the value away, except for the role, which everybody has.
    if (reader.contains("name")) changed.name = name;
    if (reader.contains("surname")) changed.surname = surname;
    if (role) changed.role = *role;
    if (reader.contains("office_id")) changed.office_id = office_id.value_or("");
    return make_answer(to_json(changed));
}

answer change_password(sandbox_state& state, const call& c) {
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    const auto email = reader.text("email", true);
    const auto old_password = reader.text("old_password", true);
    const auto new_password = reader.text("new_password", true);
    refuse_if(errors);
    user& changed = need_user(state.users.find_by_email(*email));
    if (changed.password != old_password) refuse(400, "The old password is wrong.");
    changed.password = new_password;
    return make_message(200, "Your password has been changed.");
}

// An unknown address gets the same answer, so that nobody learns who has an account.
answer reset_password(sandbox_state&, const call& c) {
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader(body, errors).text("email", true);
    refuse_if(errors);
    return make_message(200, "Send reset password email successfully.");
}

answer delete_user(sandbox_state& state, const call& c) {
    const user& gone = need_user(state.users.find(c.arguments.front()));
    state.orders.forget_creator(gone.email);
    state.users.remove(gone);
    return make_message(200, "The user has been deleted.");
}

}  // namespace cubicasa::testing::detail
