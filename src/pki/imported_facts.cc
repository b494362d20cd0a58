#include "pki/imported_facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "crypto/x509.h"

namespace hallmark::pki {
namespace {

// In the order of crypto::KeyUsage.
constexpr std::array<std::string_view, 9> key_usage_names = {
    "DIGITAL_SIGNATURE", "NON_REPUDIATION", "KEY_ENCIPHERMENT",
    "DATA_ENCIPHERMENT", "KEY_AGREEMENT",   "CERTIFICATE_SIGNING",
    "CRL_SIGNING",       "ENCIPHER_ONLY",   "DECIPHER_ONLY"};
constexpr std::string_view any = "ANY";
constexpr std::string_view none = "NONE";
constexpr std::string_view custom = "CUSTOM";

constexpr std::pair<std::string_view, std::string_view> extended_key_usage_names[] = {
    {"1.3.6.1.5.5.7.3.1", "TLS_WEB_SERVER_AUTHENTICATION"},
    {"1.3.6.1.5.5.7.3.2", "TLS_WEB_CLIENT_AUTHENTICATION"},
    {crypto::code_signing_oid, "CODE_SIGNING"},
    {"1.3.6.1.5.5.7.3.4", "EMAIL_PROTECTION"},
    {"1.3.6.1.5.5.7.3.5", "IPSEC_END_SYSTEM"},
    {"1.3.6.1.5.5.7.3.6", "IPSEC_TUNNEL"},
    {"1.3.6.1.5.5.7.3.7", "IPSEC_USER"},
    {"1.3.6.1.5.5.7.3.8", "TIME_STAMPING"},
    {"1.3.6.1.5.5.7.3.9", "OCSP_SIGNING"},
    {"2.5.29.37.0", any},
};
constexpr std::string_view key_algorithm_names[] = {"RSA_1024",    "RSA_2048",      "RSA_3072",
                                                    "RSA_4096",    "EC_prime256v1", "EC_secp384r1",
                                                    "EC_secp521r1"};
constexpr std::string_view status_names[] = {
    "PENDING_VALIDATION",   "ISSUED",  "INACTIVE", "EXPIRED",
    "VALIDATION_TIMED_OUT", "REVOKED", "FAILED"};

std::string_view name_of_purpose(std::string_view oid) {
  const auto found =
      std::ranges::find(extended_key_usage_names, oid, [](const auto& row) { return row.first; });
  return found == std::ranges::end(extended_key_usage_names) ? custom : found->second;
}

// "0A1B" → "0a:1b".
std::string colons(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i > 0 && (hex.size() - i) % 2 == 0) text += ':';
    text += lower(hex[i]);
  }
  return text;
}

std::string domain_name_of(const crypto::Certificate& certificate,
                           const std::vector<std::string>& names) {
  if (!certificate.common_name.empty()) return certificate.common_name;
  return names.empty() ? certificate.subject : names.front();
}

std::vector<std::string> with_first(const std::string& first, std::vector<std::string> names) {
  std::erase(names, first);
  names.insert(names.begin(), first);
  return names;
}

std::vector<std::string_view> names_of(const std::optional<std::vector<crypto::KeyUsage>>& usages) {
  if (!usages) return {any};
  std::vector<std::string_view> names;
  for (const crypto::KeyUsage usage : *usages) names.push_back(name_of(usage));
  return names;
}

std::vector<ExtendedKeyUsage> purposes_of(const std::optional<std::vector<std::string>>& oids) {
  if (!oids) return {{none, {}}};
  std::vector<ExtendedKeyUsage> purposes;
  for (const std::string& oid : *oids) purposes.push_back({name_of_purpose(oid), oid});
  return purposes;
}

CertificateStatus status_of(const crypto::Certificate& certificate,
                            const std::optional<store::CertificateRevocation>& revocation,
                            Timestamp now) {
  if (revocation) return CertificateStatus::revoked;
  return now < certificate.not_after ? CertificateStatus::issued : CertificateStatus::expired;
}

}  // namespace

std::string_view name_of(CertificateStatus status) {
  switch (status) {
    case CertificateStatus::issued: return "ISSUED";
    case CertificateStatus::expired: return "EXPIRED";
    case CertificateStatus::revoked: return "REVOKED";
  }
  return "ISSUED";
}

std::string_view name_of(crypto::KeyUsage usage) { return key_usage_names[std::size_t(usage)]; }

std::string key_algorithm_of(const crypto::CertificateDetails& details) {
  return details.curve.empty() ? fmt::format("RSA_{}", details.key_bits) : "EC_" + details.curve;
}

bool is_key_usage(std::string_view name) {
  return name == any || name == custom || std::ranges::count(key_usage_names, name) > 0;
}

bool is_extended_key_usage(std::string_view name) {
  return name == none || name == custom ||
         std::ranges::any_of(extended_key_usage_names,
                             [&](const auto& row) { return row.second == name; });
}

bool is_key_algorithm(std::string_view name) {
  return std::ranges::count(key_algorithm_names, name) > 0;
}

bool is_certificate_status(std::string_view name) {
  return std::ranges::count(status_names, name) > 0;
}

Result<CertificateFacts> facts_of(store::Reader& rows, const model::Home& home,
                                  const store::ImportedCertificate& row, Timestamp now) {
  TRY(const auto chain, crypto::certificates_from_pem(row.chain));
  const crypto::Certificate& certificate = chain.front();
  TRY(auto details, crypto::details_of(certificate));
  TRY(auto revocation,
      store::find_certificate_revocation(rows, crypto::tbs_sha384_hex(certificate)));
  std::string domain_name = domain_name_of(certificate, details.domain_names);
  auto alternative_names = with_first(domain_name, std::move(details.domain_names));
  return CertificateFacts{.arn = model::certificate_arn(home, row.account, row.id),
                          .status = status_of(certificate, revocation, now),
                          .domain_name = std::move(domain_name),
                          .alternative_names = std::move(alternative_names),
                          .subject = certificate.subject,
                          .issuer = details.issuer,
                          .serial = colons(certificate.serial_hex),
                          .signature_algorithm = details.signature_algorithm,
                          .key_algorithm = key_algorithm_of(details),
                          .key_usages = names_of(details.key_usages),
                          .extended_key_usages = purposes_of(details.extended_key_usages),
                          .key_kind = details.key_kind,
                          .is_authority = details.is_authority,
                          .not_before = certificate.not_before,
                          .not_after = certificate.not_after,
                          .created_at = row.created_at,
                          .imported_at = row.imported_at,
                          .revocation = std::move(revocation)};
}

}  // namespace hallmark::pki
