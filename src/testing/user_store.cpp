// Users and offices.
#include "user_store.hpp"

#include "generated_order.hpp"
#include "moment.hpp"

#include <algorithm>
#include <array>

namespace cubicasa::testing::detail {

namespace {

struct person {
    std::string_view name;
    std::string_view surname;
    std::string_view role;
};

constexpr std::array<person, account_count> people{{
    {"Maria", "Manager", "Manager"},
    {"Anna", "Archer", "User"},
    {"Ben", "Baker", "User"},
    {"Carla", "Carter", "Collaborator"},
}};
constexpr std::int64_t first_created = 1'748'553'783'000'000;  // May 2025
constexpr std::int64_t between_created = 86'400'000'000;

template <class Elements, class Matches>
auto* find_in(Elements& elements, Matches matches) noexcept {
    const auto found = std::find_if(elements.begin(), elements.end(), matches);
    return found == elements.end() ? nullptr : &*found;
}

}  // namespace

user_store::user_store() {
    for (std::size_t i = 0; i < account_count; ++i) {
        account from = make_account(i);
        if (find_office(from.office_id) == nullptr) offices_.push_back({from.office_id, std::move(from.office)});
        user& u = users_.emplace_back();
        u.id = std::move(from.id);
        u.email = std::move(from.email);
        u.name = people[i].name;
        u.surname = people[i].surname;
        u.role = people[i].role;
        u.created_at = first_created + static_cast<std::int64_t>(i) * between_created;
        u.office_id = std::move(from.office_id);
        u.password = "password";
    }
}

user* user_store::find(std::string_view id) noexcept {
    return find_in(users_, [id](const user& u) { return u.id == id; });
}

user* user_store::find_by_email(std::string_view email) noexcept {
    return find_in(users_, [email](const user& u) { return u.email == email; });
}

const user* user_store::find_by_email(std::string_view email) const noexcept {
    return find_in(users_, [email](const user& u) { return u.email == email; });
}

user& user_store::add(user fresh) {
    fresh.id = make_uuid(mix("new user " + std::to_string(ids_made_++)));
    // In whole seconds, as users have it.
    fresh.created_at = now_in_microseconds() / 1'000'000 * 1'000'000;
    return users_.emplace_back(std::move(fresh));
}

void user_store::remove(const user& gone) {
    users_.erase(std::find_if(users_.begin(), users_.end(), [&](const user& u) { return &u == &gone; }));
}

const office* user_store::find_office(std::string_view id) const noexcept {
    return find_in(offices_, [id](const office& o) { return o.id == id; });
}

const office& user_store::add_office(std::string name) {
    return offices_.emplace_back(office{make_uuid(mix("new office " + std::to_string(ids_made_++))), std::move(name)});
}

}  // namespace cubicasa::testing::detail
