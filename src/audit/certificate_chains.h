// The chains of the certificates that checkpoints are signed with.
#pragma once

#include <map>

#include "base/result.h"
#include "base/uuid.h"
#include "crypto/x509.h"
#include "store/store.h"

namespace hallmark::audit {

// Remembers them: there is a new one a year. One thread at a time.
class CertificateChains {
 public:
  explicit CertificateChains(store::Store& store) : store_(store) {}

  // Of a certificate's row, from it to its root. Corrupt: a row is not there. The reference is
  // valid until the next call.
  Result<const crypto::CertificateChain*> find(const Uuid& certificate);

 private:
  store::Store& store_;
  std::map<Uuid, crypto::CertificateChain> known_;
};

}  // namespace hallmark::audit
