// A sandbox as a host of files, and a client of Beast that asks it for them.
#pragma once

#include "plain_client.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace test {

inline constexpr std::uint64_t gib = std::uint64_t(1) << 30;
inline const std::string small_file = "size/1000/plan.pdf";
inline const std::string large_file = "size/5000000000/video.mp4";

inline std::string file_request(std::string_view method, const std::string& name,
                                const cubicasa::testing::header_list& headers) {
    std::string out(method);
    out.append(" /files/").append(name).append(" HTTP/1.1\r\nHost: localhost\r\n");
    for (const auto& [field, value] : headers) out.append(field).append(": ").append(value).append("\r\n");
    return out.append("\r\n");
}

// A sandbox, and a client connected to it.
class file_host {
public:
    file_host() : client(server) { BOOST_REQUIRE(!client.connect()); }
    explicit file_host(cubicasa::testing::fault f) : file_host() { server.inject(std::move(f)); }

    reply get(const std::string& name, const cubicasa::testing::header_list& headers = {}) {
        BOOST_REQUIRE(!client.send_text(file_request("GET", name, headers)));
        return client.receive();
    }

    reply get_range(const std::string& name, const std::string& range, cubicasa::testing::header_list headers = {}) {
        headers.emplace_back("Range", "bytes=" + range);
        return get(name, headers);
    }

    // The bytes that come back until the server ends the connection.
    std::string bytes(std::string_view method, const std::string& name, cubicasa::testing::header_list headers = {}) {
        headers.emplace_back("Connection", "close");
        BOOST_REQUIRE(!client.send_text(file_request(method, name, headers)));
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

    cubicasa::testing::sandbox server;
    plain_client client;
    error_code end;
};

}  // namespace test
