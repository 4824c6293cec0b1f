// See the header.
#include "tls_server.hpp"

#include <openssl/err.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace test {

server_identity new_identity() {
    return cubicasa::testing::detail::make_identity(cubicasa::testing::sandbox_options());
}

bool read_request(SSL* connection) {
    std::string head;
    std::array<char, 4096> some;
    while (head.find("\r\n\r\n") == std::string::npos) {
        const int n = SSL_read(connection, some.data(), static_cast<int>(some.size()));
        if (n <= 0) return false;
        head.append(some.data(), static_cast<std::size_t>(n));
    }
    return true;
}

void send_order(SSL* connection) {
    constexpr std::string_view answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}";
    SSL_write(connection, answer.data(), static_cast<int>(answer.size()));
}

void answer_with_orders(SSL* connection) {
    while (read_request(connection)) send_order(connection);
}

tls_server::tls_server(std::function<SSL_CTX*(int)> context, std::function<void(SSL*)> serve)
    : context_(std::move(context)), serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ == -1 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "tls_server");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

tls_server::~tls_server() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);  // unlike close(), ends a running accept
    if (const int c = connection_; c != -1) ::shutdown(c, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

cubicasa::client_config tls_server::config(const std::string& ca_pem) const {
    cubicasa::client_config out;
    out.base_url = "https://localhost:" + std::to_string(port_);
    out.api_key = "key";
    out.tls.ca_pem = ca_pem;
    return out;
}

void tls_server::run() {
    // OpenSSL writes without MSG_NOSIGNAL. Only here, so that a signal of the library's would be seen.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    for (int number = 1; !ending_; ++number) {
        const int socket = ::accept(listener_, nullptr, nullptr);
        if (socket == -1) return;
        connection_ = socket;
        if (ending_) ::shutdown(socket, SHUT_RDWR);
        const std::unique_ptr<SSL, decltype(&SSL_free)> connection(SSL_new(context_(number)), &SSL_free);
        SSL_set_fd(connection.get(), socket);
        ERR_clear_error();
        if (SSL_accept(connection.get()) == 1) {
            resumed_ += SSL_session_reused(connection.get());
            ++served_;
            serve_(connection.get());
            SSL_shutdown(connection.get());
        } else {
            ++refused_;
        }
        connection_ = -1;
        ::close(socket);
    }
}

}  // namespace test
