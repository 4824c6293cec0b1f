// The sandbox as a host of files: large ones, ranges, validators, new versions, and what goes wrong with each.
#include "../support/sandbox_support.hpp"

#include <boost/asio/error.hpp>

#include <cstring>

using cubicasa::testing::fault;
using cubicasa::testing::header_list;
using cubicasa::testing::sandbox;
using cubicasa::testing::sandbox_options;
using namespace test;

namespace {

constexpr std::uint64_t gib = std::uint64_t(1) << 30;
const std::string small = "size/1000/plan.pdf";
const std::string large = "size/5000000000/video.mp4";

std::string request_text(std::string_view method, const std::string& name, const header_list& headers) {
    std::string out(method);
    out.append(" /files/").append(name).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (const auto& [field, value] : headers) out.append(field).append(": ").append(value).append("\r\n");
    return out.append("\r\n");
}

std::string pdf_link(const json::value& order) {
    return order.at("delivery_assets").at("listing_floorplans").at("pdf_urls").at(0).as_string().c_str();
}

// A sandbox, and a client connected to it.
class host {
public:
    host() : client(server) { BOOST_REQUIRE(!client.connect()); }
    explicit host(fault f) : host() { server.inject(std::move(f)); }

    reply get(const std::string& name, const header_list& headers = {}) {
        BOOST_REQUIRE(!client.send_text(request_text("GET", name, headers)));
        return client.receive();
    }

    reply get_range(const std::string& name, const std::string& range, header_list headers = {}) {
        headers.emplace_back("Range", "bytes=" + range);
        return get(name, headers);
    }

    // The bytes that come back until the server ends the connection.
    std::string bytes(std::string_view method, const std::string& name, header_list headers = {}) {
        headers.emplace_back("Connection", "close");
        BOOST_REQUIRE(!client.send_text(request_text(method, name, headers)));
        std::string out;
        end = client.read_to_end(out);
        return out;
    }

    // 206 with these bytes, and a Content-Range that says so.
    void check_part(const reply& r, const std::string& name, std::uint64_t offset, std::uint64_t size) {
        BOOST_TEST(r.status == 206);
        BOOST_TEST(r.header("Content-Range") == "bytes " + std::to_string(offset) + "-" +
                                                    std::to_string(offset + size - 1) + "/" +
                                                    std::to_string(server.file_size(name)));
        BOOST_TEST(r.header("Content-Length") == std::to_string(size));
        BOOST_TEST((r.body == server.file_bytes(name, offset, size)));
    }

    void check_whole(const reply& r, const std::string& name) {
        BOOST_TEST(r.status == 200);
        BOOST_TEST(r.header("Content-Range") == "");
        BOOST_TEST((r.body == server.file_bytes(name)));
    }

    sandbox server;
    plain_client client;
    error_code end;
};

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
    host h;
    BOOST_TEST(h.server.file_size("size/0/a") == 0U);
    BOOST_TEST(h.server.file_size(small) == 1000U);
    BOOST_TEST(h.server.file_size("size/4294967296/video.mp4") == 4 * gib);
    BOOST_TEST(h.server.file_size("size/99999999999999/a") == 64 * gib);
    BOOST_TEST(h.server.file_size("other.jpg") >= 2048U);
    h.check_whole(h.get("size/0/a"), "size/0/a");
    h.check_whole(h.get(small), small);
    h.check_whole(h.get("size/1000003/a"), "size/1000003/a");
}

BOOST_AUTO_TEST_CASE(a_name_may_be_a_whole_address) {
    const sandbox server;
    const std::string bytes = server.file_bytes(small);
    BOOST_TEST((server.file_bytes("https://localhost:1/files/" + small + "?signature=1") == bytes));
    BOOST_TEST((server.file_bytes("/files/" + small) == bytes));
}

BOOST_AUTO_TEST_CASE(bytes_are_the_same_from_wherever_they_are_read) {
    const sandbox server;
    const std::string whole = server.file_bytes(small);
    for (std::size_t offset = 0; offset < 30; ++offset) {
        for (std::size_t size = 0; size < 30; ++size) {
            if (server.file_bytes(small, offset, size) != whole.substr(offset, size)) {
                BOOST_ERROR("other bytes at " << offset << ", " << size);
            }
        }
    }
    BOOST_TEST((server.file_bytes(small, 990) == whole.substr(990)));
    BOOST_TEST(server.file_bytes(small, 1000) == "");
    BOOST_TEST(server.file_bytes(small, 5000, 1) == "");
}

BOOST_AUTO_TEST_CASE(a_large_file_has_no_period) {
    const sandbox server;
    const std::string first = server.file_bytes(large, 0, 64);
    for (const std::uint64_t offset : {64 * 1024 * std::uint64_t(1), gib, 2 * gib, 4 * gib}) {
        BOOST_TEST((server.file_bytes(large, offset, 64) != first));
    }
}

