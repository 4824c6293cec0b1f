// What the sandbox answers, without any I/O: a request goes in, an answer comes out. Includes Boost.JSON by its store.
#pragma once

#include "order_store.hpp"

#include <cubicasa/testing/sandbox.hpp>

#include <string>
#include <string_view>

namespace cubicasa::testing::detail {

inline constexpr std::string_view base_path = "/api/integrate/v3";

struct request_view {
    std::string_view method;
    std::string_view target;
    std::string_view api_key;
    std::string_view content_type;
    std::string_view body;
};

struct answer {
    int status = 200;
    std::string_view content_type = "application/json";
    std::string body;
    std::string allow;  // the header field of a 405
};

// What a request is about, found by its path alone.
enum class route_id { orders, order, upgrade, redeliver, combined_pdf, file, unknown };

struct route {
    route_id id = route_id::unknown;
    std::string_view label;     // "GET /orders/{id}"
    std::string_view path;      // without the query
    std::string_view relative;  // without the base path as well
    std::string_view query;
    std::string argument;  // the order's id, or the file's path
    bool method_allowed = false;
};

route find_route(std::string_view method, std::string_view target);

class router {
public:
    router(const sandbox_options& options, std::string files_url);

    answer handle(const route& where, const request_view& request);

    order_store& orders() noexcept { return orders_; }

private:
    answer list(const route& where) const;
    answer upgrade(stored_order& order, const request_view& request);
    answer redeliver(stored_order& order, const request_view& request);
    answer combined_pdf(const stored_order& order) const;
    answer create_redraw(const request_view& request);

    sandbox_options options_;
    order_store orders_;
};

// The bytes behind an address of a file: always the same for the same address.
answer make_file(std::string_view path);

}  // namespace cubicasa::testing::detail
