// Everything that a sender can do wrong, at once and without pause, while honest ones send events.
#include "listener_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

using namespace test;

namespace {

// The most memory that this process has had, in KiB.
long peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    }
    return 0;
}

std::string head(const std::string& fields) {
    return "POST " + hook_path + " HTTP/1.1\r\nHost: hooks\r\n" + fields + "\r\n";
}

// What each does with a connection of its own, again and again; some have the token.
void a_body_of_a_gibibyte(sender& s) {
    const std::string part(64 * 1024, ' ');
    bool open = s.send(head("Content-Length: 1073741824\r\n"));
    for (int i = 0; i < 16 * 1024 && open; ++i) open = s.send(part);
}
void chunks_without_end(sender& s) {
    bool open = s.send(head("Transfer-Encoding: chunked\r\n"));
    while (open) open = s.send("1\r\n \r\n");
}
void an_extension_without_end(sender& s) {
    bool open = s.send(head("Transfer-Encoding: chunked\r\n") + "1;");
    while (open) open = s.send("xxxxxxxxxxxxxxxx");
}
void lines_without_end(sender& s) {
    bool open = s.send("POST " + hook_path + " HTTP/1.1\r\nX");
    while (open) open = s.send(": line\r\nX");
}
void a_wrong_token(sender& s) {
    const std::string request = request_text("/webhooks/cubicasa/00000000000000000000000000000000", event_body("x"));
    for (int i = 0; i < 100 && s.send(request) && s.status() == 404; ++i) {
    }
}
void invalid_utf_8(sender& s) { s.post("{\"id\":\"\xff\xfe\",\"current_status\":\"Ready\"}"); }
void deep_json(sender& s) { s.post(std::string(16'000, '[')); }
void no_http(sender& s) {
    s.send("\x16\x03\x01\x02 hello\r\n\r\n");
    s.status();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_senders)

BOOST_FIXTURE_TEST_CASE(neither_fill_memory_nor_keep_honest_ones_out, listener_fixture) {
    constexpr int honest = 2;
    constexpr int events = 200;
    const unsigned short port = listen().port();
    // More than there is room for, and they never end their requests.
    std::vector<std::unique_ptr<sender>> slow;
    for (int i = 0; i < 400; ++i) {
        slow.push_back(std::make_unique<sender>(port));
        slow.back()->send("POST " + hook_path + " HTTP/1.1\r\nX: ");
    }
    const long before = peak_memory();
    std::atomic<bool> ending{false};
    std::atomic<int> attacks{0};
    std::vector<std::thread> threads;
    for (const auto attack : {&a_body_of_a_gibibyte, &chunks_without_end, &an_extension_without_end, &lines_without_end,
                              &a_wrong_token, &invalid_utf_8, &deep_json, &no_http}) {
        threads.emplace_back([&, attack] {
            while (!ending) {
                sender bad(port);
                attack(bad);
                ++attacks;
            }
        });
    }
    std::atomic<int> accepted{0};
    for (int n = 0; n < honest; ++n) {
        threads.emplace_back([&, n] {
            for (int i = 0; i < events; ++i) {
                const std::string body = event_body(std::to_string(n) + '-' + std::to_string(i));
                // As the service does it: three tries (contract 7.2).
                for (int attempt = 0; attempt < 3; ++attempt) {
                    if (sender(port).post(body) != 200) continue;
                    ++accepted;
                    break;
                }
            }
        });
    }
    for (int n = 0; n < honest; ++n) threads[threads.size() - 1 - static_cast<std::size_t>(n)].join();
    ending = true;
    for (std::size_t n = 0; n + honest < threads.size(); ++n) threads[n].join();

    BOOST_TEST(accepted == honest * events);
    BOOST_TEST(hooks.stats().accepted == static_cast<std::uint64_t>(honest * events));
    BOOST_TEST(attacks > 8);
    BOOST_TEST(server->connections() <= cubicasa::listener_options().max_connections);
    const long grown = peak_memory() - before;
    BOOST_TEST_MESSAGE(attacks << " attacks, peak memory grown by " << grown << " KiB");
    // Of which 5 MiB would be the buffers of all connections. The sanitizers keep what is freed.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    BOOST_TEST(grown < 32 * 1024);
#endif
}

BOOST_AUTO_TEST_SUITE_END()
