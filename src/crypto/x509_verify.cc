#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/limits.h"
#include "crypto/chain_links.h"
#include "crypto/x509_openssl.h"

namespace hallmark::crypto {
namespace {

using X509Chain = std::vector<X509Handle>;

Result<X509Chain> read_all(const std::vector<Certificate>& certificates) {
  X509Chain chain;
  for (const Certificate& certificate : certificates) {
    TRY(auto x509, read_x509(certificate.der));
    chain.push_back(std::move(x509));
  }
  return chain;
}

Result<void> check_leaf(X509* leaf) {
  if (X509_check_ca(leaf) != 0) return corrupt("The signer's certificate is one of an issuer.");
  // Both answer UINT32_MAX when the extension is absent: then nothing says that code may be signed.
  const std::uint32_t usage = X509_get_key_usage(leaf);
  if (usage == UINT32_MAX || (usage & KU_DIGITAL_SIGNATURE) == 0) {
    return corrupt("The signer's certificate is not for digital signatures.");
  }
  const std::uint32_t purposes = X509_get_extended_key_usage(leaf);
  if (purposes == UINT32_MAX || (purposes & XKU_CODE_SIGN) == 0) {
    return corrupt("The signer's certificate is not for code signing.");
  }
  return {};
}

// The chain that OpenSSL found must begin with the one that was given, or the given one was not
// judged.
Result<void> check_path(const STACK_OF(X509) * path, const X509Chain& given) {
  const int found = sk_X509_num(path);
  if (found < static_cast<int>(given.size())) {
    return corrupt("The certificate chain has certificates that do not lead to a root.");
  }
  for (int i = 0; i < found; ++i) {
    X509* certificate = sk_X509_value(path, i);
    const auto index = static_cast<std::size_t>(i);
    if (index < given.size() && X509_cmp(certificate, given[index].get()) != 0) {
      return corrupt("The certificate chain does not lead to a trusted root as it is written.");
    }
    if (i > 0 && X509_check_ca(certificate) != 1) {
      return corrupt("The certificate chain has an issuer that is not one.");
    }
  }
  return {};
}

Result<StoreHandle> store_of(const X509Chain& roots) {
  StoreHandle store(X509_STORE_new());
  if (store == nullptr) return openssl_error("make a certificate store");
  for (const X509Handle& root : roots) {
    if (X509_STORE_add_cert(store.get(), root.get()) != 1) return openssl_error("trust a root");
  }
  return store;
}

Result<StackHandle> stack_of(const X509Chain& chain) {
  StackHandle stack(sk_X509_new_null());
  if (stack == nullptr) return openssl_error("make a stack");
  for (const X509Handle& x509 : chain) {
    if (sk_X509_push(stack.get(), x509.get()) <= 0) return openssl_error("fill a stack");
  }
  return stack;
}

// No purpose is set, for OpenSSL 3.0 has none for code signing: see check_leaf. Partial chains are
// not asked for, so a root must be self-issued. Level 2: no SHA-1, no RSA below 2048 bits.
void set_rules(X509_STORE_CTX* context, Timestamp time) {
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
  constexpr int security_level = 2;
  X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(unix_seconds(time)));
  X509_VERIFY_PARAM_set_auth_level(rules, security_level);
  X509_VERIFY_PARAM_set_depth(rules, static_cast<int>(limits::certificate_chain_max));
}

Error refusal_of(X509_STORE_CTX* context) {
  const int reason = X509_STORE_CTX_get_error(context);
  ERR_clear_error();
  return corrupt(fmt::format("The certificate chain is not trusted: {}.",
                             X509_verify_cert_error_string(reason)));
}

// Everything but what the leaf may do.
Result<void> verify_path(const CertificateChain& chain, const X509Chain& given,
                         const std::vector<Certificate>& roots, Timestamp time) {
  TRY(check_order(chain));
  TRY(const X509Chain trusted, read_all(roots));
  TRY(const auto store, store_of(trusted));
  TRY(const auto untrusted, stack_of(given));
  const StoreContext context(X509_STORE_CTX_new());
  if (context == nullptr) return openssl_error("prepare a chain's verification");
  if (X509_STORE_CTX_init(context.get(), store.get(), given[0].get(), untrusted.get()) != 1) {
    return openssl_error("prepare a chain's verification");
  }
  set_rules(context.get(), time);
  const int answer = X509_verify_cert(context.get());
  if (answer < 0) return openssl_error("verify a chain");
  if (answer != 1) return refusal_of(context.get());
  return check_path(X509_STORE_CTX_get0_chain(context.get()), given);
}

Result<X509Chain> read_chain(const CertificateChain& chain) {
  if (chain.empty()) return corrupt("There is no certificate.");
  if (chain.size() > limits::certificate_chain_max) {
    return corrupt("The certificate chain is too long.");
  }
  return read_all(chain);
}

}  // namespace

Result<void> check_signs_code(const Certificate& leaf) {
  TRY(const auto x509, read_x509(leaf.der));
  return check_leaf(x509.get());
}

Result<void> check_issues_leaves(const Certificate& intermediate) {
  TRY(const auto x509, read_x509(intermediate.der));
  if (X509_check_ca(x509.get()) != 1) return corrupt("The certificate is not one of an issuer.");
  if (X509_get_pathlen(x509.get()) != 0) {
    return corrupt("The certificate may issue further issuers (its path length is not 0).");
  }
  const std::uint32_t usage = X509_get_key_usage(x509.get());
  if (usage == UINT32_MAX || (usage & KU_KEY_CERT_SIGN) == 0 ||
      (usage & ~std::uint32_t(KU_KEY_CERT_SIGN | KU_CRL_SIGN)) != 0) {
    return corrupt("The certificate's key usage is not that of an issuer alone.");
  }
  const std::uint32_t purposes = X509_get_extended_key_usage(x509.get());
  if (purposes != UINT32_MAX && purposes != XKU_CODE_SIGN) {
    return corrupt("The certificate is for other purposes than code signing.");
  }
  if ((X509_get_extension_flags(x509.get()) & (EXFLAG_CRITICAL | EXFLAG_INVALID)) != 0) {
    return corrupt("The certificate has an extension that is not understood.");
  }
  return {};
}

Result<void> verify_chain(const CertificateChain& chain, const std::vector<Certificate>& roots,
                          Timestamp time) {
  TRY(const X509Chain given, read_chain(chain));
  TRY(check_leaf(given[0].get()));
  return verify_path(chain, given, roots, time);
}

Result<void> verify_audit_chain(const CertificateChain& chain,
                                const std::vector<Certificate>& roots, Timestamp time) {
  TRY(const X509Chain given, read_chain(chain));
  if (X509_check_ca(given[0].get()) != 0 || check_leaf(given[0].get())) {
    return corrupt("The certificate is not one of the audit log's.");
  }
  return verify_path(chain, given, roots, time);
}

}  // namespace hallmark::crypto
