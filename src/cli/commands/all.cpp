// All commands, in the order of the help.
#include "parts.hpp"

namespace cubicasa::cli {

const std::vector<group_info>& groups() {
    static const std::vector<group_info> all{
        {"orders", "Orders: lists, files, purchases"},
        {"change-requests", "What production is to correct"},
        {"drafts", "Orders that wait for their scan"},
        {"goto-scan", "Orders that somebody else scans"},
        {"webhooks", "Events that the service sends"},
        {"company", "The company that the key belongs to"},
        {"offices", "Its offices"},
        {"users", "Its users"},
    };
    return all;
}

const std::vector<command>& commands() {
    static const std::vector<command> all = [] {
        std::vector<command> out;
        for (auto family :
             {order_commands, order_file_commands, change_request_commands, draft_commands, goto_scan_commands,
              webhook_commands, company_commands, office_commands, user_commands, general_commands, sandbox_commands}) {
            for (command& c : family()) out.push_back(std::move(c));
        }
        return out;
    }();
    return all;
}

}  // namespace cubicasa::cli
