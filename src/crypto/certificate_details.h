// What a certificate of others says of itself beyond what signing asks: for showing it, and for
// judging what it may be used for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/algorithm.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

enum class KeyUsage {  // in the order of their bits (RFC 5280 §4.2.1.3)
  digital_signature,
  non_repudiation,
  key_encipherment,
  data_encipherment,
  key_agreement,
  certificate_signing,
  crl_signing,
  encipher_only,
  decipher_only
};

inline constexpr std::string_view code_signing_oid = "1.3.6.1.5.5.7.3.3";

struct CertificateDetails {
  std::string issuer;               // as Certificate::subject
  std::string signature_algorithm;  // "SHA256WITHRSA"
  std::optional<KeyKind> key_kind;  // nothing: not one of ours
  std::string curve;                // of its key: "prime256v1"; empty where it has none
  int key_bits = 0;
  std::vector<std::string> domain_names;  // DNS names of subjectAltName
  // Nothing: the extension is absent, which forbids no use.
  std::optional<std::vector<KeyUsage>> key_usages;
  std::optional<std::vector<std::string>> extended_key_usages;  // OIDs
  bool is_authority = false;
  bool is_self_signed = false;  // by its names and its signature
};

// Corrupt, naming the extension, when one of these cannot be read or is there twice.
Result<CertificateDetails> details_of(const Certificate& certificate);

}  // namespace hallmark::crypto
