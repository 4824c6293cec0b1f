// See the header.
#include "order_filter.hpp"

#include "../moment.hpp"

namespace cubicasa::cli {

const std::vector<std::string>& order_statuses() {
    static const std::vector<std::string> all{"New", "Draft", "Pending", "Ready", "Fixing"};
    return all;
}

std::vector<parameter> order_filter_parameters(bool with_status) {
    std::vector<parameter> out;
    if (with_status) {
        out.push_back({"--status",
                       "STATUS",
                       "Only with this status; may be given several times",
                       kind::text,
                       false,
                       true,
                       {},
                       order_statuses()});
    }
    out.push_back(
        {"--created-after", "TIME", "2026-01-31, 2026-01-31T23:59:59Z (UTC), or seconds since 1970", kind::moment});
    out.push_back({"--created-before", "TIME", "The same", kind::moment});
    out.push_back({"--user-email", "ADDRESS", "Only of this user", kind::text});
    out.push_back({"--user-id", "ID", "Only of this user", kind::text});
    out.push_back({"--office", "NAME", "Only of this office", kind::text});
    out.push_back({"--office-id", "ID", "Only of this office", kind::text});
    return out;
}

list_orders order_filter(const arguments& given) {
    list_orders out;
    for (const std::string& status : given.all("--status")) out.status.emplace_back(status);
    if (given.has("--created-after")) out.created_after = parse_moment(given.text("--created-after"));
    if (given.has("--created-before")) out.created_before = parse_moment(given.text("--created-before"));
    out.user_email = given.text("--user-email");
    out.user_id = given.text("--user-id");
    out.office = given.text("--office");
    out.office_id = given.text("--office-id");
    return out;
}

}  // namespace cubicasa::cli
