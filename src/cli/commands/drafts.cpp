// drafts and goto-scan: orders that wait for their scan.
#include "../moment.hpp"
#include "order_form.hpp"
#include "parts.hpp"

namespace cubicasa::cli {

namespace {

std::vector<parameter> draft_parameters() {
    const std::vector<parameter> styles{
        text_parameter("--style-template-id", "Of the floor plans", "order_preferences.style_2d.style_template_id"),
        text_parameter("--style-2d-info", "Free text about the floor plans", "order_preferences.style_2d.add_info"),
        text_parameter("--furniture-set", "Of the 3D floor plans", "order_preferences.style_3d.furniture_set"),
        {"--include-basement",
         "true|false",
         "In the 3D floor plans",
         kind::truth,
         false,
         false,
         "order_preferences.style_3d.include_basement",
         {"true", "false"}},
        text_parameter("--style-3d-info", "Free text about the 3D floor plans", "order_preferences.style_3d.add_info"),
        text_parameter("--video-speed", "Of the video", "order_preferences.style_3d.video.speed"),
        text_parameter("--video-layout", "Of the video", "order_preferences.style_3d.video.layout"),
        json_parameter(),
    };
    const parameter owner{"--owner-email", "ADDRESS",    "The user who gets the draft; required", kind::text, false,
                          false,           "owner_email"};
    return with(with(with(address_parameters(), {owner}), purchase_parameters()), styles);
}

asio::awaitable<exit_status> create_or_find(session& s, const arguments& given) {
    create_draft request(filled<draft_details>(s, given));
    list_orders within;
    if (given.has("--created-after")) within.created_after = parse_moment(given.text("--created-after"));
    const order found = co_await s.api().drafts().create_or_find(std::move(request), std::move(within));
    s.out.document(to_json(found));
    co_return exit_status::done;
}

}  // namespace

std::vector<command> draft_commands() {
    const std::string example =
        "--street '121 N Washington Ave' --city Minneapolis --country 'United States' --owner-email jane@example.com";
    return {
        {"drafts", "create", "A draft, and one more each time", "'drafts create-or-find' makes it only once.",
         "cubicasa drafts create " + example, draft_parameters(),
         [](session& s, const arguments& given) { return send(s, create_draft(filled<draft_details>(s, given))); }},
        {"drafts", "create-or-find", "A draft, unless there is an order with its external id",
         "May be run again after any failure. The API cannot look orders up by their external id: the list is walked.",
         "cubicasa drafts create-or-find --external-id 4711 " + example,
         with({{"--created-after", "TIME", "Look among the orders that were made then or later only", kind::moment}},
              draft_parameters()),
         create_or_find},
        {"drafts", "update", "Change a draft",
         "Give the whole draft: whether the service keeps what is left out is not public.",
         "cubicasa drafts update ORDER_ID " + example, with({id_parameter("ORDER_ID", "Which")}, draft_parameters()),
         [](session& s, const arguments& given) {
             return send(s, update_draft(given.text("ORDER_ID"), filled<draft_details>(s, given)));
         }},
        {"drafts",
         "remove",
         "Delete a draft",
         "The path is not confirmed.",
         "cubicasa drafts remove ORDER_ID",
         {id_parameter("ORDER_ID", "Which")},
         [](session& s, const arguments& given) { return send(s, delete_draft(given.text("ORDER_ID"))); }},
    };
}

std::vector<command> goto_scan_commands() {
    return {
        {"goto-scan",
         "create",
         "An order whose scan is made by somebody who follows a link",
         "Neither path nor body are public; --path create_goto_scan_order=PATH sets another path.",
         "cubicasa goto-scan create --json order.json",
         {json_parameter(true)},
         [](session& s, const arguments& given) {
             return send(s, create_goto_scan_order(raw_json(json_argument(given))));
         }},
    };
}

}  // namespace cubicasa::cli
