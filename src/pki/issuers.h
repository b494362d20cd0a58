// The intermediates of an installation and which of them issues. Private to pki.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/x509.h"
#include "store/certificate_revocation.h"
#include "store/keys.h"
#include "store/store.h"

namespace hallmark::pki {

struct StoredIntermediate {
  store::CertificateRow row;
  crypto::Certificate certificate;
  std::optional<store::CertificateRevocation> revocation;
};

// Newest first.
Result<std::vector<StoredIntermediate>> list_intermediates(store::Reader& rows);

// The newest that is valid at that time and not revoked; null: there is none.
const StoredIntermediate* find_issuing(const std::vector<StoredIntermediate>& intermediates,
                                       Timestamp now);
// Why there is none. Denied: one that would be valid is revoked; unavailable: none is valid.
Error why_none_issues(const std::vector<StoredIntermediate>& intermediates, Timestamp now);

}  // namespace hallmark::pki
