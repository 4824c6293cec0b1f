// What the peers that download write to: a file, and SHA-256 if the programs are asked for it by TARGET ending in
// ".sha".
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

namespace bench {

inline bool wants_digest(const std::string& target) { return target.ends_with(".sha"); }

class file {
public:
    explicit file(const std::string& path)
        : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644)),
          digest_(wants_digest(path) ? EVP_MD_CTX_new() : nullptr) {
        if (fd_ < 0) fail(path);
        if (digest_ != nullptr) EVP_DigestInit_ex(digest_, EVP_sha256(), nullptr);
    }
    ~file() {
        if (::fsync(fd_) != 0) fail("fsync");
        ::close(fd_);
        if (digest_ == nullptr) return;
        unsigned char value[EVP_MAX_MD_SIZE];
        EVP_DigestFinal_ex(digest_, value, nullptr);
        EVP_MD_CTX_free(digest_);
    }
    file(const file&) = delete;
    file& operator=(const file&) = delete;

    void write(const char* data, std::size_t size) {
        if (digest_ != nullptr) EVP_DigestUpdate(digest_, data, size);
        while (size > 0) {
            const ssize_t n = ::write(fd_, data, size);
            if (n < 0) fail("write");
            data += n;
            size -= static_cast<std::size_t>(n);
        }
    }

private:
    [[noreturn]] static void fail(const std::string& what) {
        std::perror(what.c_str());
        std::_Exit(1);
    }

    int fd_;
    EVP_MD_CTX* digest_;
};

}  // namespace bench
