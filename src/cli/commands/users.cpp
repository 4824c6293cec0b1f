// users: who may do what.
#include "list.hpp"

namespace cubicasa::cli {

namespace {

const std::vector<std::string> roles{"Manager", "User", "Collaborator"};

asio::awaitable<exit_status> update_a_user(session& s, const arguments& given) {
    auto request = filled<update_user>(s, given);
    request.user_id = given.text("USER_ID");
    return send(s, std::move(request));
}

}  // namespace

std::vector<command> user_commands() {
    return {
        {"users", "list", "The users of the company", "", "cubicasa users list --all", list_parameters(),
         [](session& s, const arguments& given) {
             return list(s, given, list_users(), {"id", "email", "role", "name", "surname", "created_at"});
         }},
        {"users",
         "get",
         "One user, by the e-mail address",
         "The path is not confirmed.",
         "cubicasa users get jane@example.com",
         {id_parameter("EMAIL", "Whose")},
         [](session& s, const arguments& given) { return send(s, get_user(given.text("EMAIL"))); }},
        {"users",
         "create",
         "One more user",
         "Without a password the service sends an invitation by e-mail.",
         "cubicasa users create --email jane@example.com --role User",
         {{"--email", "ADDRESS", "Required", kind::text, false, false, "email"},
          {"--role", "ROLE", "Manager, User or Collaborator", kind::text, false, false, "role", roles},
          {"--office-id", "ID", "The office that the user belongs to", kind::text, false, false, "office_id"},
          {"--password-file", "FILE", "The password, the first line of a file that only you may read",
           kind::secret_file, false, false, "password"},
          json_parameter()},
         [](session& s, const arguments& given) { return send(s, filled<create_user>(s, given)); }},
        {"users",
         "update",
         "Change a user",
         "Path and members are not confirmed.",
         "cubicasa users update USER_ID --role Manager",
         {id_parameter("USER_ID", "Whom"),
          {"--name", "TEXT", "The given name", kind::text, false, false, "name"},
          {"--surname", "TEXT", "The surname", kind::text, false, false, "surname"},
          {"--role", "ROLE", "Manager, User or Collaborator", kind::text, false, false, "role", roles},
          {"--office-id", "ID", "The office that the user belongs to", kind::text, false, false, "office_id"},
          json_parameter()},
         update_a_user},
        {"users",
         "change-password",
         "Change a password",
         "Passwords are never arguments, which everybody on this machine could read.",
         "cubicasa users change-password --email jane@example.com --old-password-file old --new-password-file new",
         {{"--email", "ADDRESS", "Whose; required", kind::text, false, false, "email"},
          {"--old-password-file", "FILE", "The password until now", kind::secret_file, false, false, "old_password"},
          {"--new-password-file", "FILE", "The password from now on", kind::secret_file, false, false, "new_password"},
          json_parameter()},
         [](session& s, const arguments& given) { return send(s, filled<change_password>(s, given)); }},
        {"users",
         "send-password-reset",
         "Send an e-mail with a link that sets a new password",
         "",
         "cubicasa users send-password-reset jane@example.com",
         {id_parameter("EMAIL", "To whom")},
         [](session& s, const arguments& given) { return send(s, send_password_reset(given.text("EMAIL"))); }},
        {"users",
         "remove",
         "Delete a user",
         "The user's orders stay, and belong to nobody.",
         "cubicasa users remove USER_ID",
         {id_parameter("USER_ID", "Whom")},
         [](session& s, const arguments& given) { return send(s, delete_user(given.text("USER_ID"))); }},
    };
}

}  // namespace cubicasa::cli
