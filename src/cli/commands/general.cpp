// The commands that are in no group: call, ping, operations, completion, manual.
#include "../completion.hpp"
#include "../json_text.hpp"
#include "../manual.hpp"
#include "parts.hpp"

#include <cubicasa/operations.hpp>

#include <algorithm>
#include <cctype>

namespace cubicasa::cli {

namespace {

asio::awaitable<exit_status> call_anything(session& s, const arguments& given) {
    std::string method = given.text("METHOD");
    std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::toupper(c); });
    raw_request request(method, given.text("PATH"));
    for (const std::string& q : given.all("--query")) {
        const std::size_t equals = q.find('=');
        if (equals == 0 || equals == std::string::npos) throw usage_error("--query: NAME=VALUE is expected");
        request.query.emplace_back(q.substr(0, equals), q.substr(equals + 1));
    }
    request.body = json_argument(given);
    s.raw_path = given.text("PATH");
    const raw_response answer = co_await s.api().async_call(request);
    if (given.has("--include")) {
        s.out.bytes("HTTP/1.1 " + std::to_string(answer.status) + "\n" + std::string(answer.headers.text()) + "\n");
    }
    s.out.bytes(answer.body);
    if (!answer.body.empty() && !answer.body.ends_with('\n')) s.out.bytes("\n");
    s.out.flush();
    if (answer.status < 300) co_return exit_status::done;
    s.err.fail("status",
               method + " " + given.text("PATH") + ": the server answered with HTTP " + std::to_string(answer.status),
               exit_status::refused);
    co_return exit_status::refused;
}

asio::awaitable<exit_status> ping_the_service(session& s, const arguments&) {
    const ping_result answer = co_await s.api().ping();
    if (!answer) throw failure(answer.problem);
    s.out.document(json::serialize(json::object{{"verdict", "good_key"}}));
    co_return exit_status::done;
}

asio::awaitable<exit_status> list_operations(session& s, const arguments&) {
    for (const operation_info& o : operations()) {
        s.out.record(json::serialize(json::object{{"name", view(o.name)},
                                                  {"method", view(o.method)},
                                                  {"path", view(o.path)},
                                                  {"effect", view(to_string(o.effect))},
                                                  {"evidence", view(to_string(o.evidence))}}),
                     {"name", "method", "path", "effect", "evidence"});
    }
    s.out.finish();
    co_return exit_status::done;
}

asio::awaitable<exit_status> print_completion(session& s, const arguments& given) {
    s.out.bytes(completion_for(given.text("SHELL")));
    co_return exit_status::done;
}

asio::awaitable<exit_status> print_manual(session& s, const arguments&) {
    s.out.bytes(manual_page());
    co_return exit_status::done;
}

}  // namespace

std::vector<command> general_commands() {
    return {
        {"",
         "call",
         "Any request at all, for what no command knows",
         "Goes to the API with the key, deadline and repetitions of every call, and prints the body as it came. "
         "Exit status 1 for an answer that is no 2xx.",
         "cubicasa call GET /orders --query limit=1",
         {id_parameter("METHOD", "GET, POST, ..."),
          id_parameter("PATH", "Below the base URL: /orders"),
          {"--query", "NAME=VALUE", "A parameter; may be given several times", kind::text, false, true},
          {"--include", "", "Print the status and the header fields, too", kind::flag},
          {"--json", "FILE", "The body; '-' is standard input", kind::file}},
         call_anything},
        {"",
         "ping",
         "Tell a good key from a bad one, and both from a dead network",
         "",
         "cubicasa ping",
         {},
         ping_the_service},
        {"",
         "operations",
         "All operations of the API, with how well each is known",
         "The path of an inferred one is a guess: --path NAME=PATH sets another one.",
         "cubicasa operations",
         {},
         list_operations},
        {"",
         "completion",
         "Print the completions for a shell",
         "",
         "source <(cubicasa completion bash)",
         {{"SHELL", "SHELL", "bash, zsh or fish", kind::text, true, false, {}, {"bash", "zsh", "fish"}}},
         print_completion},
        {"", "manual", "Print the manual page", "", "cubicasa manual | man -l -", {}, print_manual},
    };
}

}  // namespace cubicasa::cli
