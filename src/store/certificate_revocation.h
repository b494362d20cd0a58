// Rows of revoked certificates, of those that were issued here and of those that users imported.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace hallmark::store {

struct CertificateRevocation {
  std::string tbs_sha384;  // crypto::tbs_sha384_hex
  std::string reason;
  Timestamp revoked_at;
  std::string revoked_by;  // the ARN of who did it
};

// Conflict: it is revoked already. There is no way back.
Result<void> insert_certificate_revocation(Transaction& tx,
                                           const CertificateRevocation& revocation);
Result<std::optional<CertificateRevocation>> find_certificate_revocation(
    Reader& rows, std::string_view tbs_sha384);

}  // namespace hallmark::store
