// Scheme, host and port: what a pool of connections is for. And the reading of a base URL.
#pragma once

#include <cubicasa/result.hpp>

#include <boost/url/url_view.hpp>

#include <string>
#include <string_view>

namespace cubicasa::detail {

struct origin {
    bool tls = true;
    std::string host;  // without the brackets of an IPv6 address
    std::string port;
    bool host_is_address = false;

    // As the Host field has it: brackets and port only where needed.
    std::string host_field() const;
    bool is_loopback() const;

    friend auto operator<=>(const origin&, const origin&) = default;
};

struct base_url {
    cubicasa::detail::origin origin;
    std::string path;  // percent-encoded, without a slash at the end
};

// The origin of any http or https URL, whose path begins with '/' if it has one. Returns what is wrong with it, as in
// "has no host", or nothing.
std::string read_origin(const boost::urls::url_view& url, origin& out);

// Reads "https://host[:port][/path]". Refused: other schemes, user information, query, fragment.
result<base_url> parse_base_url(std::string_view text);

}  // namespace cubicasa::detail
