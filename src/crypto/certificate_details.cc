#include "crypto/certificate_details.h"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/printable.h"
#include "crypto/x509_openssl.h"

namespace hallmark::crypto {
namespace {

using BitStringHandle = Handle<ASN1_BIT_STRING, ASN1_BIT_STRING_free>;
using PurposesHandle = Handle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;
using NamesHandle = Handle<GENERAL_NAMES, GENERAL_NAMES_free>;

constexpr std::size_t domain_names_max = 100;         // as ACM
constexpr std::size_t extended_key_usages_max = 100;  // far beyond what anybody has

// The extension, decoded by OpenSSL; null when it is absent.
template <class H>
Result<H> find_extension(const X509& x509, int kind) {
  int place = 0;
  H found(static_cast<typename H::pointer>(X509_get_ext_d2i(&x509, kind, &place, nullptr)));
  if (found != nullptr || place == -1) return found;
  return openssl_refusal(
      fmt::format("The certificate's {} cannot be read, or is there twice.", OBJ_nid2ln(kind)));
}

Result<std::optional<std::vector<KeyUsage>>> key_usages_of(const X509& x509) {
  TRY(const auto bits, find_extension<BitStringHandle>(x509, NID_key_usage));
  if (bits == nullptr) return std::optional<std::vector<KeyUsage>>();
  std::vector<KeyUsage> usages;
  for (int bit = 0; bit <= static_cast<int>(KeyUsage::decipher_only); ++bit) {
    if (ASN1_BIT_STRING_get_bit(bits.get(), bit) == 1) usages.push_back(KeyUsage(bit));
  }
  return std::optional(std::move(usages));
}

Result<std::string> oid_text(const ASN1_OBJECT* object) {
  std::array<char, 256> text = {};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  if (size <= 0 || size >= static_cast<int>(text.size())) {
    return openssl_refusal("The certificate names a purpose that cannot be read.");
  }
  return std::string(text.data(), static_cast<std::size_t>(size));
}

Result<std::optional<std::vector<std::string>>> extended_key_usages_of(const X509& x509) {
  TRY(const auto purposes, find_extension<PurposesHandle>(x509, NID_ext_key_usage));
  if (purposes == nullptr) return std::optional<std::vector<std::string>>();
  std::vector<std::string> oids;
  const int count = sk_ASN1_OBJECT_num(purposes.get());
  if (count > static_cast<int>(extended_key_usages_max)) {
    return corrupt("The certificate names too many purposes.");
  }
  for (int i = 0; i < count; ++i) {
    TRY(auto oid, oid_text(sk_ASN1_OBJECT_value(purposes.get(), i)));
    oids.push_back(std::move(oid));
  }
  return std::optional(std::move(oids));
}

Result<std::vector<std::string>> domain_names_of(const X509& x509) {
  TRY(const auto names, find_extension<NamesHandle>(x509, NID_subject_alt_name));
  std::vector<std::string> domains;
  if (names == nullptr) return domains;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int kind = 0;
    const auto* value = static_cast<const ASN1_STRING*>(
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind));
    if (kind != GEN_DNS || value == nullptr) continue;
    const auto size = static_cast<std::size_t>(ASN1_STRING_length(value));
    const std::string_view name = text_of({ASN1_STRING_get0_data(value), size});
    if (domains.size() == domain_names_max || !is_printable(name)) {
      return corrupt("The certificate has domain names that are no names, or too many.");
    }
    domains.emplace_back(name);
  }
  return domains;
}

// "SHA256WITHECDSA"; OpenSSL's name of what has no such parts.
std::string signature_algorithm_of(const X509& x509) {
  const int kind = X509_get_signature_nid(&x509);
  int digest = 0;
  int key = 0;
  if (OBJ_find_sigid_algs(kind, &digest, &key) == 1 && digest != NID_undef) {
    if (key == EVP_PKEY_RSA) return fmt::format("{}WITHRSA", OBJ_nid2sn(digest));
    if (key == EVP_PKEY_EC) return fmt::format("{}WITHECDSA", OBJ_nid2sn(digest));
  }
  return OBJ_nid2ln(kind);
}

std::string curve_of(const EVP_PKEY& key) {
  std::array<char, 64> name = {};
  std::size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(&key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                     &size) != 1) {
    ERR_clear_error();  // a key without a curve
    return {};
  }
  return std::string(name.data(), size);
}

std::optional<KeyKind> kind_of(const EVP_PKEY& key, std::string_view curve) {
  if (EVP_PKEY_get_base_id(&key) == EVP_PKEY_RSA) return KeyKind::rsa;
  if (curve == SN_X9_62_prime256v1) return KeyKind::p256;
  if (curve == SN_secp384r1) return KeyKind::p384;
  return std::nullopt;
}

bool is_self_signed(X509* x509, EVP_PKEY* key) {
  const bool answer = X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0 &&
                      X509_verify(x509, key) == 1;
  ERR_clear_error();  // a signature of somebody else is no fault here
  return answer;
}

}  // namespace

Result<CertificateDetails> details_of(const Certificate& certificate) {
  TRY(const auto x509, read_x509(certificate.der));
  CertificateDetails details;
  TRY(details.issuer, readable_name(X509_get_issuer_name(x509.get())));
  details.signature_algorithm = signature_algorithm_of(*x509);
  TRY(details.domain_names, domain_names_of(*x509));
  TRY(details.key_usages, key_usages_of(*x509));
  TRY(details.extended_key_usages, extended_key_usages_of(*x509));
  details.is_authority = X509_check_ca(x509.get()) != 0;

  EVP_PKEY* key = X509_get0_pubkey(x509.get());
  if (key == nullptr) return openssl_refusal("The certificate's public key cannot be read.");
  details.curve = curve_of(*key);
  details.key_kind = kind_of(*key, details.curve);
  details.key_bits = EVP_PKEY_get_bits(key);
  details.is_self_signed = is_self_signed(x509.get(), key);
  return details;
}

}  // namespace hallmark::crypto
