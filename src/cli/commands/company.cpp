// company: the company that the key belongs to.
#include "parts.hpp"

namespace cubicasa::cli {

std::vector<command> company_commands() {
    return {
        {"company",
         "get",
         "The company that the key belongs to",
         "",
         "cubicasa company get",
         {},
         [](session& s, const arguments&) { return send(s, get_company()); }},
        {"company",
         "package",
         "The packages and add-ons of the company",
         "The path is not confirmed; --path get_company_package=PATH sets another one.",
         "cubicasa company package",
         {},
         [](session& s, const arguments&) { return send(s, get_company_package()); }},
        {"company",
         "update-webhooks",
         "Replace where and when the service calls webhooks",
         "What the service says that it has now is compared with what was asked for.",
         "cubicasa company update-webhooks --webhook-url https://example.com/hooks/TOKEN "
         "--webhook-trigger moved_to_ready",
         {{"--webhook-url", "URL", "Call this one; may be given several times", kind::text, false, true,
           "webhook_urls"},
          {"--webhook-trigger",
           "TRIGGER",
           "Call then; may be given several times",
           kind::text,
           false,
           true,
           "webhook_triggers",
           {"moved_to_draft", "moved_to_pending", "moved_to_ready", "moved_to_fixing", "moved_to_failed"}},
          json_parameter()},
         [](session& s, const arguments& given) { return send(s, filled<update_webhooks>(s, given)); }},
        {"company",
         "delete-webhook",
         "End all calls of webhooks",
         "The path is not confirmed; --path delete_webhook=PATH sets another one.",
         "cubicasa company delete-webhook",
         {},
         [](session& s, const arguments&) { return send(s, delete_webhook()); }},
        {"company",
         "send-merge-request",
         "Ask another company to merge with this one",
         "Neither path nor body are public; --path send_merge_request=PATH sets another path.",
         "cubicasa company send-merge-request --json request.json",
         {json_parameter(true)},
         [](session& s, const arguments& given) {
             return send(s, send_merge_request(raw_json(json_argument(given))));
         }},
    };
}

}  // namespace cubicasa::cli
