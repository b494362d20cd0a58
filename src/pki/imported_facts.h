// What an imported certificate shows of itself, in the words of the Certificate Manager's API.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/algorithm.h"
#include "crypto/certificate_details.h"
#include "model/arn.h"
#include "store/certificate_revocation.h"
#include "store/certificates.h"

namespace hallmark::pki {

enum class CertificateStatus { issued, expired, revoked };
std::string_view name_of(CertificateStatus status);  // "ISSUED"

struct ExtendedKeyUsage {
  std::string_view name;  // "CODE_SIGNING"; "CUSTOM" of an OID without a name
  std::string oid;        // empty of "NONE"
};

struct CertificateFacts {
  std::string arn;
  CertificateStatus status = CertificateStatus::issued;
  std::string domain_name;  // the common name, else the first of the names below, else the subject
  std::vector<std::string> alternative_names;  // with the domain name, which is first
  std::string subject;
  std::string issuer;
  std::string serial;  // "0a:1b:…"
  std::string signature_algorithm;
  std::string key_algorithm;                          // "EC_prime256v1", "RSA_2048"
  std::vector<std::string_view> key_usages;           // "ANY" alone: the certificate does not say
  std::vector<ExtendedKeyUsage> extended_key_usages;  // "NONE" alone: the same
  std::optional<crypto::KeyKind> key_kind;
  bool is_authority = false;
  Timestamp not_before;
  Timestamp not_after;
  Timestamp created_at;
  Timestamp imported_at;
  std::optional<store::CertificateRevocation> revocation = {};
};

// Corrupt if the row's chain is none.
Result<CertificateFacts> facts_of(store::Reader& rows, const model::Home& home,
                                  const store::ImportedCertificate& row, Timestamp now);

// "EC_prime256v1": the kind and the size of a key.
std::string key_algorithm_of(const crypto::CertificateDetails& details);
std::string_view name_of(crypto::KeyUsage usage);  // "DIGITAL_SIGNATURE"

// Whether the API has such a name.
bool is_key_usage(std::string_view name);
bool is_extended_key_usage(std::string_view name);
bool is_key_algorithm(std::string_view name);
bool is_certificate_status(std::string_view name);

}  // namespace hallmark::pki
