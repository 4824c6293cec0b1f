// The common parts of requests and answers.
#include "answer.hpp"

#include "json_text.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace json = boost::json;

namespace cubicasa::testing::detail {

answer make_answer(const json::object& body) {
    answer out;
    append_json(out.body, body);
    return out;
}

answer make_message(int status, std::string_view text, std::string_view member) {
    answer out;
    out.status = status;
    out.body = "{\"";
    out.body.append(member).append("\":");
    append_json_string(out.body, text);
    out.body += '}';
    return out;
}

void refuse(int status, std::string_view text) { throw refused{make_message(status, text)}; }

void refuse_if(const complaints& errors) {
    if (errors.empty()) return;
    answer out;
    out.status = 400;
    out.body = errors.text();
    throw refused{std::move(out)};
}

json::object parse_body(const request_view& request) {
    const std::string_view type = request.content_type.substr(0, request.content_type.find(';'));
    if (type != "application/json") {
        const std::string text = "Unsupported media type '" + std::string(request.content_type) +
                                 "' in request. 'application/json' is required.";
        throw refused{make_message(415, text, "detail")};
    }
    boost::system::error_code wrong;
    json::value body = json::parse(json::string_view(request.body.data(), request.body.size()), wrong);
    if (wrong || !body.is_object()) {
        complaints errors("body_params");
        errors.add("__root__", wrong ? "not valid JSON" : "value is not a valid dict");
        refuse_if(errors);
    }
    return std::move(body.get_object());
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> out;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        out.emplace_back(decode_query_part(pair.substr(0, equals)),
                         decode_query_part(pair.substr(std::min(equals + 1, pair.size()))));
    }
    return out;
}

json::array array_of(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& t : texts) out.emplace_back(t);
    return out;
}

}  // namespace cubicasa::testing::detail
