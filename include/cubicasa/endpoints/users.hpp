// The requests of the group Users (contract 3.8 to 3.14). Includes only models, secret.hpp and detail/json.hpp.
#pragma once

#include <cubicasa/detail/json.hpp>
#include <cubicasa/models/confirmation.hpp>
#include <cubicasa/models/likely.hpp>
#include <cubicasa/models/page.hpp>
#include <cubicasa/models/user.hpp>

namespace cubicasa {

// GET /users: all users of the company (contract 3.8). That it takes `limit` and `offset` is inferred.
class list_users {
public:
    using item = user;
    using response = page<user>;
    static constexpr std::string_view name = "list_users";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/users";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    list_users() {}

    std::optional<std::int64_t> limit;   // records in a page
    std::optional<std::int64_t> offset;  // 0, or the `next_offset` of the page before

    friend void encode(const list_users& r, wire_request& w) { w.page(r.limit, r.offset); }
};

// POST /users: one more user (contract 3.9). Without a password the server sends an invitation by e-mail.
class create_user {
public:
    using response = created_user;
    static constexpr std::string_view name = "create_user";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/users";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    create_user() {}
    create_user(std::string address, user_role r) : email(std::move(address)), role(std::move(r)) {}

    std::string email;  // required
    field<user_role> role;
    field<std::string> office_id;
    field<secret> password;

    friend constexpr auto members_of(const create_user*) {
        using t = create_user;
        return member_table(member<&t::email>("email"), member<&t::role>("role"), member<&t::office_id>("office_id"),
                            member<&t::password>("password"));
    }

    friend void encode(const create_user& r, wire_request& w) {
        w.require("email", r.email);
        if (r.role) w.require("role", r.role->str());
        detail::set_body(w, r);
    }
};

// GET /users/{email}: one user (contract 3.10). The path is inferred.
class get_user {
public:
    using response = user;
    static constexpr std::string_view name = "get_user";
    static constexpr std::string_view method = "GET";
    static constexpr std::string_view path = "/users/{email}";
    static constexpr cubicasa::effect effect = cubicasa::effect::read;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    get_user() {}
    explicit get_user(std::string address) : email(std::move(address)) {}

    std::string email;

    friend void encode(const get_user& r, wire_request& w) { w.argument("email", r.email); }
};

// PATCH /users/{user_id}: changes a user (contract 3.11). Path and members are inferred, the answer is not public.
class update_user {
public:
    using response = likely<user>;
    static constexpr std::string_view name = "update_user";
    static constexpr std::string_view method = "PATCH";
    static constexpr std::string_view path = "/users/{user_id}";
    static constexpr cubicasa::effect effect = cubicasa::effect::replace;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::inferred;

    update_user() {}
    explicit update_user(std::string id) : user_id(std::move(id)) {}

    std::string user_id;
    field<std::string> given_name;  // sent as `name`
    field<std::string> surname;
    field<user_role> role;
    field<std::string> office_id;
    raw_json more;  // an object whose members are sent besides, or nothing

    friend constexpr auto members_of(const update_user*) {
        using t = update_user;
        return member_table(member<&t::given_name>("name"), member<&t::surname>("surname"), member<&t::role>("role"),
                            member<&t::office_id>("office_id"));
    }

    friend void encode(const update_user& r, wire_request& w) {
        w.argument("user_id", r.user_id);
        if (r.role) w.require("role", r.role->str());
        detail::set_body(w, r, r.more);
        if (w.body == "{}") w.refuse("body", "nothing is to be changed");
    }

    static result<likely<user>> decode(const raw_response& answer) { return detail::decode_likely<user>(answer); }
};

// POST /users/change-password (contract 3.12). Not repeated on its own: the old password would be wrong.
class change_password {
public:
    using response = confirmation;
    static constexpr std::string_view name = "change_password";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/users/change-password";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    change_password() {}
    change_password(std::string address, secret old_one, secret new_one)
        : email(std::move(address)), old_password(std::move(old_one)), new_password(std::move(new_one)) {}

    std::string email;
    secret old_password;
    secret new_password;  // its rules are not public

    friend constexpr auto members_of(const change_password*) {
        using t = change_password;
        return member_table(member<&t::email>("email"), member<&t::old_password>("old_password"),
                            member<&t::new_password>("new_password"));
    }

    friend void encode(const change_password& r, wire_request& w) {
        w.require("email", r.email);
        w.require("old_password", r.old_password.reveal());
        w.require("new_password", r.new_password.reveal());
        detail::set_body(w, r);
    }

    static result<confirmation> decode(const raw_response& answer) { return detail::decode_confirmation(answer); }
};

// POST /users/reset-password: sends an e-mail with a link (contract 3.13), and one more each time.
class send_password_reset {
public:
    using response = confirmation;
    static constexpr std::string_view name = "send_password_reset";
    static constexpr std::string_view method = "POST";
    static constexpr std::string_view path = "/users/reset-password";
    static constexpr cubicasa::effect effect = cubicasa::effect::create;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    send_password_reset() {}
    explicit send_password_reset(std::string address) : email(std::move(address)) {}

    std::string email;

    friend constexpr auto members_of(const send_password_reset*) {
        return member_table(member<&send_password_reset::email>("email"));
    }

    friend void encode(const send_password_reset& r, wire_request& w) {
        w.require("email", r.email);
        detail::set_body(w, r);
    }

    static result<confirmation> decode(const raw_response& answer) { return detail::decode_confirmation(answer); }
};

// DELETE /users/{user_id} (contract 3.14). The user's orders stay, and belong to nobody. The answer is not public.
class delete_user {
public:
    using response = raw_json;
    static constexpr std::string_view name = "delete_user";
    static constexpr std::string_view method = "DELETE";
    static constexpr std::string_view path = "/users/{user_id}";
    static constexpr cubicasa::effect effect = cubicasa::effect::replace;
    static constexpr cubicasa::evidence evidence = cubicasa::evidence::documented;

    delete_user() {}
    explicit delete_user(std::string id) : user_id(std::move(id)) {}

    std::string user_id;

    friend void encode(const delete_user& r, wire_request& w) { w.argument("user_id", r.user_id); }
};

}  // namespace cubicasa
