// From a method and a path to an operation, without any I/O. Includes Boost.JSON by the operations.
#pragma once

#include "operations.hpp"

namespace cubicasa::testing::detail {

inline constexpr std::string_view base_path = "/api/integrate/v3";

// What a request is about, found by its method and its target alone.
struct route {
    std::string label = "other";  // "GET /orders/{id}"
    std::string_view path;        // without the query
    std::string_view relative;    // without the base path as well
    std::string_view query;
    operation* operation_found = nullptr;  // null: a file, or nothing that is served
    std::string_view file;
    std::vector<std::string> arguments;
    std::string allow;  // the path's methods, if the request's is none of them
};

route find_route(std::string_view method, std::string_view target);

answer handle(sandbox_state& state, const route& where, const request_view& request, const fault_effects& effects);

}  // namespace cubicasa::testing::detail
