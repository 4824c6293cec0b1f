// Reading the base URL.
#include "download/file_link.hpp"
#include "net/origin.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(base_urls)

using cubicasa::errc;
using cubicasa::detail::parse_base_url;

BOOST_AUTO_TEST_CASE(the_production_url_is_read) {
    const auto url = parse_base_url("https://app.cubi.casa/api/integrate/v3");
    BOOST_TEST_REQUIRE(url.has_value());
    BOOST_TEST(url->origin.tls);
    BOOST_TEST(url->origin.host == "app.cubi.casa");
    BOOST_TEST(url->origin.port == "443");
    BOOST_TEST(url->origin.host_field() == "app.cubi.casa");
    BOOST_TEST(url->path == "/api/integrate/v3");
}

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_changes_nothing) {
    BOOST_TEST(parse_base_url("https://h/api/")->path == "/api");
    BOOST_TEST(parse_base_url("https://h/")->path == "");
    BOOST_TEST(parse_base_url("https://h")->path == "");
}

BOOST_AUTO_TEST_CASE(a_port_of_its_own_is_in_the_host_field) {
    const auto url = parse_base_url("https://localhost:8443/api");
    BOOST_TEST(url->origin.port == "8443");
    BOOST_TEST(url->origin.host_field() == "localhost:8443");
}

BOOST_AUTO_TEST_CASE(addresses_are_told_from_names) {
    BOOST_TEST(parse_base_url("https://127.0.0.1")->origin.host_is_address);
    const auto v6 = parse_base_url("https://[::1]:9");
    BOOST_TEST(v6->origin.host_is_address);
    BOOST_TEST(v6->origin.host == "::1");
    BOOST_TEST(v6->origin.host_field() == "[::1]:9");
    BOOST_TEST(!parse_base_url("https://localhost")->origin.host_is_address);
}

BOOST_AUTO_TEST_CASE(loopback_is_known) {
    for (const char* url : {"http://127.0.0.1", "http://127.9.9.9", "http://[::1]", "http://localhost"}) {
        BOOST_TEST(parse_base_url(url)->origin.is_loopback(), url);
    }
    for (const char* url : {"http://app.cubi.casa", "http://128.0.0.1", "http://localhost.example.com"}) {
        BOOST_TEST(!parse_base_url(url)->origin.is_loopback(), url);
    }
}

BOOST_AUTO_TEST_CASE(the_host_is_compared_without_case) {
    BOOST_TEST(parse_base_url("HTTPS://App.Cubi.Casa")->origin.host == "app.cubi.casa");
}

BOOST_AUTO_TEST_CASE(what_is_no_base_url_is_refused) {
    for (const char* url :
         {"", "app.cubi.casa", "/api", "ftp://h", "https://", "https://user@h", "https://u:p@h", "https://h?x=1",
          "https://h#f", "https://h:0", "https://h:99999", "https://h/a b", "https://h/\r\nX: y"}) {
        const auto parsed = parse_base_url(url);
        BOOST_TEST_REQUIRE(parsed.has_error(), url);
        BOOST_TEST((parsed.error() == errc::invalid_configuration));
    }
}

// An address ends where it ends, for the parser of URLs, and what follows it would be taken for a path.
BOOST_AUTO_TEST_CASE(a_name_that_begins_with_an_address_is_not_taken_for_the_address) {
    for (const char* url : {"https://10.0.0.1.nip.io/api", "https://1.2.3.4.example.com", "https://[::1]evil.com/",
                            "http://127.0.0.1:8080x/", "https://127.0.0.1a"}) {
        const auto parsed = parse_base_url(url);
        BOOST_TEST_REQUIRE(parsed.has_error(), url);
        BOOST_TEST((parsed.error() == errc::invalid_configuration));
        BOOST_TEST(cubicasa::detail::parse_file_link(url).has_error(), url);
    }
}

BOOST_AUTO_TEST_CASE(a_host_of_other_characters_than_names_have_is_refused) {
    for (const char* url : {"https://localhost%00%0d%0aX-Injected%3a%20yes", "https://a%2eb%20c",
                            "https://%C3%A4.example", "https://[v1.evil]", "https://a!b", "https://a_b.example;x"}) {
        BOOST_TEST(parse_base_url(url).has_error(), url);
        BOOST_TEST(cubicasa::detail::parse_file_link(url).has_error(), url);
    }
    BOOST_TEST(parse_base_url("https://my_host-1.example.").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
