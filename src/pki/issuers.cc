#include "pki/issuers.h"

#include <algorithm>

#include "pki/certificate_rules.h"

namespace hallmark::pki {

Result<std::vector<StoredIntermediate>> list_intermediates(store::Reader& rows) {
  TRY(auto found, store::list_certificates(rows, store::CertificateRole::intermediate));
  std::ranges::reverse(found);
  std::vector<StoredIntermediate> intermediates;
  for (store::CertificateRow& row : found) {
    TRY(auto certificate, crypto::Certificate::parse(row.der));
    TRY(auto revocation,
        store::find_certificate_revocation(rows, crypto::tbs_sha384_hex(certificate)));
    intermediates.push_back({std::move(row), std::move(certificate), std::move(revocation)});
  }
  return intermediates;
}

const StoredIntermediate* find_issuing(const std::vector<StoredIntermediate>& intermediates,
                                       Timestamp now) {
  const auto found = std::ranges::find_if(intermediates, [&](const StoredIntermediate& each) {
    return each.certificate.is_valid_at(now) && !each.revocation;
  });
  return found == intermediates.end() ? nullptr : &*found;
}

Error why_none_issues(const std::vector<StoredIntermediate>& intermediates, Timestamp now) {
  if (intermediates.empty()) return internal_error("the store has no certificate authority");
  const bool is_revoked = std::ranges::any_of(intermediates, [&](const StoredIntermediate& each) {
    return each.certificate.is_valid_at(now);
  });
  if (is_revoked) {
    return denied(
        "The intermediate certificate that issues all others is revoked: nothing is signed before "
        "the operator has run `hallmark authority renew`.");
  }
  return {ErrorKind::unavailable,
          "No intermediate certificate is valid now: nothing is signed before the operator has run "
          "`hallmark authority renew`.",
          "the newest is valid from " + to_rfc3339(intermediates.front().certificate.not_before) +
              " to " + to_rfc3339(intermediates.front().certificate.not_after)};
}

}  // namespace hallmark::pki
