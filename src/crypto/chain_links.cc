#include "crypto/chain_links.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/limits.h"
#include "crypto/x509_openssl.h"

namespace hallmark::crypto {
namespace {

Error refusal_of(X509_STORE_CTX* context) {
  const int reason = X509_STORE_CTX_get_error(context);
  ERR_clear_error();
  return corrupt(fmt::format("The certificate chain does not hold: {}.",
                             X509_verify_cert_error_string(reason)));
}

// Level 2: no SHA-1, no RSA below 2048 bits. A partial chain ends at what is trusted, be it a root
// or not. No purpose is set, so that a certificate of any use passes.
void set_rules(X509_STORE_CTX* context, Timestamp time) {
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
  constexpr int security_level = 2;
  X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(unix_seconds(time)));
  X509_VERIFY_PARAM_set_auth_level(rules, security_level);
  X509_VERIFY_PARAM_set_depth(rules, static_cast<int>(limits::certificate_chain_max));
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE);
}

// The path that OpenSSL found must be the chain that was given, or that one was not judged.
Result<void> check_path(const STACK_OF(X509) * path, const std::vector<X509Handle>& given) {
  const int found = sk_X509_num(path);
  if (found != static_cast<int>(given.size())) {
    return corrupt("The certificate chain has certificates that do not belong to it.");
  }
  for (int i = 0; i < found; ++i) {
    X509* certificate = sk_X509_value(path, i);
    if (X509_cmp(certificate, given[static_cast<std::size_t>(i)].get()) != 0) {
      return corrupt("The certificate chain does not hold as it is written.");
    }
    if (i > 0 && X509_check_ca(certificate) != 1) {
      return corrupt("The certificate chain has an issuer that is not one.");
    }
  }
  return {};
}

}  // namespace

Result<void> check_order(const CertificateChain& chain) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
    if (chain[i].issuer_der != chain[i + 1].subject_der) {
      return corrupt(
          fmt::format("The certificate '{}' is not followed by its issuer.", chain[i].subject));
    }
  }
  return {};
}

Result<void> check_links(const CertificateChain& chain, Timestamp time) {
  if (chain.empty()) return corrupt("There is no certificate.");
  if (chain.size() > limits::certificate_chain_max) {
    return corrupt("The certificate chain is too long.");
  }
  TRY(check_order(chain));
  const StoreHandle trusted(X509_STORE_new());
  const StackHandle untrusted(sk_X509_new_null());
  const StoreContext context(X509_STORE_CTX_new());
  if (trusted == nullptr || untrusted == nullptr || context == nullptr) {
    return openssl_error("prepare a chain's verification");
  }
  std::vector<X509Handle> given;
  for (const Certificate& certificate : chain) {
    TRY(auto x509, read_x509(certificate.der));
    if (sk_X509_push(untrusted.get(), x509.get()) <= 0) return openssl_error("fill a stack");
    given.push_back(std::move(x509));
  }
  if (X509_STORE_add_cert(trusted.get(), given.back().get()) != 1) {
    return openssl_error("trust a certificate");
  }
  if (X509_STORE_CTX_init(context.get(), trusted.get(), given[0].get(), untrusted.get()) != 1) {
    return openssl_error("prepare a chain's verification");
  }
  set_rules(context.get(), time);
  const int answer = X509_verify_cert(context.get());
  if (answer < 0) return openssl_error("verify a chain");
  if (answer != 1) return refusal_of(context.get());
  return check_path(X509_STORE_CTX_get0_chain(context.get()), given);
}

}  // namespace hallmark::crypto
