// Where a link leads to, and what is never sent there.
#include "../support/download_fixture.hpp"
#include "../support/shown.hpp"

#include <string>

using cubicasa::condition;
using cubicasa::errc;
using test::fault;

namespace {

struct links_fixture : test::download_fixture {
    // A link of a generated order that is Ready, and where it stands.
    std::pair<cubicasa::order, cubicasa::asset> some_asset() {
        for (const std::string& id : server.order_ids()) {
            auto order = get(id);
            BOOST_TEST_REQUIRE(order.has_value());
            for (const auto& a : cubicasa::assets(*order)) {
                if (a.url.find("localhost") != std::string::npos) return {std::move(*order), a};
            }
        }
        BOOST_FAIL("no order has files");
        return {};
    }

    links_fixture() : download_fixture(test::with_orders(20)) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(links, links_fixture)

BOOST_AUTO_TEST_CASE(the_key_is_never_sent_to_a_host_of_files) {
    server.inject(fault::reset_after(1000).on("", "/files/").times(1));
    check_whole(download("redirect/2/plan.pdf", "plan.pdf"), "plan.pdf", "plan.pdf");
    BOOST_TEST(server.requests().size() >= 3u);
    for (const auto& r : server.requests()) {
        for (const auto& [name, value] : r.headers) {
            BOOST_TEST(value.find(std::string(config.api_key.reveal())) == std::string::npos, name);
        }
    }
}

BOOST_AUTO_TEST_CASE(redirects_are_followed) {
    const auto r = download("redirect/5/plan.pdf", "plan.pdf");
    check_whole(r, "plan.pdf", "plan.pdf");
    BOOST_TEST(r->attempts == 6);
    BOOST_TEST(r->url == url("plan.pdf"));
}

BOOST_AUTO_TEST_CASE(more_redirects_than_wanted_are_an_error) {
    const auto e = error_of_download("redirect/6/plan.pdf", "plan.pdf");
    BOOST_TEST((e == errc::redirected), e);
    BOOST_TEST(e.http_status == 302);
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(a_redirect_to_plain_http_is_not_followed) {
    server.inject(fault::status(302, "", {{"Location", "http://localhost:1/plan.pdf"}}));
    const auto e = error_of_download("plan.pdf", "plan.pdf");
    BOOST_TEST((e == errc::redirected), e);
    BOOST_TEST(server.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_redirect_without_location_is_an_error) {
    server.inject(fault::status(302));
    BOOST_TEST((error_of_download("plan.pdf", "plan.pdf") == errc::redirected));
}

BOOST_AUTO_TEST_CASE(a_part_that_came_by_a_redirect_is_gone_on_with) {
    const std::string name = "redirect/1/size/1000000/plan.pdf";
    server.inject(fault::truncate_after(300'000).on("", "/files/size").times(1));
    cubicasa::download_options once;
    once.max_attempts = 1;
    error_of_download(name, "plan.pdf", once);
    const auto r = download(name, "plan.pdf");
    check_whole(r, "size/1000000/plan.pdf", "plan.pdf");
    BOOST_TEST(r->fetched == 700'000u);
}

BOOST_AUTO_TEST_CASE(a_plain_http_link_to_another_machine_is_refused) {
    const auto r = download_url("http://files.example/plan.pdf", folder / "plan.pdf");
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::invalid_argument), r.error());
    BOOST_TEST(r.error().describe().find("http://") != std::string::npos);
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_refused_and_nothing_is_written) {
    for (const char* text : {"", "plan.pdf", "/plan.pdf", "ftp://a/b", "https://", "https://a:b@c/d", "https://a\n/b",
                             "https://a:99999/b"}) {
        const auto r = download_url(text, folder / "plan.pdf");
        BOOST_TEST_REQUIRE(r.has_error(), text);
        BOOST_TEST((r.error() == errc::invalid_argument), r.error());
    }
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(characters_that_do_not_belong_into_a_url_are_encoded) {
    const auto r = download(
        "Gr\xc3\xb6\xc3\x9f"
        "e 1.pdf",
        "plan.pdf");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(server.requests().back().target == "/files/Gr%C3%B6%C3%9Fe%201.pdf");
}

BOOST_AUTO_TEST_CASE(the_query_of_a_link_is_sent_and_in_no_error) {
    server.remove_file("plan.pdf");
    const auto r = download_url(url("plan.pdf") + "?signature=geheim", folder / "plan.pdf");
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST(server.requests().back().target == "/files/plan.pdf?signature=geheim");
    BOOST_TEST(r.error().describe().find("/files/plan.pdf") != std::string::npos);
    BOOST_TEST(r.error().describe().find("geheim") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_dead_link_is_an_error_that_is_not_repeated) {
    for (const int status : {403, 404, 410}) {
        server.remove_file("plan.pdf", status);
        const auto e = error_of_download("plan.pdf", "plan.pdf");
        BOOST_TEST((e == errc::dead_link), e);
        BOOST_TEST((e == condition::not_found));
        BOOST_TEST(e.http_status == status);
        BOOST_TEST(e.attempts == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_dead_link_is_asked_for_again_from_its_order) {
    const auto [order, asset] = some_asset();
    for (const int status : {403, 404, 410}) {
        server.remove_file(asset.url, status);
        server.set_status(order.id, "Fixing");
        server.set_status(order.id, "Ready");  // delivered anew, at other addresses
        cubicasa::download_options how;
        how.source = cubicasa::asset_source(order.id, asset);
        const auto r = download_url(asset.url, folder / "plan", how);
        BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
        BOOST_TEST(r->url != asset.url);
        const bool same = folder.read("plan") == server.file_bytes(r->url);
        BOOST_TEST(same);
    }
}

BOOST_AUTO_TEST_CASE(a_new_link_that_is_dead_too_is_an_error) {
    const auto [order, asset] = some_asset();
    server.remove_file(asset.url);
    cubicasa::download_options how;
    how.source = cubicasa::asset_source(order.id, asset);
    const auto r = download_url(asset.url, folder / "plan", how);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::dead_link), r.error());
    std::size_t asked = 0;
    for (const auto& request : server.requests()) asked += request.target.ends_with("/orders/" + order.id);
    // Once by some_asset(), once by the download.
    BOOST_TEST(asked == 2u);
}

BOOST_AUTO_TEST_CASE(a_file_that_its_order_does_not_have_any_more_stays_dead) {
    const auto [order, asset] = some_asset();
    server.remove_file(asset.url);
    cubicasa::download_options how;
    how.source = cubicasa::asset_source(order.id, asset);
    how.source->position = 99;
    const auto r = download_url(asset.url, folder / "plan", how);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::dead_link), r.error());
    BOOST_TEST(r.error().describe().find(order.id) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_order_that_cannot_be_read_is_the_error_of_the_download) {
    const auto [order, asset] = some_asset();
    server.remove_file(asset.url);
    server.inject(fault::status(401).on("GET", "/orders/"));
    cubicasa::download_options how;
    how.source = cubicasa::asset_source(order.id, asset);
    const auto r = download_url(asset.url, folder / "plan", how);
    BOOST_TEST_REQUIRE(r.has_error());
    BOOST_TEST((r.error() == errc::unauthorized), r.error());
}

BOOST_AUTO_TEST_CASE(a_page_for_people_is_no_file) {
    server.inject(fault::html());
    const auto e = error_of_download("plan.pdf", "plan.pdf");
    BOOST_TEST((e == errc::html_instead_of_file), e);
    server.clear_faults();
    server.inject(fault::status(200, " <!DOCTYPE HTML><title>Log in</title>", {{"Content-Type", "application/pdf"}}));
    BOOST_TEST((error_of_download("plan.pdf", "plan.pdf") == errc::html_instead_of_file));
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(a_page_for_people_is_a_file_if_that_is_wanted) {
    server.inject(fault::html());
    cubicasa::download_options how;
    how.refuse_html = false;
    BOOST_TEST(download("page.html", "page.html", how).has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_body_is_no_file_unless_its_length_says_so) {
    server.inject(fault::status(200, "", {{"Content-Type", "application/pdf"}}).also(fault::chunked()));
    BOOST_TEST((error_of_download("plan.pdf", "plan.pdf") == errc::empty_body));
    server.clear_faults();
    const auto r = download("size/0/empty", "empty");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(folder.read("empty").empty());
}

BOOST_AUTO_TEST_CASE(a_compressed_file_is_refused) {
    server.inject(fault::header("Content-Encoding", "gzip"));
    const auto e = error_of_download("plan.svg", "plan.svg");
    BOOST_TEST((e == errc::unexpected_answer), e);
    BOOST_TEST(e.describe().find("gzip") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_larger_than_wanted_is_refused_by_its_length_and_without) {
    cubicasa::download_options how;
    how.max_size = 999'999;
    BOOST_TEST((error_of_download("size/1000000/plan.pdf", "plan.pdf", how) == errc::body_too_large));
    server.inject(fault::chunked());
    BOOST_TEST((error_of_download("size/1000000/plan.pdf", "plan.pdf", how) == errc::body_too_large));
    BOOST_TEST(folder.names().empty());
}

BOOST_AUTO_TEST_CASE(each_origin_has_its_own_connections) {
    test::sandbox other;
    auto both = config;
    both.tls.ca_pem += other.ca_pem();
    config = both;
    BOOST_TEST(download("plan.pdf", "a").has_value());
    const std::string base = other.base_url();
    const auto r = download_url(base.substr(0, base.find("/api/")) + "/files/plan.pdf", folder / "b");
    BOOST_TEST_REQUIRE(r.has_value(), r.error().describe());
    BOOST_TEST(api().stats().opened == 0u);  // those of the API
    BOOST_TEST(server.stats().connections == 1u);
    BOOST_TEST(other.stats().connections == 1u);
}

BOOST_AUTO_TEST_CASE(connections_to_a_host_of_files_are_used_again) {
    for (int i = 0; i < 5; ++i) check_whole(download("plan.pdf", "plan.pdf"), "plan.pdf", "plan.pdf");
    check_whole(download("redirect/3/plan.pdf", "plan.pdf"), "plan.pdf", "plan.pdf");
    BOOST_TEST(server.stats().connections == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
