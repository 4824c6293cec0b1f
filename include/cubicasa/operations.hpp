// Every operation of the API as data: for tables, command lines, and client_config::paths. Includes endpoint.hpp.
#pragma once

#include <cubicasa/endpoint.hpp>

#include <span>
#include <string_view>

namespace cubicasa {

struct operation_info {
    std::string_view group;  // as in the contract: "Draft Orders"
    std::string_view name;   // of the request: "create_draft"
    std::string_view method;
    std::string_view path;  // with {placeholders}
    cubicasa::effect effect;
    cubicasa::evidence evidence;
};

// All of them, in the order of the contract's table (section 1).
std::span<const operation_info> operations() noexcept;

// Null when there is none of this name.
const operation_info* find_operation(std::string_view name) noexcept;

}  // namespace cubicasa
