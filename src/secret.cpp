// secret and wipe().
#include <cubicasa/secret.hpp>

#include <openssl/crypto.h>

#include <utility>

namespace cubicasa {

void wipe(std::string& text) noexcept {
    // Growing to the capacity allocates nothing, and makes the bytes behind the end part of the string.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

secret::secret(const char* text) : text_(text) {}
secret::secret(std::string_view text) : text_(text) {}
secret::secret(const std::string& text) : text_(text) {}
secret::secret(std::string&& text) : text_(text) { wipe(text); }
secret::secret(const secret& other) = default;
// Swapping, since moving a short std::string leaves its bytes behind.
secret::secret(secret&& other) noexcept { text_.swap(other.text_); }
secret& secret::operator=(secret other) noexcept {
    text_.swap(other.text_);
    return *this;
}
secret::~secret() { wipe(text_); }

}  // namespace cubicasa
