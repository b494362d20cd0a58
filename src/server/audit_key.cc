#include "server/audit_key.h"

namespace hallmark::server {

Result<void> AuditKey::prepare() {
  TRY(identity_, authority_.audit_identity());
  return {};
}

Result<audit::CheckpointSigner::Signature> AuditKey::sign(ByteView sha384_digest) {
  if (!identity_) TRY(prepare());
  TRY(auto signature, identity_->identity->signer->sign_digest(
                          crypto::SignatureAlgorithm::ecdsa_sha384, sha384_digest));
  return Signature{identity_->certificate, std::move(signature)};
}

}  // namespace hallmark::server
