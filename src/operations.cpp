// The table of operations, made from the constants of the requests.
#include <cubicasa/endpoints/change_requests.hpp>
#include <cubicasa/endpoints/company.hpp>
#include <cubicasa/endpoints/drafts.hpp>
#include <cubicasa/endpoints/goto_scan.hpp>
#include <cubicasa/endpoints/offices.hpp>
#include <cubicasa/endpoints/orders.hpp>
#include <cubicasa/endpoints/users.hpp>
#include <cubicasa/operations.hpp>

#include <algorithm>

namespace cubicasa {

namespace {

template <endpoint E>
constexpr operation_info row(std::string_view group) {
    return {group, E::name, E::method, E::path, E::effect, E::evidence};
}

constexpr operation_info table[] = {
    row<get_company>("Company"),
    row<update_webhooks>("Company"),
    row<delete_webhook>("Company"),
    row<get_company_package>("Company"),
    row<send_merge_request>("Company"),
    row<list_offices>("Office"),
    row<create_office>("Office"),
    row<list_users>("Users"),
    row<create_user>("Users"),
    row<get_user>("Users"),
    row<update_user>("Users"),
    row<change_password>("Users"),
    row<send_password_reset>("Users"),
    row<delete_user>("Users"),
    row<list_orders>("Orders"),
    row<get_order>("Orders"),
    row<upgrade_order>("Orders"),
    row<redeliver_order>("Orders"),
    row<get_combined_pdf>("Orders"),
    row<create_redraw>("Orders"),
    row<create_change_request>("Change Request"),
    row<list_change_requests>("Change Request"),
    row<get_change_request>("Change Request"),
    row<create_draft>("Draft Orders"),
    row<update_draft>("Draft Orders"),
    row<delete_draft>("Draft Orders"),
    row<create_goto_scan_order>("GoToScan"),
};

}  // namespace

std::span<const operation_info> operations() noexcept { return table; }

const operation_info* find_operation(std::string_view name) noexcept {
    const auto found =
        std::find_if(std::begin(table), std::end(table), [&](const operation_info& o) { return o.name == name; });
    return found == std::end(table) ? nullptr : &*found;
}

}  // namespace cubicasa
