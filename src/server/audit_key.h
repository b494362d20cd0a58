// The audit log's seam onto the authority's key for it.
#pragma once

#include "audit/checkpointer.h"
#include "pki/authority.h"

namespace hallmark::server {

// One thread at a time. The authority outlives it.
class AuditKey final : public audit::CheckpointSigner {
 public:
  explicit AuditKey(pki::Authority& authority) : authority_(authority) {}

  Result<void> prepare() override;
  Result<Signature> sign(ByteView sha384_digest) override;

 private:
  pki::Authority& authority_;
  std::optional<pki::Authority::AuditIdentity> identity_;
};

}  // namespace hallmark::server
