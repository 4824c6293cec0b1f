// change-requests: what production is to correct.
#include "list.hpp"

namespace cubicasa::cli {

namespace {

asio::awaitable<exit_status> create_a_change_request(session& s, const arguments& given) {
    auto request = filled<create_change_request>(s, given);
    request.order_id = given.text("ORDER_ID");
    return send(s, std::move(request));
}

}  // namespace

std::vector<command> change_request_commands() {
    return {
        {"change-requests",
         "create",
         "Ask production to correct a delivered order",
         "",
         "cubicasa change-requests create ORDER_ID --text 'The door is on the left.'",
         {id_parameter("ORDER_ID", "Which order"),
          {"--text", "TEXT", "What to correct; required", kind::text, false, false, "text"},
          {"--img-url", "URL", "A picture that explains it; may be given several times", kind::text, false, true,
           "img_urls"},
          json_parameter()},
         create_a_change_request},
        {"change-requests", "list", "The change requests of an order", "The path is not confirmed.",
         "cubicasa change-requests list ORDER_ID --all",
         with({id_parameter("ORDER_ID", "Which order")}, list_parameters()),
         [](session& s, const arguments& given) {
             return list(s, given, list_change_requests(given.text("ORDER_ID")), {"id", "sent_at", "text"});
         }},
        {"change-requests",
         "get",
         "One change request",
         "",
         "cubicasa change-requests get ORDER_ID ID",
         {id_parameter("ORDER_ID", "Which order"), id_parameter("ID", "Which of its change requests")},
         [](session& s, const arguments& given) {
             return send(s, get_change_request(given.text("ORDER_ID"), given.text("ID")));
         }},
    };
}

}  // namespace cubicasa::cli
