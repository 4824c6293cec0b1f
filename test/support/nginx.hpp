// Debian's nginx (package nginx-light) as a child process, for tests against a server that is not ours. Linux only.
#pragma once

#include "testing/certificates.hpp"

#include <cubicasa/config.hpp>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace test {

class descriptor {
public:
    explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~descriptor() { reset(); }

    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    void reset() noexcept {
        if (fd_ >= 0) ::close(release());
    }

private:
    int fd_;
};

// Throws when `good` is false, with the system's reason.
inline void require_system(bool good, const char* what) {
    if (!good) throw std::system_error(errno, std::generic_category(), what);
}

class nginx_options {
public:
    nginx_options() {}
    explicit nginx_options(std::string locations_text) : locations(std::move(locations_text)) {}

    std::string locations;  // directives of the server block
    std::string protocols = "TLSv1.2 TLSv1.3";
    std::string binary = "/usr/sbin/nginx";
};

// What nginx itself says of a request.
struct served_request {
    std::string connection;  // $connection: a number for each
    std::string method;
    std::string target;
    int status = 0;
    std::string protocol;  // "TLSv1.3"
    bool resumed = false;  // the connection's TLS session was an earlier one
};

// Runs from the constructor to the destructor, with a folder of its own, on 127.0.0.1. Every process of it is gone
// when the destructor returns, and also when this process dies. The thread that makes it must outlive it.
class nginx {
public:
    // Throws std::runtime_error with nginx's own words when it does not start.
    explicit nginx(const nginx_options& options) : folder_(make_folder()) {
        try {
            start(options);
        } catch (...) {
            kill_all();
            std::error_code ignored;
            std::filesystem::remove_all(folder_, ignored);
            throw;
        }
    }

    explicit nginx(std::string locations) : nginx(nginx_options(std::move(locations))) {}

