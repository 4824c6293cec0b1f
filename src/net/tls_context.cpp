// TLS settings, verification and session resumption by OpenSSL 3.
#include "tls_context.hpp"

#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstring>
#include <string_view>

namespace cubicasa::detail {
namespace {

// More are of no use: each connection takes one and brings at least one.
constexpr std::size_t max_sessions = 64;

bool add_authorities(SSL_CTX* context, const std::string& pem) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                        &BIO_free);
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    bool any = false;
    while (bio) {
        const std::unique_ptr<X509, decltype(&X509_free)> certificate(
            PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
        if (!certificate) break;
        any = X509_STORE_add_cert(store, certificate.get()) == 1 || any;
    }
    ERR_clear_error();  // the end of the text is reported as an error
    return any;
}

// OpenSSL asks for AES-256 with SHA-384 first, and spends a sixth of a resumed handshake on that hash. For SHA-256,
// which comes with AES-128, processors have instructions; and X25519 is no stronger than AES-128. Suites that the
// system's policy leaves out stay out.
void prefer_aes_128(SSL_CTX* context) {
    constexpr std::string_view first = "TLS_AES_128_GCM_SHA256";
    const STACK_OF(SSL_CIPHER)* const allowed = SSL_CTX_get_ciphers(context);
    std::string suites;
    bool has_first = false;
    for (int i = 0; i < sk_SSL_CIPHER_num(allowed); ++i) {
        const SSL_CIPHER* const suite = sk_SSL_CIPHER_value(allowed, i);
        const std::string_view name = SSL_CIPHER_get_name(suite);
        if (name == first) has_first = true;
        if (name == first || SSL_CIPHER_get_version(suite) != std::string_view("TLSv1.3")) continue;
        suites.append(":").append(name);
    }
    if (has_first) SSL_CTX_set_ciphersuites(context, (std::string(first) + suites).c_str());
}

errc code_of(long verify_result) noexcept {
    switch (verify_result) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return errc::certificate_expired;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return errc::certificate_name_mismatch;
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        case X509_V_ERR_CERT_UNTRUSTED:
            return errc::certificate_untrusted;
        default:
            return errc::certificate_rejected;
    }
}

}  // namespace

result<std::shared_ptr<tls_context>> tls_context::create(const tls_options& options, origin to) {
    const auto refuse = [](std::string why) { return error(errc::invalid_configuration, std::move(why)); };
    std::shared_ptr<tls_context> self(new tls_context(std::move(to)));
    self->context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* context = self->context_.get();
    if (context == nullptr) return refuse("OpenSSL cannot make a context");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    if (options.tls12_only) SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    prefer_aes_128(context);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (options.ca_file.empty() && options.ca_pem.empty()) {
        if (SSL_CTX_set_default_verify_paths(context) != 1) return refuse("the system's trusted authorities");
    }
    if (!options.ca_file.empty() && SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1) {
        ERR_clear_error();
        return refuse("tls.ca_file cannot be read as PEM: " + options.ca_file);
    }
    if (!options.ca_pem.empty() && !add_authorities(context, options.ca_pem)) {
        return refuse("tls.ca_pem holds no certificate in PEM form");
    }
    // Sessions are kept here and not in OpenSSL's cache, which does not know which origin one belongs to.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, &tls_context::on_new_session);
    SSL_CTX_set_app_data(context, self.get());
    return self;
}

int tls_context::on_new_session(SSL* ssl, SSL_SESSION* session) {
    auto* self = static_cast<tls_context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    const std::lock_guard lock(self->mutex_);
    self->sessions_.emplace_back(session);
    if (self->sessions_.size() > max_sessions) self->sessions_.pop_front();
    return 1;  // the session is ours now
}

ssl_ptr tls_context::make_ssl() {
    ssl_ptr ssl(SSL_new(context_.get()));
    if (!ssl) return ssl;
    SSL_set_connect_state(ssl.get());
    if (origin_.host_is_address) {
        if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), origin_.host.c_str()) != 1) return nullptr;
    } else {
        SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (SSL_set1_host(ssl.get(), origin_.host.c_str()) != 1) return nullptr;
        if (SSL_set_tlsext_host_name(ssl.get(), origin_.host.c_str()) != 1) return nullptr;
    }
    constexpr std::array<unsigned char, 9> alpn{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_set_alpn_protos(ssl.get(), alpn.data(), alpn.size());
    const std::lock_guard lock(mutex_);
    while (!sessions_.empty()) {
        ssl_session_ptr session = std::move(sessions_.back());
        sessions_.pop_back();
        if (SSL_SESSION_is_resumable(session.get()) != 1) continue;
        SSL_set_session(ssl.get(), session.get());
        // A ticket of TLS 1.3 is good for one connection. A session of TLS 1.2 is not used up, and a resumed
        // connection need not bring a new one.
        if (SSL_SESSION_get_protocol_version(session.get()) < TLS1_3_VERSION) sessions_.push_back(std::move(session));
        break;
    }
    return ssl;
}

error handshake_error(SSL* ssl, const origin& to) {
    const unsigned long queued = ERR_peek_last_error();
    const long verified = SSL_get_verify_result(ssl);
    ERR_clear_error();
    const std::string host = to.host + ":" + to.port;
    if (verified != X509_V_OK) {
        return error(code_of(verified), host + ": " + X509_verify_cert_error_string(verified) + "; nothing was sent");
    }
    std::string why = "the server closed the connection";
    if (queued != 0) {
        std::array<char, 256> text{};
        ERR_error_string_n(queued, text.data(), text.size());
        why = text.data();
    }
    return error(errc::tls_failure, host + ": " + why + "; nothing was sent");
}

}  // namespace cubicasa::detail