BOOST_AUTO_TEST_CASE(a_file_of_gigabytes_is_served_from_any_offset) {
    host h;
    h.check_part(h.get_range(large, "4294967290-4294967309"), large, 4 * gib - 6, 20);
    h.check_part(h.get_range(large, "4999999999-"), large, 4'999'999'999, 1);
    h.check_part(h.get_range(large, "-1000000"), large, 4'999'000'000, 1'000'000);
}

BOOST_AUTO_TEST_CASE(an_answer_of_gigabytes_begins_at_once_and_others_are_answered_meanwhile) {
    host h;
    BOOST_REQUIRE(!h.client.send_text(request_text("GET", large, {})));
    plain_client other(h.server);
    BOOST_TEST(other.call("GET", "/orders").status == 200);
    BOOST_TEST(h.server.requests().front().status == 200);
}

BOOST_AUTO_TEST_CASE(the_head_of_a_file_tells_what_a_download_needs) {
    host h;
    const reply r = h.get(small);
    BOOST_TEST(r.header("Accept-Ranges") == "bytes");
    BOOST_TEST(r.header("Content-Type") == "application/pdf");
    BOOST_TEST(r.header("ETag").size() == 38U);
    BOOST_TEST(r.header("ETag").starts_with("\""));
    BOOST_TEST(r.header("Last-Modified") == "Tue, 14 Nov 2023 22:13:20 GMT");
    BOOST_TEST(r.header("Date").ends_with(" GMT"));
    BOOST_TEST(h.get("size/1000/other.pdf").header("ETag") != r.header("ETag"));
}

BOOST_AUTO_TEST_CASE(head_is_the_same_without_the_body) {
    host h;
    const reply r = h.get(small);
    const std::string head = h.bytes("HEAD", small, {{"Range", "bytes=0-1"}});
    BOOST_TEST(head.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(head.ends_with("\r\n\r\n"));
    BOOST_TEST(head.find("\r\nContent-Length: 1000\r\n") != std::string::npos);
    BOOST_TEST(head.find("\r\nETag: " + r.header("ETag") + "\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(other_methods_are_not_for_files) {
    host h;
    BOOST_REQUIRE(!h.client.send("POST", "/files/" + small, "{}"));
    const reply r = h.client.receive();
    BOOST_TEST(r.status == 405);
    BOOST_TEST(r.header("Allow") == "GET, HEAD");
}

BOOST_AUTO_TEST_CASE(a_range_is_answered_with_its_bytes) {
    host h;
    h.check_part(h.get_range(small, "0-0"), small, 0, 1);
    h.check_part(h.get_range(small, "0-"), small, 0, 1000);
    h.check_part(h.get_range(small, "17-30"), small, 17, 14);
    h.check_part(h.get_range(small, "990-2000"), small, 990, 10);
    h.check_part(h.get_range(small, "990-99999999999999999999"), small, 990, 10);
    h.check_part(h.get_range(small, "999-"), small, 999, 1);
    h.check_part(h.get_range(small, "-3"), small, 997, 3);
    h.check_part(h.get_range(small, "-2000"), small, 0, 1000);
    BOOST_TEST(h.server.requests().back().status == 206);
    BOOST_TEST(h.server.requests().back().header("range") == "bytes=-2000");
}

BOOST_AUTO_TEST_CASE(a_range_outside_of_the_file_is_not_satisfiable) {
    host h;
    for (const char* range : {"1000-", "1000-1001", "-0", "99999999999999999999-"}) {
        const reply r = h.get_range(small, range);
        BOOST_TEST(r.status == 416);
        BOOST_TEST(r.header("Content-Range") == "bytes */1000");
        BOOST_TEST(r.keep_alive);
    }
    BOOST_TEST(h.get_range("size/0/a", "0-").header("Content-Range") == "bytes */0");
}

BOOST_AUTO_TEST_CASE(several_ranges_and_what_is_no_range_get_the_whole_file) {
    host h;
    for (const char* range : {"0-1,5-6", "5-4", "a-b", "-", "", "1", " 1-2", "1-2x"}) {
        h.check_whole(h.get_range(small, range), small);
    }
    h.check_whole(h.get(small, {{"Range", "lines=1-2"}}), small);
}

BOOST_AUTO_TEST_CASE(if_range_gets_the_range_of_the_same_file_only) {
    host h;
    const reply r = h.get(small);
    const auto get_if = [&](const std::string& validator) {
        return h.get_range(small, "500-", {{"If-Range", validator}});
    };
    h.check_part(get_if(r.header("ETag")), small, 500, 500);
    h.check_part(get_if(r.header("Last-Modified")), small, 500, 500);
    h.check_whole(get_if("\"other\""), small);
    h.check_whole(get_if("W/" + r.header("ETag")), small);
    h.check_whole(get_if("Tue, 14 Nov 2023 22:13:21 GMT"), small);
    // With a range that the new file has not, too.
    h.check_whole(h.get_range(small, "5000-", {{"If-Range", "\"other\""}}), small);
}

BOOST_AUTO_TEST_CASE(if_none_match_saves_the_body) {
    host h;
    const std::string etag = h.get(small).header("ETag");
    for (const std::string& list : {etag, "W/" + etag, "\"a\", " + etag, std::string("*")}) {
        const reply r = h.get(small, {{"If-None-Match", list}});
        BOOST_TEST(r.status == 304);
        BOOST_TEST(r.header("ETag") == etag);
        BOOST_TEST(r.body == "");
    }
    h.check_whole(h.get(small, {{"If-None-Match", "\"a\", \"b\""}}), small);
}

BOOST_AUTO_TEST_CASE(a_changed_file_is_another_file_of_the_same_size) {
    host h;
    const reply before = h.get(small);
    h.server.change_file("/files/" + small);
    const reply after = h.get(small);
    BOOST_TEST(after.body.size() == before.body.size());
    BOOST_TEST((after.body != before.body));
    BOOST_TEST(after.body.starts_with("%PDF-"));
    BOOST_TEST(after.header("ETag") != before.header("ETag"));
    BOOST_TEST(after.header("Last-Modified") != before.header("Last-Modified"));
    h.check_whole(after, small);
    h.check_whole(h.get_range(small, "500-", {{"If-Range", before.header("ETag")}}), small);
    h.check_whole(h.get_range(small, "500-", {{"If-Range", before.header("Last-Modified")}}), small);
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_while_it_is_sent_is_sent_as_it_was) {
    host h(fault::connection_close());
    const std::string name = "size/30000000/a";
    const std::string before = h.server.file_bytes(name);
    BOOST_REQUIRE(!h.client.send_text(request_text("GET", name, {})));
    plain_client other(h.server);
    BOOST_TEST(other.call("GET", "/orders").status == 200);
    h.server.change_file(name);
    BOOST_TEST((h.client.receive().body == before));
}

BOOST_AUTO_TEST_CASE(a_removed_file_is_gone_until_it_is_restored) {
    host h;
    for (const int status : {403, 404, 410}) {
        h.server.remove_file(small, status);
        const reply r = h.get_range(small, "500-");
        BOOST_TEST(r.status == status);
        BOOST_TEST(r.header("ETag") == "");
        BOOST_TEST(r.header("Content-Type") == "application/xml");
    }
    h.check_whole(h.get("size/1000/other.pdf"), "size/1000/other.pdf");
    h.server.restore_file(small);
    h.check_whole(h.get(small), small);
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
    host h;
    std::string name = "redirect/3/" + small + "?a=b";
    for (const char* next : {"redirect/2/", "redirect/1/", ""}) {
        const reply r = h.get(name);
        BOOST_TEST(r.status == 302);
        BOOST_TEST(r.body == "");
        BOOST_TEST(r.header("Location") == "/files/" + (next + small) + "?a=b");
        name = r.header("Location").substr(7);
    }
    h.check_whole(h.get(name), small);
    BOOST_TEST((h.server.file_bytes("/files/redirect/3/" + small) == h.server.file_bytes(small)));
    BOOST_TEST(h.get("redirect/x/" + small).status == 404);
    BOOST_TEST(h.get("redirect/1").status == 404);
    BOOST_TEST(h.get("redirect/1/").status == 404);
}

// Faults, on answers that are made while they are sent.

BOOST_AUTO_TEST_CASE(reset_after_counts_the_head_of_a_file_too) {
    host h(fault::reset_after(3'000'000));
    const std::string bytes = h.bytes("GET", large);
    BOOST_TEST(h.end == error_code(asio::error::connection_reset));
    BOOST_TEST(bytes.size() == 3'000'000U);
    const std::size_t head = bytes.find("\r\n\r\n") + 4;
    BOOST_TEST((bytes.substr(head) == h.server.file_bytes(large, 0, bytes.size() - head)));
}

BOOST_AUTO_TEST_CASE(truncate_after_counts_bytes_of_the_file) {
    host h(fault::truncate_after(200'001));
    const std::string bytes = h.bytes("GET", large, {{"Range", "bytes=4294967296-"}});
    BOOST_TEST(h.end == error_code(asio::error::eof));
    BOOST_TEST((bytes.substr(bytes.find("\r\n\r\n") + 4) == h.server.file_bytes(large, 4 * gib, 200'001)));
}

BOOST_AUTO_TEST_CASE(a_file_can_come_in_drops_in_chunks_or_without_a_length) {
    for (const fault& f : {fault::drip(333, std::chrono::milliseconds(0)), fault::chunked(), fault::until_eof()}) {
        host h(f);
        h.check_whole(h.get("size/200000/a"), "size/200000/a");
    }
    host empty(fault::chunked());
    empty.check_whole(empty.get("size/0/a"), "size/0/a");
}

BOOST_AUTO_TEST_CASE(a_length_can_lie_about_a_file) {
    host longer(fault::lying_length(7));
    const std::string bytes = longer.bytes("GET", small);
    BOOST_TEST(bytes.find("\r\nContent-Length: 1007\r\n") != std::string::npos);
    BOOST_TEST((bytes.substr(bytes.find("\r\n\r\n") + 4) == longer.server.file_bytes(small)));
    host shorter(fault::lying_length(-7));
    BOOST_TEST((shorter.get(small).body == shorter.server.file_bytes(small, 0, 993)));
    BOOST_TEST(shorter.client.surplus() == 7U);
}

BOOST_AUTO_TEST_CASE(what_follows_a_file_follows_it) {
    host h(fault::extra_after_answer("more").also(fault::no_close_notify()));
    const std::string bytes = h.bytes("GET", small);
    BOOST_TEST((bytes.substr(bytes.find("\r\n\r\n") + 4) == h.server.file_bytes(small) + "more"));
    BOOST_TEST(h.end != error_code(asio::error::eof));
}

BOOST_AUTO_TEST_CASE(a_header_is_added_or_replaced) {
    host h(fault::header("Content-Encoding", "gzip").also(fault::header("etag", "\"mine\"")));
    const reply r = h.get(small);
    h.check_whole(r, small);
    BOOST_TEST(r.header("Content-Encoding") == "gzip");
    BOOST_TEST(r.header("ETag") == "\"mine\"");
    BOOST_TEST(std::count_if(r.headers.begin(), r.headers.end(),
                             [](const auto& field) { return field.first == "ETag" || field.first == "etag"; }) == 1);
}

BOOST_AUTO_TEST_CASE(ignore_range_answers_with_the_whole_file) {
    host h(fault::ignore_range());
    h.check_whole(h.get_range(small, "500-"), small);
}

BOOST_AUTO_TEST_CASE(ignore_if_range_mixes_two_files) {
    host h(fault::ignore_if_range());
    const std::string etag = h.get(small).header("ETag");
    h.server.change_file(small);
    const reply r = h.get_range(small, "500-", {{"If-Range", etag}});
    h.check_part(r, small, 500, 500);
    BOOST_TEST(r.header("ETag") != etag);
}

BOOST_AUTO_TEST_CASE(wrong_content_range_answers_with_another_range) {
    host earlier(fault::wrong_content_range(-10));
    earlier.check_part(earlier.get_range(small, "500-599"), small, 490, 110);
    earlier.check_part(earlier.get_range(small, "5-599"), small, 0, 600);
    host later(fault::wrong_content_range(10));
    later.check_part(later.get_range(small, "500-599"), small, 510, 90);
    later.check_part(later.get_range(small, "995-"), small, 999, 1);
}

BOOST_AUTO_TEST_CASE(no_content_range_leaves_it_out) {
    host h(fault::no_content_range());
    const reply r = h.get_range(small, "500-");
    BOOST_TEST(r.status == 206);
    BOOST_TEST(r.header("Content-Range") == "");
    BOOST_TEST((r.body == h.server.file_bytes(small, 500)));
}

BOOST_AUTO_TEST_CASE(short_range_answers_with_less_and_says_so) {
    host h(fault::short_range(100));
    h.check_part(h.get_range(small, "500-"), small, 500, 100);
    h.check_part(h.get_range(small, "500-509"), small, 500, 10);
    h.check_whole(h.get(small), small);
}

BOOST_AUTO_TEST_CASE(range_not_satisfiable_refuses_any_range) {
    host h(fault::range_not_satisfiable());
    BOOST_TEST(h.get_range(small, "0-0").status == 416);
    h.check_whole(h.get(small), small);
}

BOOST_AUTO_TEST_CASE(no_validators_are_none) {
    host h(fault::no_validators().times(2));
    const reply r = h.get(small);
    BOOST_TEST(r.header("ETag") == "");
    BOOST_TEST(r.header("Last-Modified") == "");
    h.check_part(h.get_range(small, "500-"), small, 500, 500);
}

BOOST_AUTO_TEST_CASE(a_weak_etag_does_not_match_if_range) {
    host h(fault::weak_etag());
    const std::string etag = h.get(small).header("ETag");
    BOOST_TEST(etag.starts_with("W/\""));
    h.check_whole(h.get_range(small, "500-", {{"If-Range", etag}}), small);
    h.check_part(h.get_range(small, "500-"), small, 500, 500);
}

BOOST_AUTO_TEST_SUITE_END()
