#include "pki/imported_platform.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "crypto/algorithm.h"

namespace hallmark::pki {
namespace {

Error unfit(const CertificateFacts& certificate, std::string_view why) {
  return invalid(
      fmt::format("The certificate {} cannot be used for signing: {}.", certificate.arn, why));
}

// The platform's first is its default.
std::string_view chosen(std::span<const std::string_view> names, std::string_view overriding) {
  return overriding.empty() ? names.front() : overriding;
}

bool signs_with(crypto::KeyKind kind, const PlatformUse& use) {
  const auto algorithm = crypto::find_signature_algorithm(
      chosen(use.platform.encryption_algorithms, use.overrides.encryption_algorithm),
      chosen(use.platform.hash_algorithms, use.overrides.hash_algorithm));
  return algorithm && crypto::key_kind_of(*algorithm) == kind;
}

}  // namespace

Result<void> check_for_platform(const CertificateFacts& certificate, const PlatformUse& use) {
  switch (certificate.status) {
    case CertificateStatus::issued: break;
    case CertificateStatus::expired: return unfit(certificate, "it has expired");
    case CertificateStatus::revoked: return unfit(certificate, "it is revoked");
  }
  if (certificate.is_authority) {
    return unfit(certificate,
                 "it is one of an authority (basicConstraints CA:TRUE, which `openssl req -x509` "
                 "says unless it is told -addext basicConstraints=critical,CA:FALSE)");
  }
  const auto& usages = certificate.key_usages;
  if (std::ranges::find(usages, name_of(crypto::KeyUsage::digital_signature)) == usages.end()) {
    return unfit(certificate, "its key usage does not name digitalSignature");
  }
  if (std::ranges::find(certificate.extended_key_usages, crypto::code_signing_oid,
                        &ExtendedKeyUsage::oid) == certificate.extended_key_usages.end()) {
    return unfit(certificate, "its extended key usage does not name codeSigning");
  }
  if (!certificate.key_kind || !signs_with(*certificate.key_kind, use)) {
    return unfit(certificate, fmt::format("a key {} does not sign for {}",
                                          certificate.key_algorithm, use.platform.id));
  }
  return {};
}

}  // namespace hallmark::pki
