// What the parser's events do to the request.
#include "event_request.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace cubicasa::detail {

namespace beast = boost::beast;

event_request::event_request(std::size_t limit) : left_(limit) {
    header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(limit, UINT32_MAX)));
    body_limit(boost::none);
}

// The parser's own limit is for what it has not taken yet, which never grows if the lines come one by one.
void event_request::count(std::size_t header, error_code& ec) {
    if (header > left_) {
        ec = beast::http::error::header_limit;
    } else {
        left_ -= header;
    }
}

void event_request::on_request_impl(beast::http::verb, text name, text path, int, error_code& ec) {
    count(name.size() + path.size(), ec);
    method.assign(name.data(), name.size());
    target.assign(path.data(), path.size());
}

void event_request::on_field_impl(beast::http::field which, text name, text value, error_code& ec) {
    count(name.size() + value.size() + 4, ec);
    if (which == beast::http::field::expect) expects_continue = beast::iequals(value, "100-continue");
}

std::size_t event_request::on_body_impl(text part, error_code&) {
    body.append(part.data(), part.size());
    return part.size();
}

}  // namespace cubicasa::detail
