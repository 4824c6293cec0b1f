// api.users(): the group Users as functions. Over the request structs of users.hpp and the client's async_call.
#pragma once

#include <cubicasa/endpoints/users.hpp>
#include <cubicasa/paginate.hpp>

#include <string>
#include <utility>

namespace cubicasa {

// Each function takes what the request needs, and then, as async_call does, [call_options] and [completion token].
// Errors, cancellation and threads are as client::async_call says.
template <class Client>
class users_family {
public:
    explicit users_family(Client api) : api_(std::move(api)) {}

    // Walks the users of the company. Contract 3.8.
    async_generator<user> list(list_users query = list_users(), paging how = paging()) const {
        return paginate(api_, std::move(query), how);
    }

    // Goes on where a walk over the same query was. errc::invalid_cursor comes from the first next() otherwise.
    async_generator<user> list(list_users query, const cursor& from, paging how = paging()) const {
        return paginate(api_, std::move(query), how, from);
    }

    // One more user, with a password or else with an invitation by e-mail. Contract 3.9.
    template <class... Rest>
    auto create(const create_user& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // One user. The path is inferred, see client_config::paths. Contract 3.10.
    template <class... Rest>
    auto get(std::string email, Rest&&... rest) const {
        return api_.async_call(get_user(std::move(email)), std::forward<Rest>(rest)...);
    }

    // Changes a user. The path is inferred, see client_config::paths. Contract 3.11.
    template <class... Rest>
    auto update(const update_user& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // Contract 3.12.
    template <class... Rest>
    auto change_password(const cubicasa::change_password& request, Rest&&... rest) const {
        return api_.async_call(request, std::forward<Rest>(rest)...);
    }

    // Sends an e-mail with a link, and one more each time. Contract 3.13.
    template <class... Rest>
    auto send_password_reset(std::string email, Rest&&... rest) const {
        return api_.async_call(cubicasa::send_password_reset(std::move(email)), std::forward<Rest>(rest)...);
    }

    // Deletes a user, whose orders stay. Contract 3.14.
    template <class... Rest>
    auto remove(std::string user_id, Rest&&... rest) const {
        return api_.async_call(delete_user(std::move(user_id)), std::forward<Rest>(rest)...);
    }

private:
    Client api_;
};

}  // namespace cubicasa
