// The sandbox's users and their offices, in memory. Standard library only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cubicasa::testing::detail {

struct office {
    std::string id;
    std::string name;
};

struct user {
    std::string id;
    std::string email;
    std::optional<std::string> name;
    std::optional<std::string> surname;
    std::string role;
    std::int64_t created_at = 0;
    std::string office_id;                // empty: of no office
    std::optional<std::string> password;  // unset: invited, and has not answered yet
};

class user_store {
public:
    // Begins with the accounts that generated orders belong to.
    user_store();

    const std::vector<user>& users() const noexcept { return users_; }
    user* find(std::string_view id) noexcept;
    user* find_by_email(std::string_view email) noexcept;
    const user* find_by_email(std::string_view email) const noexcept;
    // Gives it an id and a time.
    user& add(user fresh);
    void remove(const user& gone);

    const std::vector<office>& offices() const noexcept { return offices_; }
    const office* find_office(std::string_view id) const noexcept;
    const office& add_office(std::string name);

private:
    std::vector<user> users_;
    std::vector<office> offices_;
    std::uint64_t ids_made_ = 0;
};

}  // namespace cubicasa::testing::detail
