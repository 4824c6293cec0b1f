// Servers that never come to the end of what is not the body: memory must not grow with it.
#include "support/tls_caller.hpp"

#include <cubicasa/download.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using namespace test;

namespace {

constexpr std::string_view answer_head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
constexpr std::string_view chunked_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

bool send_all(SSL* connection, std::string_view text) {
    return SSL_write(connection, text.data(), static_cast<int>(text.size())) > 0;
}

struct endless_fixture {
    // A server that answers with `begin`, and then with `more` until the client goes.
    cc::error error_of_call(std::string begin, std::string more) {
        return error_against(std::move(begin), std::move(more), [](tls_caller& c, const std::string&) {
            const auto r = c.get();
            return r ? cc::error() : r.error();
        });
    }

    // The same for a file.
    cc::error error_of_download(std::string begin, std::string more) {
        return error_against(std::move(begin), std::move(more), [](tls_caller& c, const std::string& origin) {
            cc::error out;
            cc::download_options once;
            once.max_attempts = 1;
            auto sink = [](std::string_view) -> asio::awaitable<void> { co_return; };
            cc::async_download(c.api, origin + "/file", sink, once, cc::as_result([&](cc::result<cc::downloaded> r) {
                                   if (!r) out = r.error();
                               }));
            run_out(c.context);
            return out;
        });
    }

    template <class F>
    cc::error error_against(std::string begin, std::string more, F use) {
        const tls_server server([this](int) { return identity.context.get(); },
                                [&](SSL* c) {
                                    if (!read_request(c) || !send_all(c, begin)) return;
                                    while (send_all(c, more)) {
                                    }
                                });
        tls_caller caller(server, identity.ca_pem);
        return use(caller, server.config(identity.ca_pem).base_url);
    }

    server_identity identity = new_identity();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(endless_heads, endless_fixture)

BOOST_AUTO_TEST_CASE(header_lines_are_limited_in_all) {
    BOOST_TEST((error_of_call(std::string(answer_head) + 'X', ": yes\r\nX") == cc::errc::header_too_large));
}

BOOST_AUTO_TEST_CASE(trailers_are_limited) {
    BOOST_TEST((error_of_call(std::string(chunked_head) + "0\r\n", "X: yes\r\n") == cc::errc::header_too_large));
}

BOOST_AUTO_TEST_CASE(extensions_of_a_chunk_are_limited) {
    BOOST_TEST((error_of_call(std::string(chunked_head) + "2;x=", "yes") == cc::errc::header_too_large));
}

BOOST_AUTO_TEST_CASE(header_lines_of_a_file_are_limited_in_all) {
    BOOST_TEST((error_of_download(std::string(answer_head) + 'X', ": yes\r\nX") == cc::errc::header_too_large));
}

BOOST_AUTO_TEST_CASE(trailers_of_a_file_are_limited) {
    BOOST_TEST((error_of_download(std::string(chunked_head) + "0\r\n", "X: yes\r\n") == cc::errc::header_too_large));
}

BOOST_AUTO_TEST_CASE(extensions_of_a_chunk_of_a_file_are_limited) {
    BOOST_TEST((error_of_download(std::string(chunked_head) + "2;x=", "yes") == cc::errc::header_too_large));
}

BOOST_AUTO_TEST_SUITE_END()
