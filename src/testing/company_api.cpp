// The operations of the group Company (contract 3.1 to 3.5).
#include "operations.hpp"

namespace json = boost::json;

namespace cubicasa::testing::detail {

answer get_company_info(sandbox_state&, const call&) {
    json::object profile;
    profile["name"] = "Sandbox company";
    profile["email"] = make_account(0).email;
    json::object out;
    out["profile"] = std::move(profile);
    return make_answer(out);
}

answer update_webhook(sandbox_state& state, const call& c) {
    const json::object body = parse_body(c.request);
    complaints errors("body_params");
    body_reader reader(body, errors);
    auto urls = reader.texts("webhook_urls");
    auto triggers = reader.texts("webhook_triggers");
    refuse_if(errors);

    webhook_settings& kept = state.webhooks;
    if (urls) kept.urls = std::move(*urls);
    if (triggers) {
        // Without a complaint: a client has to compare the echo (contract 2.3).
        std::erase_if(*triggers, [](const std::string& t) { return !is_known_trigger(t); });
        kept.triggers = std::move(*triggers);
    }
    json::object out;
    out["webhook_urls"] = array_of(kept.urls);
    out["webhook_triggers"] = array_of(kept.triggers);
    return make_answer(out);
}

answer delete_webhook(sandbox_state& state, const call&) {
    state.webhooks = webhook_settings();
    return make_message(200, "The webhook has been deleted.");
}

// The shape is not public.
answer get_company_package(sandbox_state&, const call&) {
    json::object out;
    out["default_package_type"] = "base";
    out["package_types"] = json::array({"base", "plus", "plus_3d"});
    out["add_ons"] = json::array({"gla", "3d_cad_files", "express_sla"});
    return make_answer(out);
}

// Neither is that of this one, or what it asks for.
answer send_merge_request(sandbox_state&, const call& c) {
    parse_body(c.request);
    return make_message(200, "The merge request has been sent.");
}

}  // namespace cubicasa::testing::detail
