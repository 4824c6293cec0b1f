// The answer of get_combined_pdf, whose form is not public: a document, or JSON with a link to it.
#include <cubicasa/endpoints/orders.hpp>

#include <algorithm>

namespace cubicasa {

namespace {

// The members that may hold the link, in the order in which they are tried.
struct link {
    std::string url;
    std::string download_url;
    std::string pdf_url;
};

constexpr auto members_of(const link*) {
    return member_table(member<&link::url>("url"), member<&link::download_url>("download_url"),
                        member<&link::pdf_url>("pdf_url"));
}

// "Application/JSON; charset=utf-8" is application/json.
std::string media_type(const header_block& headers) {
    std::string out(headers.find("Content-Type").value_or(""));
    out.erase(std::min(out.find(';'), out.size()));
    out.erase(std::min(out.find_last_not_of(" \t") + 1, out.size()));
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

error unexpected(std::string message) { return error(errc::unexpected_answer, std::move(message), delivery::answered); }

result<combined_pdf> from_link(std::string_view body) {
    auto decoded = detail::decode_json<link>(body);
    if (!decoded) return std::move(decoded).error();
    for (auto* url : {&decoded->url, &decoded->download_url, &decoded->pdf_url}) {
        if (url->empty()) continue;
        combined_pdf out;
        out.url = std::move(*url);
        return out;
    }
    return unexpected("JSON with none of url, download_url and pdf_url");
}

}  // namespace

result<combined_pdf> get_combined_pdf::decode(const raw_response& answer) {
    const std::string type = media_type(answer.headers);
    if (answer.body.empty()) return error(errc::empty_body, {}, delivery::answered);
    if (type == "text/html" || detail::looks_like_html(answer.body)) {
        error e(errc::html_instead_of_json, "where a PDF document or JSON is expected", delivery::answered);
        e.server_message = detail::printable(answer.body, 200);
        return e;
    }
    const bool untyped_json = type.empty() && answer.body.front() == '{';
    if (type == "application/json" || type.ends_with("+json") || untyped_json) return from_link(answer.body);
    if (type == "application/pdf" || answer.body.starts_with("%PDF-")) {
        combined_pdf out;
        out.bytes = answer.body;
        return out;
    }
    return unexpected("neither JSON nor a PDF document: Content-Type " + detail::printable(type, 100));
}

}  // namespace cubicasa
