// Keys, certificates and the TLS context of the sandbox. Curve P-256, since its keys are made in no time.
#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace cubicasa::testing::detail {

namespace {

struct free_key {
    void operator()(EVP_PKEY* k) const noexcept { EVP_PKEY_free(k); }
};
struct free_certificate {
    void operator()(X509* c) const noexcept { X509_free(c); }
};
struct free_extension {
    void operator()(X509_EXTENSION* e) const noexcept { X509_EXTENSION_free(e); }
};
struct free_bio {
    void operator()(BIO* b) const noexcept { BIO_free(b); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, free_key>;
using certificate_ptr = std::unique_ptr<X509, free_certificate>;

constexpr long day = 24L * 60 * 60;
constexpr const char* local_names = "DNS:localhost,IP:127.0.0.1,IP:::1";

void check(bool good, const char* what) {
    if (good) return;
    ERR_clear_error();
    throw std::runtime_error(std::string("sandbox: OpenSSL failed: ") + what);
}

struct signed_certificate {
    key_ptr key;
    certificate_ptr certificate;
};

struct description {
    const char* common_name;
    const char* alternative_names;  // null: this is an authority
    long valid_from;                // seconds from now
    long valid_until;
};

void add_extension(X509* certificate, X509* issuer, int id, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, free_extension> extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
    check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

// Without an issuer the certificate is signed by itself.
signed_certificate make_certificate(const description& d, const signed_certificate* issuer) {
    signed_certificate out;
    out.key.reset(EVP_EC_gen("P-256"));
    out.certificate.reset(X509_new());
    check(out.key && out.certificate, "key");
    X509* const c = out.certificate.get();
    X509* const issuer_certificate = issuer ? issuer->certificate.get() : c;

    std::uint64_t serial = 0;
    check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "serial number");
    check(X509_set_version(c, X509_VERSION_3) == 1 &&
              ASN1_INTEGER_set_uint64(X509_get_serialNumber(c), (serial >> 1) | 1) == 1 &&
              X509_gmtime_adj(X509_getm_notBefore(c), d.valid_from) != nullptr &&
              X509_gmtime_adj(X509_getm_notAfter(c), d.valid_until) != nullptr &&
              X509_set_pubkey(c, out.key.get()) == 1,
          "certificate");

    X509_NAME* const name = X509_get_subject_name(c);
    check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(d.common_name),
                                     -1, -1, 0) == 1 &&
              X509_set_issuer_name(c, X509_get_subject_name(issuer_certificate)) == 1,
          "names");

    add_extension(c, issuer_certificate, NID_subject_key_identifier, "hash");
    if (issuer != nullptr) add_extension(c, issuer_certificate, NID_authority_key_identifier, "keyid:always");
    if (d.alternative_names == nullptr) {
        add_extension(c, issuer_certificate, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(c, issuer_certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        add_extension(c, issuer_certificate, NID_basic_constraints, "critical,CA:FALSE");
        add_extension(c, issuer_certificate, NID_key_usage, "critical,digitalSignature");
        add_extension(c, issuer_certificate, NID_ext_key_usage, "serverAuth");
        add_extension(c, issuer_certificate, NID_subject_alt_name, d.alternative_names);
    }
    check(X509_sign(c, issuer ? issuer->key.get() : out.key.get(), EVP_sha256()) > 0, "signature");
    return out;
}

std::string to_pem(X509* certificate) {
    const std::unique_ptr<BIO, free_bio> bio(BIO_new(BIO_s_mem()));
    check(bio && PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM");
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    const int found = SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, offered, offered_size);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

int protocol_number(int version) { return version >= 13 ? TLS1_3_VERSION : TLS1_2_VERSION; }

}  // namespace

server_identity make_identity(const sandbox_options& options) {
    const description authority{"CubiCasa sandbox authority", nullptr, -day, 3650 * day};
    const description stranger{"Another authority", nullptr, -day, 3650 * day};
    description server{"localhost", local_names, -day, 365 * day};

    const signed_certificate trusted = make_certificate(authority, nullptr);
    signed_certificate own;
    switch (options.certificate) {
        case certificate_kind::good:
            own = make_certificate(server, &trusted);
            break;
        case certificate_kind::expired:
            server.valid_from = -30 * day;
            server.valid_until = -day;
            own = make_certificate(server, &trusted);
            break;
        case certificate_kind::wrong_name:
            server.common_name = "elsewhere.example";
            server.alternative_names = "DNS:elsewhere.example";
            own = make_certificate(server, &trusted);
            break;
        case certificate_kind::untrusted: {
            const signed_certificate other = make_certificate(stranger, nullptr);
            own = make_certificate(server, &other);
            break;
        }
        case certificate_kind::self_signed:
            own = make_certificate(server, nullptr);
            break;
    }

    server_identity out;
    out.ca_pem = to_pem(trusted.certificate.get());
    out.context.reset(SSL_CTX_new(TLS_server_method()));
    check(out.context != nullptr, "context");
    SSL_CTX* const c = out.context.get();
    static constexpr unsigned char session_context[] = "cubicasa-sandbox";
    check(SSL_CTX_set_min_proto_version(c, protocol_number(options.tls_min)) == 1 &&
              SSL_CTX_set_max_proto_version(c, protocol_number(options.tls_max)) == 1 &&
              SSL_CTX_use_certificate(c, own.certificate.get()) == 1 && SSL_CTX_use_PrivateKey(c, own.key.get()) == 1 &&
              SSL_CTX_set_session_id_context(c, session_context, sizeof session_context - 1) == 1,
          "context");
    SSL_CTX_set_alpn_select_cb(c, &select_protocol, nullptr);
    return out;
}

}  // namespace cubicasa::testing::detail
