// Orders made from a number: the same number always gives the same order. Standard library only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cubicasa::testing::detail {

// Who creates orders; the order itself has only the address.
struct account {
    std::string email;
    std::string id;
    std::string office;
    std::string office_id;
};

inline constexpr std::size_t account_count = 4;
account make_account(std::size_t number);

// Which files an order has, and by which addresses.
struct delivery_state {
    unsigned number = 0;  // of this delivery: each has its own files
    unsigned links = 0;   // how often the addresses of files have expired
};

// What is fixed for an order that was made from `number`.
struct generated_order {
    std::uint64_t number = 0;
    std::string_view id;
    std::string_view status;
    std::int64_t created_at = 0;  // microseconds since 1970
    std::string_view created_by;  // empty: null
};

std::uint64_t mix(std::uint64_t number) noexcept;  // to one that looks random
std::uint64_t mix(std::string_view text) noexcept;
std::string make_uuid(std::uint64_t number);
std::string_view generated_status(std::uint64_t number) noexcept;

// "1716238626.904049"
void append_seconds(std::string& out, std::int64_t microseconds);

// True in a state that comes after a delivery.
bool is_delivered(std::string_view status) noexcept;

void append_list_item(std::string& out, const generated_order& order);
void append_order(std::string& out, const generated_order& order, std::string_view files_url,
                  const delivery_state& delivery);

// Where the files of a delivery are, and the query of their addresses: empty, or with its question mark.
std::string files_folder(std::string_view order_id, const delivery_state& delivery);
std::string link_query(const delivery_state& delivery);

// `delivery_assets` as they are after this delivery: addresses change with each one.
void append_assets(std::string& out, std::string_view id, std::string_view package_type, std::string_view files_url,
                   const delivery_state& delivery);

}  // namespace cubicasa::testing::detail
