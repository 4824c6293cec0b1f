// The address of a file: where to ask, and what for. Includes no sockets.
#pragma once

#include "../net/origin.hpp"

#include <string>
#include <string_view>

namespace cubicasa::detail {

struct file_link {
    cubicasa::detail::origin origin;
    std::string target;    // path and query, percent-encoded
    std::string resource;  // the URL without its query, which may hold a signature: for people, and to compare
};

// Takes what browsers take: characters that do not belong into a URL, blanks and letters outside ASCII for instance,
// are percent-encoded. errc::invalid_argument for what is not an absolute http or https URL with a host.
result<file_link> parse_file_link(std::string_view url);

// Where a redirect leads; `location` may be relative.
result<file_link> follow(const file_link& from, std::string_view location);

}  // namespace cubicasa::detail
