// The complete orders of the contract, the first data of a sandbox. Standard library only.
#pragma once

#include <array>
#include <string_view>

namespace cubicasa::testing::detail {

std::array<std::string_view, 2> example_orders() noexcept;

// A change request of the first one.
std::string_view example_change_request() noexcept;

}  // namespace cubicasa::testing::detail
