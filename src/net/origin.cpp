// Base URLs, read by Boost.URL.
#include "origin.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace cubicasa::detail {

std::string origin::host_field() const {
    std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != (tls ? "443" : "80")) out.append(":").append(port);
    return out;
}

bool origin::is_loopback() const {
    if (!host_is_address) return host == "localhost";
    error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    return !ec && address.is_loopback();
}

namespace {

// What names of hosts are made of (RFC 952, 1123), and '_', which some have. Other letters are written in punycode.
bool is_name(std::string_view host) {
    return std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

}  // namespace

std::string read_origin(const boost::urls::url_view& url, origin& out) {
    if (url.scheme_id() != boost::urls::scheme::https && url.scheme_id() != boost::urls::scheme::http) {
        return "must begin with https://";
    }
    out.tls = url.scheme_id() == boost::urls::scheme::https;
    if (url.has_userinfo()) return "must not hold a user name or password";
    if (url.host().empty()) return "has no host";
    out.host = url.host_address();
    out.host_is_address = url.host_type() != boost::urls::host_type::name;
    for (char& c : out.host) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (url.host_type() == boost::urls::host_type::ipvfuture) return "has a host of an unknown kind";
    if (!out.host_is_address && !is_name(out.host)) return "has a host with a character that no name has";
    if (url.has_port()) {
        const std::string_view port(url.port().data(), url.port().size());
        std::uint16_t number = 0;
        const auto [end, ec] = std::from_chars(port.data(), port.data() + port.size(), number);
        if (ec != std::errc() || end != port.data() + port.size() || number == 0) return "has no usable port";
    }
    // "10.0.0.1.example.com" is the host "10.0.0.1" and a path, for the parser, and "1.2.3.4:80x" a port and a path.
    if (!url.encoded_path().empty() && !url.encoded_path().starts_with('/'))
        return "has no host that can be understood";
    out.port = url.has_port() ? std::string(url.port()) : (out.tls ? "443" : "80");
    return {};
}

result<base_url> parse_base_url(std::string_view text) {
    const auto refuse = [](const std::string& why) { return error(errc::invalid_configuration, "base_url " + why); };
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed) return refuse("is not a URL; it should look like https://app.cubi.casa/api/integrate/v3");
    const boost::urls::url_view& url = *parsed;
    base_url out;
    const std::string problem = read_origin(url, out.origin);
    if (!problem.empty()) return refuse(problem);
    if (url.has_query() || url.has_fragment()) return refuse("must not have a query or a fragment");
    const auto path = url.encoded_path();
    out.path.assign(path.data(), path.size());
    while (!out.path.empty() && out.path.back() == '/') out.path.pop_back();
    return out;
}

}  // namespace cubicasa::detail