    ~nginx() {
        end();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    nginx(const nginx&) = delete;
    nginx& operator=(const nginx&) = delete;

    // For a client that trusts this server.
    cubicasa::client_config config() const {
        cubicasa::client_config out;
        out.base_url = "https://localhost:" + std::to_string(port_) + "/api";
        out.api_key = "key";
        out.tls.ca_pem = ca_pem_;
        return out;
    }

    // Makes a file that nginx serves: "api/orders" as /api/orders.
    void put_file(const std::string& path, std::string_view content) const {
        const std::filesystem::path to = folder_ / "www" / path;
        std::filesystem::create_directories(to.parent_path());
        write(to, content);
    }

    // The bytes of the answer to a request on a connection that nobody else uses, until nginx ends it.
    std::string raw_answer(const std::string& request) const {
        const ssl_ptr ssl = connect();
        if (SSL_write(ssl.get(), request.data(), static_cast<int>(request.size())) <= 0)
            fail("does not take a request");
        std::string out;
        std::vector<char> piece(16 * 1024);
        for (int n = 0; (n = SSL_read(ssl.get(), piece.data(), static_cast<int>(piece.size()))) > 0;) {
            out.append(piece.data(), static_cast<std::size_t>(n));
        }
        return out;
    }

    // Begins a reload: a new worker takes new connections, and the old one finishes what it has begun, closes its idle
    // connections and ends. Does not wait.
    void begin_reload() const { require_system(::kill(master_, SIGHUP) == 0, "kill"); }

    // Returns when the old worker is gone, and with it all connections of before.
    void reload() const {
        const std::string answer = raw_answer("GET /worker HTTP/1.0\r\n\r\n");
        const int worker = std::atoi(answer.substr(answer.find("\r\n\r\n") + 4).c_str());
        const descriptor watch(static_cast<int>(::syscall(SYS_pidfd_open, worker, 0)));
        require_system(watch.get() >= 0, "pidfd_open");
        begin_reload();
        if (!readable(watch)) fail("did not end its old worker");
    }

    // Ends nginx and returns its access log. Only then is the log sure to be complete.
    std::vector<served_request> stop() {
        end();
        std::vector<served_request> out;
        std::ifstream log(folder_ / "access.log");
        std::string reused;
        for (served_request r; log >> r.connection >> r.method >> r.target >> r.status >> r.protocol >> reused;) {
            r.resumed = reused == "r";
            if (r.target.starts_with("/api/")) out.push_back(r);
        }
        return out;
    }

private:
    struct free_ssl {
        void operator()(SSL* s) const noexcept { SSL_free(s); }
    };
    using ssl_ptr = std::unique_ptr<SSL, free_ssl>;

    static constexpr int patience_in_milliseconds = 20'000;

    static std::filesystem::path make_folder() {
        std::string path = (std::filesystem::temp_directory_path() / "cubicasa-nginx-XXXXXX").string();
        require_system(::mkdtemp(path.data()) != nullptr, "mkdtemp");
        return path;
    }

    static void write(const std::filesystem::path& to, std::string_view content) {
        std::ofstream file(to, std::ios::binary);
        if (!file.write(content.data(), static_cast<std::streamsize>(content.size())).flush()) {
            throw std::runtime_error("cannot write " + to.string());
        }
    }

    static std::string read(const std::filesystem::path& from) {
        std::ostringstream out;
        out << std::ifstream(from).rdbuf();
        return out.str();
    }

    static bool readable(const descriptor& d) {
        pollfd p{d.get(), POLLIN, 0};
        return ::poll(&p, 1, patience_in_milliseconds) == 1;
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw std::runtime_error("nginx " + what + "\n" + read(folder_ / "stderr") + read(folder_ / "error.log"));
    }

    void start(const nginx_options& options) {
        if (::access(options.binary.c_str(), X_OK) != 0) {
            throw std::runtime_error("nginx is not installed: there is no " + options.binary +
                                     " (Debian's package nginx-light has it)");
        }
        descriptor listener = listen();
        std::filesystem::create_directory(folder_ / "www");
        write_identity();
        write(folder_ / "nginx.conf", configuration(options));
        run(options.binary, listener);
        listener.reset();  // so that a connection ends if nginx does
        connect();         // waits until nginx serves
    }

    // nginx takes over a socket that listens already, as it does when its program is replaced. So there is no other
    // process that could snatch the port, and connections made before nginx is ready wait in the socket.
    descriptor listen() {
        descriptor out(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        require_system(out.get() >= 0, "socket");
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        require_system(::bind(out.get(), generic, size) == 0, "bind");
        require_system(::listen(out.get(), 511) == 0, "listen");
        require_system(::getsockname(out.get(), generic, &size) == 0, "getsockname");
        port_ = ntohs(address.sin_port);
        return out;
    }

    void write_identity() {
        const auto identity = cubicasa::testing::detail::make_identity(cubicasa::testing::sandbox_options());
        ca_pem_ = identity.ca_pem;
        const auto store = [&](const char* name, auto write_pem) {
            std::FILE* const file = std::fopen((folder_ / name).c_str(), "w");
            require_system(file != nullptr, name);
            const bool good = write_pem(file) == 1;
            if (std::fclose(file) != 0 || !good) throw std::runtime_error(std::string("cannot write ") + name);
        };
        SSL_CTX* const context = identity.context.get();
        store("server.pem", [&](std::FILE* f) { return PEM_write_X509(f, SSL_CTX_get0_certificate(context)); });
        store("server.key", [&](std::FILE* f) {
            return PEM_write_PrivateKey(f, SSL_CTX_get0_privatekey(context), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    std::string configuration(const nginx_options& options) const {
        std::ostringstream out;
        // Started by root, the worker would be another user, who may not enter the folder.
        if (::geteuid() == 0) out << "user root;\n";
        out << "daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log error.log notice;\n"
               "events { worker_connections 1000; }\n"
               "http {\n"
               "log_format facts '$connection $request_method $request_uri $status $ssl_protocol "
               "$ssl_session_reused';\n"
               "access_log access.log facts;\n";
        for (const char* use : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            out << use << "_temp_path " << use << ";\n";
        }
        out << "default_type application/json;\nssl_session_cache shared:sessions:1m;\nssl_protocols "
            << options.protocols << ";\nserver {\nlisten 127.0.0.1:" << port_
            << " ssl;\nssl_certificate server.pem;\nssl_certificate_key server.key;\nroot www;\n"
               "location = /worker { return 200 $pid; }\n"
            << options.locations << "\n}\n}\n";
        return out.str();
    }

    void run(const std::string& binary, const descriptor& listener) {
        int ends[2];
        require_system(::pipe2(ends, O_CLOEXEC) == 0, "pipe2");
        alive_ = descriptor(ends[0]);
        const descriptor held_by_nginx(ends[1]);
        const descriptor output(::open((folder_ / "stderr").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        require_system(output.get() >= 0, "open");
        std::string prefix = folder_.string() + "/";
        std::string program = binary;
        std::string sockets = "NGINX=" + std::to_string(listener.get()) + ";";
        std::string flags[] = {"-p", "-c", "nginx.conf", "-e", "error.log"};
        char* arguments[] = {program.data(),  flags[0].data(), prefix.data(),   flags[1].data(),
                             flags[2].data(), flags[3].data(), flags[4].data(), nullptr};
        char* environment[] = {sockets.data(), nullptr};
        const pid_t parent = ::getpid();
        master_ = ::fork();
        require_system(master_ >= 0, "fork");
        if (master_ > 0) {
            ::setpgid(master_, 0);  // here and there: whoever comes first
            return;
        }
        // The child: only calls that are safe after fork().
        ::setpgid(0, 0);
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(1);
        ::dup2(output.get(), STDOUT_FILENO);
        ::dup2(output.get(), STDERR_FILENO);
        ::fcntl(listener.get(), F_SETFD, 0);
        ::fcntl(held_by_nginx.get(), F_SETFD, 0);
        ::execve(arguments[0], arguments, environment);
        ::_exit(127);
    }

    // The result has finished its handshake. It blocks, within a limit.
    ssl_ptr connect() const {
        descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        require_system(socket.get() >= 0, "socket");
        const timeval limit{patience_in_milliseconds / 1000, 0};
        ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port_);
        if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            fail("does not take connections");
        }
        const cubicasa::testing::detail::ssl_context_ptr context(SSL_CTX_new(TLS_client_method()));
        ssl_ptr out(SSL_new(context.get()));
        BIO* const bio = BIO_new_socket(socket.release(), BIO_CLOSE);
        SSL_set_bio(out.get(), bio, bio);
        if (SSL_connect(out.get()) != 1) fail("does not serve");
        return out;
    }

    // Each process of nginx holds the other end of the pipe: when it is closed, all of them are gone.
    void end() noexcept {
        if (master_ <= 0) return;
        ::kill(master_, SIGTERM);
        readable(alive_);
        kill_all();
    }

    void kill_all() noexcept {
        if (master_ <= 0) return;
        ::kill(-master_, SIGKILL);
        ::waitpid(master_, nullptr, 0);
        master_ = -1;
    }

    std::filesystem::path folder_;
    std::string ca_pem_;
    unsigned short port_ = 0;
    descriptor alive_;
    pid_t master_ = -1;
};

}  // namespace test
