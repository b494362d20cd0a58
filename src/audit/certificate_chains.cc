#include "audit/certificate_chains.h"

#include <optional>

#include "base/limits.h"
#include "store/keys.h"

namespace hallmark::audit {

Result<const crypto::CertificateChain*> CertificateChains::find(const Uuid& certificate) {
  if (const auto known = known_.find(certificate); known != known_.end()) return &known->second;
  TRY(auto chain, store_.read([&](store::Reader& rows) -> Result<crypto::CertificateChain> {
    crypto::CertificateChain found;
    for (std::optional<Uuid> next = certificate; next;) {
      TRY(const auto row, store::find_certificate(rows, *next));
      if (!row) return corrupt("The certificate of a checkpoint is not in the store.");
      if (found.size() == limits::certificate_chain_max) {
        return corrupt("The certificate of a checkpoint has too many issuers.");
      }
      TRY(auto parsed, crypto::Certificate::parse(row->der));
      found.push_back(std::move(parsed));
      next = row->issuer;
    }
    return found;
  }));
  return &known_.emplace(certificate, std::move(chain)).first->second;
}

}  // namespace hallmark::audit
