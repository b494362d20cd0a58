#include "audit/checkpoint.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "crypto/digest.h"
#include "store/audit.h"

namespace hallmark::audit {

std::string checkpoint_text(const store::AuditCheckpoint& checkpoint) {
  return fmt::format("hallmark audit checkpoint 1\nnode {}\nsequence {}\nlink {}\ntime {}\n",
                     store::node_of(checkpoint.place), store::sequence_of(checkpoint.place),
                     to_hex(checkpoint.link), to_rfc3339(checkpoint.signed_at));
}

Result<void> check_checkpoint(const store::AuditCheckpoint& checkpoint,
                              const crypto::CertificateChain& chain,
                              const std::vector<crypto::Certificate>& roots) {
  if (chain.empty() || chain.front().common_name != checkpoint_common_name) {
    return corrupt("the certificate is not one of the audit log");
  }
  const auto digest = crypto::sha384(bytes_of(checkpoint_text(checkpoint)));
  TRY(const bool signed_so,
      crypto::verify_digest(crypto::SignatureAlgorithm::ecdsa_sha384, chain.front().public_key,
                            digest, checkpoint.signature));
  if (!signed_so) return corrupt("the signature is not that of its certificate's key");
  if (roots.empty()) return {};
  return crypto::verify_audit_chain(chain, roots, checkpoint.signed_at);
}

}  // namespace hallmark::audit
