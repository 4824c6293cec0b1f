// The unit for memory: CALLS connections of OpenSSL over blocking sockets. Each has made one call and released its
// buffers; then the heap in use while all of them are idle.
#include "arguments.hpp"
#include "heap.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string_view>
#include <vector>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    ERR_print_errors_fp(stderr);
    std::exit(1);
}

int connected_socket(const bench::arguments& a) {
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(a.host.c_str(), a.port.c_str(), &hints, &found) != 0) fail("getaddrinfo");
    const int made = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (made < 0 || connect(made, found->ai_addr, found->ai_addrlen) != 0) fail("connect");
    freeaddrinfo(found);
    return made;
}

// Of a whole message, or npos.
std::size_t length(std::string_view text) {
    constexpr std::string_view name = "Content-Length: ";
    const std::size_t end = text.find("\r\n\r\n");
    const std::size_t field = text.find(name);
    if (end == std::string_view::npos) return end;
    if (field > end) fail("an answer without a length");
    return end + 4 + std::strtoul(text.data() + field + name.size(), nullptr, 10);
}

SSL* used_connection(SSL_CTX* tls, const bench::arguments& a) {
    SSL* const ssl = SSL_new(tls);
    if (ssl == nullptr || SSL_set1_host(ssl, a.host.c_str()) != 1) fail("SSL_new");
    SSL_set_tlsext_host_name(ssl, a.host.c_str());
    SSL_set_fd(ssl, connected_socket(a));
    if (SSL_connect(ssl) != 1) fail("SSL_connect");
    const std::string request = "GET " + a.path + " HTTP/1.1\r\nHost: " + a.host + "\r\n\r\n";
    if (SSL_write(ssl, request.data(), static_cast<int>(request.size())) <= 0) fail("SSL_write");
    std::string answer;
    while (answer.size() < length(answer)) {
        char piece[4096];
        const int n = SSL_read(ssl, piece, sizeof piece);
        if (n <= 0) fail("SSL_read");
        answer.append(piece, static_cast<std::size_t>(n));
    }
    if (!answer.starts_with("HTTP/1.1 200 ")) fail(answer.c_str());
    // The mode alone leaves one of 16 KiB behind when tickets of TLS 1.3 have come.
    if (SSL_free_buffers(ssl) != 1) fail("SSL_free_buffers");
    return ssl;
}

}  // namespace

int main(int count, char** values) {
    bench::arguments a(count, values);
    SSL_CTX* const tls = SSL_CTX_new(TLS_client_method());
    if (tls == nullptr || SSL_CTX_load_verify_file(tls, a.ca_file.c_str()) != 1) fail("SSL_CTX_new");
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
    std::vector<SSL*> idle;
    idle.reserve(static_cast<std::size_t>(a.calls));
    while (a.take()) {
        idle.push_back(used_connection(tls, a));
        ++a.done;
    }
    std::printf("%zu bytes of heap\n", bench::heap_in_use());
    bench::report(a);
}
