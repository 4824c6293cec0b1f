// What commands are made of: sending a request and printing its answer, and the parameters that many have.
#pragma once

#include "../body.hpp"
#include "../session.hpp"

#include <cubicasa/json.hpp>
#include <cubicasa/models/company.hpp>
#include <cubicasa/models/likely.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <vector>

namespace cubicasa::cli {

// An answer as JSON; empty when the server has sent none.
template <json_readable T>
std::string text_of(const T& answer) {
    return to_json(answer);
}
inline std::string text_of(const raw_json& answer) { return answer.text; }
inline std::string text_of(const company& answer) { return answer.document.text; }
template <class T>
std::string text_of(const likely<T>& answer) {
    return answer.document.text;
}

template <endpoint Request>
asio::awaitable<exit_status> send(session& s, Request request) {
    const typename Request::response answer = co_await s.api().async_call(request);
    const std::string text = text_of(answer);
    s.out.document(text);
    if (text.empty()) s.err.note("done");
    co_return exit_status::done;
}

// A request with what arguments and --json give for its body. Throws usage_error, and `failure` for files.
template <class Request>
Request filled(session& s, const arguments& given) {
    Request out;
    fill(out, body_text(s.running, given));
    return out;
}

// What a table shows of orders.
inline const std::vector<std::string> order_columns{"id", "info.status", "info.created_at", "info.location",
                                                    "info.external_id"};

// "--json FILE": the body, or what of it no other parameter gives.
inline parameter json_parameter(bool required = false) {
    return {"--json", "FILE",
            required ? "The body as JSON; '-' is standard input" : "Members of the body as JSON; '-' is standard input",
            kind::file, required};
}

// An argument without a name: the id of something.
inline parameter id_parameter(const std::string& name, const std::string& help) {
    return {name, name, help, kind::text, true};
}

inline std::vector<parameter> with(std::vector<parameter> first, const std::vector<parameter>& others) {
    first.insert(first.end(), others.begin(), others.end());
    return first;
}

// Each group's commands.
std::vector<command> company_commands();
std::vector<command> office_commands();
std::vector<command> user_commands();
std::vector<command> order_commands();
std::vector<command> order_file_commands();
std::vector<command> change_request_commands();
std::vector<command> draft_commands();
std::vector<command> goto_scan_commands();
std::vector<command> webhook_commands();
std::vector<command> general_commands();
std::vector<command> sandbox_commands();

}  // namespace cubicasa::cli
