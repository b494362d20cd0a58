#include "http/tls.h"

#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/bytes.h"
#include "crypto/x509.h"
#include "http/tls_openssl.h"

namespace hallmark::http {
namespace {

using BioHandle = Handle<BIO, BIO_free_all>;
using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using X509Handle = Handle<X509, X509_free>;
using NameHandle = Handle<X509_NAME, X509_NAME_free>;

// AEAD with ephemeral keys. Of 1.3 every suite is.
constexpr const char* suites_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* suites_1_3 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr const char* groups = "X25519:P-256:P-384:P-521";
constexpr int security_level = 2;  // keys of 112 bits of strength: RSA from 2048
constexpr int client_chain_bytes_max = 32 * 1024;
constexpr int client_chain_depth_max = 5;
constexpr std::string_view protocol = "\x08http/1.1";

Error tls_error(std::string_view what) {
  return internal_error(fmt::format("{}: {}", what, tls_reasons()));
}

Error refused(std::string_view what) {
  Error error = invalid(std::string(what));
  error.detail = tls_reasons();
  return error;
}

// A client that speaks other protocols only is refused (RFC 7301 §3.2).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  const auto* const own = reinterpret_cast<const unsigned char*>(protocol.data());
  unsigned char* selected = nullptr;  // not written to; OpenSSL's type has no const here
  const int found =
      SSL_select_next_proto(&selected, size, own, unsigned(protocol.size()), offered, offered_size);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

// Never asks the terminal for a passphrase.
int no_passphrase(char*, int, int, void*) { return -1; }

Result<SslContextHandle> make_context() {
  SslContextHandle context(SSL_CTX_new(TLS_server_method()));
  if (!context) return tls_error("SSL_CTX_new");
  SSL_CTX* const ssl = context.get();
  SSL_CTX_set_security_level(ssl, security_level);
  SSL_CTX_clear_options(ssl, SSL_CTX_get_options(ssl));  // whatever openssl.cnf says
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                               SSL_OP_ENABLE_MIDDLEBOX_COMPAT);
  SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
  // Each record is a turn of its own: who sends what is no data, such as new keys without end,
  // keeps the thread from nobody.
  SSL_CTX_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_max_cert_list(ssl, client_chain_bytes_max);
  SSL_CTX_set_verify_depth(ssl, client_chain_depth_max);
  SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, nullptr);
  if (SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(ssl, TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(ssl, suites_1_2) != 1 ||
      SSL_CTX_set_ciphersuites(ssl, suites_1_3) != 1 ||
      SSL_CTX_set1_groups_list(ssl, groups) != 1 || SSL_CTX_set_num_tickets(ssl, 0) != 1) {
    return tls_error("set up TLS");
  }
  return context;
}

BioHandle memory_of(ByteView bytes) {
  const void* const begin = bytes.empty() ? "" : static_cast<const void*>(bytes.data());
  return BioHandle(BIO_new_mem_buf(begin, static_cast<int>(bytes.size())));
}

Result<X509Handle> openssl_certificate(const crypto::Certificate& certificate) {
  const std::uint8_t* der = certificate.der.data();
  X509Handle handle(d2i_X509(nullptr, &der, static_cast<long>(certificate.der.size())));
  if (!handle) return tls_error("d2i_X509");
  return handle;
}

Result<void> use_chain(SSL_CTX* ssl, const crypto::CertificateChain& chain) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    TRY(const auto certificate, openssl_certificate(chain[i]));
    const bool is_own = i == 0;
    const long used = is_own ? SSL_CTX_use_certificate(ssl, certificate.get())
                             : SSL_CTX_add1_chain_cert(ssl, certificate.get());
    if (used != 1) {
      return refused(is_own ? "The certificate cannot be used for TLS."
                            : "The certificate's chain cannot be used for TLS.");
    }
  }
  return {};
}

Result<void> use_key(SSL_CTX* ssl, const Secret& pem) {
  const BioHandle memory = memory_of(pem.reveal());
  if (!memory) return tls_error("BIO_new_mem_buf");
  const KeyHandle key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr));
  if (!key) return refused("The private key is no PEM without a passphrase.");
  if (SSL_CTX_use_PrivateKey(ssl, key.get()) != 1 || SSL_CTX_check_private_key(ssl) != 1) {
    return refused("The private key is not the certificate's.");
  }
  return {};
}

Result<void> require_client_certificates(SSL_CTX* ssl, const std::string& authorities) {
  const BioHandle memory = memory_of(bytes_of(authorities));
  if (!memory) return tls_error("BIO_new_mem_buf");
  std::size_t count = 0;
  while (true) {
    const X509Handle authority(PEM_read_bio_X509(memory.get(), nullptr, no_passphrase, nullptr));
    if (!authority) break;
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(ssl), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(ssl, authority.get()) != 1) {
      return refused("An authority of clients cannot be used.");
    }
    ++count;
  }
  const bool is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count == 0 || !is_at_end) return refused("The authorities of clients are no PEM.");
  ERR_clear_error();
  SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

}  // namespace

std::string tls_reasons() {
  std::string reasons;
  while (const unsigned long code = ERR_get_error()) {
    std::array<char, 256> text = {};
    ERR_error_string_n(code, text.data(), text.size());
    if (!reasons.empty()) reasons += "; ";
    reasons += text.data();
  }
  return reasons.empty() ? "no reason is known" : reasons;
}

Result<std::shared_ptr<const TlsIdentity>> TlsIdentity::make(const TlsMaterial& material,
                                                             Timestamp now) {
  ERR_clear_error();
  auto chain = crypto::certificates_from_pem(material.certificate_chain);
  if (!chain) return invalid("The certificate is no PEM: " + chain.error().message);
  const crypto::Certificate& own = chain->front();
  if (!own.is_valid_at(now)) {
    return invalid(fmt::format("The certificate is valid from {} to {} only.",
                               to_rfc3339(own.not_before), to_rfc3339(own.not_after)));
  }
  auto context = std::make_unique<Context>();
  TRY(context->ssl, make_context());
  TRY(use_chain(context->ssl.get(), *chain));
  TRY(use_key(context->ssl.get(), material.private_key));
  if (!material.client_authorities.empty()) {
    TRY(require_client_certificates(context->ssl.get(), material.client_authorities));
  }
  return std::shared_ptr<const TlsIdentity>(std::make_shared<TlsIdentity>(
      std::move(context), own.not_after, crypto::sha256(bytes_of(material.client_authorities))));
}

TlsIdentity::TlsIdentity(std::unique_ptr<const Context> context, Timestamp not_after,
                         crypto::Sha256 authorities)
    : context_(std::move(context)), not_after_(not_after), authorities_(authorities) {}

TlsIdentity::~TlsIdentity() = default;

bool TlsIdentity::covers(const std::string& host) const {
  X509* const certificate = SSL_CTX_get0_certificate(context_->ssl.get());
  if (X509_check_ip_asc(certificate, host.c_str(), 0) == 1) return true;
  ERR_clear_error();
  const unsigned flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  const int found = X509_check_host(certificate, host.data(), host.size(), flags, nullptr);
  ERR_clear_error();
  return found == 1;
}

}  // namespace hallmark::http
