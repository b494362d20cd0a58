// Checkpoints: the end of a node's chain at some moment, signed by a key that is used for nothing
// else. Who can write to the store can make a chain anew, but no checkpoint that fits it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/x509.h"
#include "store/audit_checkpoints.h"

namespace hallmark::audit {

// Of the certificate's subject; no profile can have this name, for it has a space.
inline constexpr std::string_view checkpoint_common_name = "Hallmark audit";

// What is signed, with ECDSA on P-384 and SHA-384:
//
//   hallmark audit checkpoint 1
//   node 0
//   sequence 1000
//   link 5c85…
//   time 2026-11-22T09:00:00.123Z
//
// each line with a newline at its end.
std::string checkpoint_text(const store::AuditCheckpoint& checkpoint);

// Whether the key of the chain's leaf signed the checkpoint, and the leaf is one of the audit
// log's. With roots, also whether the chain leads to one of them at the checkpoint's time. Corrupt,
// with the reason, if not.
Result<void> check_checkpoint(const store::AuditCheckpoint& checkpoint,
                              const crypto::CertificateChain& chain,
                              const std::vector<crypto::Certificate>& roots);

}  // namespace hallmark::audit
