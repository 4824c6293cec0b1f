// Addresses of files, read by Boost.URL.
#include "file_link.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

namespace cubicasa::detail {

namespace {

error refuse(const std::string& why) { return error(errc::invalid_argument, "the file's URL " + why); }

bool belongs_into_url(unsigned char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"<>\\^`{|}").find(static_cast<char>(c)) == std::string_view::npos;
}

// Nothing when it has a control character, which nobody means.
std::string encoded(std::string_view url) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(url.size());
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) return {};
        if (belongs_into_url(byte)) {
            out += c;
        } else {
            out.append({'%', digits[byte >> 4], digits[byte & 15]});
        }
    }
    return out;
}

result<file_link> link_of(const boost::urls::url_view& url) {
    file_link out;
    const std::string problem = read_origin(url, out.origin);
    if (!problem.empty()) return refuse(problem);
    const auto path = url.encoded_path();
    out.target.assign(path.data(), path.size());
    if (out.target.empty()) out.target = "/";
    out.resource = (out.origin.tls ? "https://" : "http://") + out.origin.host_field() + out.target;
    if (url.has_query()) {
        const auto query = url.encoded_query();
        out.target.append("?").append(query.data(), query.size());
    }
    return out;
}

}  // namespace

result<file_link> parse_file_link(std::string_view url) {
    const std::string text = encoded(url);
    const auto parsed = boost::urls::parse_uri(text);
    if (!parsed) return refuse("is not a URL");
    return link_of(*parsed);
}

result<file_link> follow(const file_link& from, std::string_view location) {
    const std::string text = encoded(location);
    const auto reference = boost::urls::parse_uri_reference(text);
    if (text.empty() || !reference) return refuse("cannot be told from the redirect");
    const std::string base_text = (from.origin.tls ? "https://" : "http://") + from.origin.host_field() + from.target;
    const auto base = boost::urls::parse_uri(base_text);
    boost::urls::url out;
    if (!base || !boost::urls::resolve(*base, *reference, out)) return refuse("cannot be told from the redirect");
    return link_of(out);
}

}  // namespace cubicasa::detail
