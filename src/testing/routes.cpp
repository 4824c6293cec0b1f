// The table of the served operations, and the way into it.
#include "routes.hpp"

#include "file_host.hpp"

#include <algorithm>
#include <array>

namespace cubicasa::testing::detail {

namespace {

struct table_row {
    std::string_view method;
    std::string_view path;
    operation* run;
};

// In the order of the contract's section 1.
constexpr std::array<table_row, 27> table{{
    {"GET", "/companies/info", &get_company_info},
    {"PATCH", "/companies/webhook", &update_webhook},
    {"DELETE", "/companies/webhook", &delete_webhook},
    {"GET", "/companies/package", &get_company_package},
    {"POST", "/companies/merge-request", &send_merge_request},
    {"GET", "/offices", &list_offices},
    {"POST", "/offices", &add_office},
    {"GET", "/users", &list_users},
    {"POST", "/users", &add_user},
    {"GET", "/users/{email}", &get_user},
    {"PATCH", "/users/{user_id}", &update_user},
    {"POST", "/users/change-password", &change_password},
    {"POST", "/users/reset-password", &reset_password},
    {"DELETE", "/users/{user_id}", &delete_user},
    {"GET", "/orders", &list_orders},
    {"GET", "/orders/{id}", &get_order},
    {"POST", "/orders/{order_id}/post-purchase", &upgrade_order},
    {"POST", "/orders/{order_id}/redeliver", &redeliver_order},
    {"GET", "/orders/{id}/combined-pdf", &get_combined_pdf},
    {"POST", "/orders", &create_redraw},
    {"POST", "/orders/{order_id}/change-requests", &add_change_request},
    {"GET", "/orders/{order_id}/change-requests", &list_change_requests},
    {"GET", "/orders/{order_id}/change-requests/{change_request_id}", &get_change_request},
    {"POST", "/orders/draft", &create_draft},
    {"PATCH", "/orders/draft/{order_id}", &update_draft},
    {"DELETE", "/orders/draft/{order_id}", &delete_draft},
    {"POST", "/orders/go2scan", &create_go2scan},
}};

// Takes the text up to the next slash, and that slash, off a path that begins behind one.
std::string_view take_segment(std::string_view& path) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    const std::string_view out = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    return out;
}

bool is_placeholder(std::string_view segment) { return segment.starts_with('{'); }

bool fits(std::string_view path, std::string_view pattern) {
    if (std::count(path.begin(), path.end(), '/') != std::count(pattern.begin(), pattern.end(), '/')) return false;
    while (!pattern.empty()) {
        const std::string_view wanted = take_segment(pattern);
        const std::string_view given = take_segment(path);
        // Only what stands before the first slash is empty by right.
        if (is_placeholder(wanted) ? given.empty() : given != wanted) return false;
    }
    return true;
}

// The same for patterns that fit the same paths: {id} and {order_id} do. Greater for one that says more, so that
// "/orders/draft" is never an order.
std::string specificity(std::string_view pattern) {
    std::string out;
    while (!pattern.empty()) out += is_placeholder(take_segment(pattern)) ? '0' : '1';
    return out;
}

std::vector<std::string> arguments_of(std::string_view path, std::string_view pattern) {
    std::vector<std::string> out;
    while (!pattern.empty()) {
        const std::string_view given = take_segment(path);
        if (is_placeholder(take_segment(pattern))) out.push_back(percent_decode(given));
    }
    return out;
}

void find_operation(route& out, std::string_view method) {
    std::string best;
    for (const table_row& row : table) {
        if (!fits(out.relative, row.path)) continue;
        const std::string rank = specificity(row.path);
        if (rank < best) continue;
        if (rank > best) {
            best = rank;
            out.operation_found = nullptr;
            out.allow.clear();
        }
        out.allow.append(out.allow.empty() ? "" : ", ").append(row.method);
        if (row.method != method) continue;
        out.operation_found = row.run;
        out.label = std::string(method).append(" ").append(row.path);
        out.arguments = arguments_of(out.relative, row.path);
    }
    if (out.operation_found != nullptr) out.allow.clear();
}

}  // namespace

route find_route(std::string_view method, std::string_view target) {
    route out;
    const std::size_t question = std::min(target.find('?'), target.size());
    out.path = target.substr(0, question);
    out.query = target.substr(std::min(question + 1, target.size()));
    out.relative = out.path;
    if (out.path.starts_with(base_path)) {
        out.relative.remove_prefix(base_path.size());
        find_operation(out, method);
    } else if (out.path.starts_with(files_path) && out.path.size() > files_path.size()) {
        if (method == "GET" || method == "HEAD") {
            out.file = out.path.substr(files_path.size());
            out.label = std::string(method) + " /files";
        } else {
            out.allow = "GET, HEAD";
        }
    }
    return out;
}

answer handle(sandbox_state& state, const route& where, const request_view& request, const fault_effects& effects) {
    if (!where.allow.empty()) {
        answer out = make_message(405, "The method is not allowed for this path.");
        out.headers.emplace_back("Allow", where.allow);
        return out;
    }
    if (!where.file.empty()) return serve_file(state.files, where.file, where.query, request, effects);
    if (where.operation_found == nullptr) return make_message(404, "There is nothing at this path.");
    if (request.api_key.empty()) return make_message(401, "The API key is missing.");
    if (request.api_key != state.options.api_key) return make_message(401, "The API key is not valid.");
    try {
        return where.operation_found(state, call{request, where.query, where.arguments});
    } catch (refused& r) {
        return std::move(r.what);
    }
}

}  // namespace cubicasa::testing::detail
