// SHA-256 over bytes that come piece by piece. OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace cubicasa::detail {

class digest {
public:
    // Switched off it costs nothing, and hex() is empty.
    explicit digest(bool on) : context_(on ? EVP_MD_CTX_new() : nullptr) { reset(); }

    void reset() noexcept {
        if (context_) EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
    }
    void update(std::string_view bytes) noexcept {
        if (context_) EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
    }
    explicit operator bool() const noexcept { return context_ != nullptr; }

    // Of all bytes so far. Nothing may follow but reset().
    std::string hex() {
        if (!context_) return {};
        unsigned char value[EVP_MAX_MD_SIZE];
        unsigned int size = 0;
        EVP_DigestFinal_ex(context_.get(), value, &size);
        constexpr char digits[] = "0123456789abcdef";
        std::string out;
        for (unsigned int i = 0; i < size; ++i) out.append({digits[value[i] >> 4], digits[value[i] & 15]});
        return out;
    }

private:
    struct free_context {
        void operator()(EVP_MD_CTX* c) const noexcept { EVP_MD_CTX_free(c); }
    };
    std::unique_ptr<EVP_MD_CTX, free_context> context_;
};

}  // namespace cubicasa::detail
