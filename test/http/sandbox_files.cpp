// The sandbox as a host of files: large ones, ranges, validators, new versions, redirects, and links that expire.
#include "../support/file_host.hpp"
#include "../support/sandbox_support.hpp"

using cubicasa::testing::fault;
using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using namespace test;

namespace {

std::string pdf_link(const json::value& order) {
    return order.at("delivery_assets").at("listing_floorplans").at("pdf_urls").at(0).as_string().c_str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sandbox_files)

BOOST_AUTO_TEST_CASE(files_are_served_without_a_key_and_are_always_the_same) {
    const sandbox server(generated(1));
    plain_client client(server);
    BOOST_REQUIRE(!client.connect());
    const json::value order = json::parse(server.order_json(server.order_ids().front()));
    const std::string url = pdf_link(order);
    for (int i = 0; i < 2; ++i) {
        BOOST_REQUIRE(!client.send("GET", url.substr(url.find("/files/")), "", "", ""));
        const reply r = client.receive();
        BOOST_TEST(r.status == 200);
        BOOST_TEST(r.header("Content-Type") == "application/pdf");
        BOOST_TEST(r.body.starts_with("%PDF-"));
        BOOST_TEST((r.body == server.file_bytes(url)));
    }
    BOOST_TEST(server.requests().back().header("api-key") == "");
    BOOST_TEST(server.stats().requests_per_path.at("GET /files") == 2U);
}

BOOST_AUTO_TEST_CASE(a_file_has_the_size_that_its_name_says) {
    file_host h;
    BOOST_TEST(h.server.file_size("size/0/a") == 0U);
    BOOST_TEST(h.server.file_size(small_file) == 1000U);
    BOOST_TEST(h.server.file_size("size/4294967296/video.mp4") == 4 * gib);
    BOOST_TEST(h.server.file_size("size/99999999999999/a") == 64 * gib);
    BOOST_TEST(h.server.file_size("other.jpg") >= 2048U);
    h.check_whole(h.get("size/0/a"), "size/0/a");
    h.check_whole(h.get(small_file), small_file);
    h.check_whole(h.get("size/1000003/a"), "size/1000003/a");
}

BOOST_AUTO_TEST_CASE(a_name_may_be_a_whole_address) {
    const sandbox server;
    const std::string bytes = server.file_bytes(small_file);
    BOOST_TEST((server.file_bytes("https://localhost:1/files/" + small_file + "?signature=1") == bytes));
    BOOST_TEST((server.file_bytes("/files/" + small_file) == bytes));
}

BOOST_AUTO_TEST_CASE(bytes_are_the_same_from_wherever_they_are_read) {
    const sandbox server;
    const std::string whole = server.file_bytes(small_file);
    for (std::size_t offset = 0; offset < 30; ++offset) {
        for (std::size_t size = 0; size < 30; ++size) {
            if (server.file_bytes(small_file, offset, size) != whole.substr(offset, size)) {
                BOOST_ERROR("other bytes at " << offset << ", " << size);
            }
        }
    }
    BOOST_TEST((server.file_bytes(small_file, 990) == whole.substr(990)));
    BOOST_TEST(server.file_bytes(small_file, 1000) == "");
    BOOST_TEST(server.file_bytes(small_file, 5000, 1) == "");
}

BOOST_AUTO_TEST_CASE(a_large_file_has_no_period) {
    const sandbox server;
    const std::string first = server.file_bytes(large_file, 0, 64);
    for (const std::uint64_t offset : {64 * 1024 * std::uint64_t(1), gib, 2 * gib, 4 * gib}) {
        BOOST_TEST((server.file_bytes(large_file, offset, 64) != first));
    }
}

BOOST_AUTO_TEST_CASE(a_file_of_gigabytes_is_served_from_any_offset) {
    file_host h;
    h.check_part(h.get_range(large_file, "4294967290-4294967309"), large_file, 4 * gib - 6, 20);
    h.check_part(h.get_range(large_file, "4999999999-"), large_file, 4'999'999'999, 1);
    h.check_part(h.get_range(large_file, "-1000000"), large_file, 4'999'000'000, 1'000'000);
}

BOOST_AUTO_TEST_CASE(an_answer_of_gigabytes_begins_at_once_and_others_are_answered_meanwhile) {
    file_host h;
    BOOST_REQUIRE(!h.client.send_text(file_request("GET", large_file, {})));
    plain_client other(h.server);
    BOOST_TEST(other.call("GET", "/orders").status == 200);
    BOOST_TEST(h.server.requests().front().status == 200);
}

BOOST_AUTO_TEST_CASE(the_head_of_a_file_tells_what_a_download_needs) {
    file_host h;
    const reply r = h.get(small_file);
    BOOST_TEST(r.header("Accept-Ranges") == "bytes");
    BOOST_TEST(r.header("Content-Type") == "application/pdf");
    BOOST_TEST(r.header("ETag").size() == 38U);
    BOOST_TEST(r.header("ETag").starts_with("\""));
    BOOST_TEST(r.header("Last-Modified") == "Tue, 14 Nov 2023 22:13:20 GMT");
    BOOST_TEST(r.header("Date").ends_with(" GMT"));
    BOOST_TEST(h.get("size/1000/other.pdf").header("ETag") != r.header("ETag"));
}

BOOST_AUTO_TEST_CASE(head_is_the_same_without_the_body) {
    file_host h;
    const reply r = h.get(small_file);
    const std::string head = h.bytes("HEAD", small_file, {{"Range", "bytes=0-1"}});
    BOOST_TEST(head.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(head.ends_with("\r\n\r\n"));
    BOOST_TEST(head.find("\r\nContent-Length: 1000\r\n") != std::string::npos);
    BOOST_TEST(head.find("\r\nETag: " + r.header("ETag") + "\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_methods_are_not_for_files) {
    file_host h;
    BOOST_REQUIRE(!h.client.send("POST", "/files/" + small_file, "{}"));
    const reply r = h.client.receive();
    BOOST_TEST(r.status == 405);
    BOOST_TEST(r.header("Allow") == "GET, HEAD");
}

BOOST_AUTO_TEST_CASE(a_range_is_answered_with_its_bytes) {
    file_host h;
    h.check_part(h.get_range(small_file, "0-0"), small_file, 0, 1);
    h.check_part(h.get_range(small_file, "0-"), small_file, 0, 1000);
    h.check_part(h.get_range(small_file, "17-30"), small_file, 17, 14);
    h.check_part(h.get_range(small_file, "990-2000"), small_file, 990, 10);
    h.check_part(h.get_range(small_file, "990-99999999999999999999"), small_file, 990, 10);
    h.check_part(h.get_range(small_file, "999-"), small_file, 999, 1);
    h.check_part(h.get_range(small_file, "-3"), small_file, 997, 3);
    h.check_part(h.get_range(small_file, "-2000"), small_file, 0, 1000);
    BOOST_TEST(h.server.requests().back().status == 206);
    BOOST_TEST(h.server.requests().back().header("range") == "bytes=-2000");
}

BOOST_AUTO_TEST_CASE(a_range_outside_of_the_file_is_not_satisfiable) {
    file_host h;
    for (const char* range : {"1000-", "1000-1001", "-0", "99999999999999999999-"}) {
        const reply r = h.get_range(small_file, range);
        BOOST_TEST(r.status == 416);
        BOOST_TEST(r.header("Content-Range") == "bytes */1000");
        BOOST_TEST(r.keep_alive);
    }
    BOOST_TEST(h.get_range("size/0/a", "0-").header("Content-Range") == "bytes */0");
}

BOOST_AUTO_TEST_CASE(several_ranges_and_what_is_no_range_get_the_whole_file) {
    file_host h;
    for (const char* range : {"0-1,5-6", "5-4", "a-b", "-", "", "1", " 1-2", "1-2x"}) {
        h.check_whole(h.get_range(small_file, range), small_file);
    }
    h.check_whole(h.get(small_file, {{"Range", "lines=1-2"}}), small_file);
}

BOOST_AUTO_TEST_CASE(if_range_gets_the_range_of_the_same_file_only) {
    file_host h;
    const reply r = h.get(small_file);
    const auto get_if = [&](const std::string& validator) {
        return h.get_range(small_file, "500-", {{"If-Range", validator}});
    };
    h.check_part(get_if(r.header("ETag")), small_file, 500, 500);
    h.check_part(get_if(r.header("Last-Modified")), small_file, 500, 500);
    h.check_whole(get_if("\"other\""), small_file);
    h.check_whole(get_if("W/" + r.header("ETag")), small_file);
    h.check_whole(get_if("Tue, 14 Nov 2023 22:13:21 GMT"), small_file);
    // With a range that the new file has not, too.
    h.check_whole(h.get_range(small_file, "5000-", {{"If-Range", "\"other\""}}), small_file);
}

BOOST_AUTO_TEST_CASE(if_none_match_saves_the_body) {
    file_host h;
    const std::string etag = h.get(small_file).header("ETag");
    for (const std::string& list : {etag, "W/" + etag, "\"a\", " + etag, std::string("*")}) {
        const reply r = h.get(small_file, {{"If-None-Match", list}});
        BOOST_TEST(r.status == 304);
        BOOST_TEST(r.header("ETag") == etag);
        BOOST_TEST(r.body == "");
    }
    h.check_whole(h.get(small_file, {{"If-None-Match", "\"a\", \"b\""}}), small_file);
}

BOOST_AUTO_TEST_CASE(a_changed_file_is_another_file_of_the_same_size) {
    file_host h;
    const reply before = h.get(small_file);
    h.server.change_file("/files/" + small_file);
    const reply after = h.get(small_file);
    BOOST_TEST(after.body.size() == before.body.size());
    BOOST_TEST((after.body != before.body));
    BOOST_TEST(after.body.starts_with("%PDF-"));
    BOOST_TEST(after.header("ETag") != before.header("ETag"));
    BOOST_TEST(after.header("Last-Modified") != before.header("Last-Modified"));
    h.check_whole(after, small_file);
    h.check_whole(h.get_range(small_file, "500-", {{"If-Range", before.header("ETag")}}), small_file);
    h.check_whole(h.get_range(small_file, "500-", {{"If-Range", before.header("Last-Modified")}}), small_file);
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_while_it_is_sent_is_sent_as_it_was) {
    file_host h(fault::connection_close());
    const std::string name = "size/30000000/a";
    const std::string before = h.server.file_bytes(name);
    BOOST_REQUIRE(!h.client.send_text(file_request("GET", name, {})));
    plain_client other(h.server);
    BOOST_TEST(other.call("GET", "/orders").status == 200);
    h.server.change_file(name);
    BOOST_TEST((h.client.receive().body == before));
}

BOOST_AUTO_TEST_CASE(a_removed_file_is_gone_until_it_is_restored) {
    file_host h;
    for (const int status : {403, 404, 410}) {
        h.server.remove_file(small_file, status);
        const reply r = h.get_range(small_file, "500-");
        BOOST_TEST(r.status == status);
        BOOST_TEST(r.header("ETag") == "");
        BOOST_TEST(r.header("Content-Type") == "application/xml");
    }
    h.check_whole(h.get("size/1000/other.pdf"), "size/1000/other.pdf");
    h.server.restore_file(small_file);
    h.check_whole(h.get(small_file), small_file);
}

BOOST_AUTO_TEST_CASE(links_that_expire_are_replaced_by_others_to_the_same_files) {
    sandbox server(generated(1));
    plain_client client(server);
    const std::string id = server.order_ids().front();
    const auto link = [&] { return pdf_link(client.call("GET", "/orders/" + id).parsed()); };
    const auto get = [&](const std::string& url) {
        BOOST_REQUIRE(!client.send("GET", url.substr(url.find("/files/")), "", "", ""));
        return client.receive();
    };
    std::string before = link();
    const reply good = get(before);
    for (int i = 0; i < 2; ++i) {
        server.expire_files(id);
        BOOST_TEST(get(before).status == 403);
        BOOST_TEST(link() != before);
        before = link();
        BOOST_TEST(get(before).header("ETag") == good.header("ETag"));
        BOOST_TEST((get(before).body == good.body));
    }
    BOOST_TEST((server.file_bytes(before) == good.body));

    client.call("POST", "/orders/" + id + "/redeliver", "{}");
    BOOST_TEST(get(link()).status == 200);
    server.expire_files(id);
    BOOST_TEST(get(link()).status == 200);
    BOOST_CHECK_THROW(server.expire_files("none"), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(an_expired_link_to_the_combined_pdf_is_replaced_too) {
    sandbox_options options = generated(1);
    options.pdf_as_link = true;
    sandbox server(options);
    plain_client client(server);
    const std::string id = server.order_ids().front();
    const auto link = [&] {
        const std::string url = text_of(client.call("GET", "/orders/" + id + "/combined-pdf").parsed(), "url");
        return url.substr(url.find("/files/"));
    };
    const auto status_of_file = [&](const std::string& target) {
        BOOST_REQUIRE(!client.send("GET", target, "", "", ""));
        return client.receive().status;
    };
    const std::string before = link();
    BOOST_TEST(status_of_file(before) == 200);
    server.expire_files(id);
    BOOST_TEST(status_of_file(before) == 403);
    BOOST_TEST(status_of_file(link()) == 200);
}

BOOST_AUTO_TEST_CASE(redirects_lead_to_the_file_step_by_step) {
    file_host h;
    std::string name = "redirect/3/" + small_file + "?a=b";
    for (const char* next : {"redirect/2/", "redirect/1/", ""}) {
        const reply r = h.get(name);
        BOOST_TEST(r.status == 302);
        BOOST_TEST(r.body == "");
        BOOST_TEST(r.header("Location") == "/files/" + (next + small_file) + "?a=b");
        name = r.header("Location").substr(7);
    }
    h.check_whole(h.get(name), small_file);
    BOOST_TEST((h.server.file_bytes("/files/redirect/3/" + small_file) == h.server.file_bytes(small_file)));
    BOOST_TEST(h.get("redirect/x/" + small_file).status == 404);
    BOOST_TEST(h.get("redirect/1").status == 404);
    BOOST_TEST(h.get("redirect/1/").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
