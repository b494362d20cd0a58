// The keys of an issuer: fetched, held for a while, fetched anew for a key that is not among them.
// Private to identity/.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "crypto/jwk.h"
#include "identity/web_identity.h"

namespace hallmark::identity {

// The keys of a JWKS document (RFC 7517 §5) that can verify signatures; others are left out.
// Corrupt: it is none, or it is larger than limits::key_set_*.
Result<std::vector<crypto::JsonWebKey>> parse_key_set(std::string_view json);

// Safe to call from any thread. The clock outlives the object.
class IssuerKeys {
 public:
  IssuerKeys(std::unique_ptr<KeySetSource> source, const Clock& clock);

  // The keys that may have made a signature: those of that id that are for the algorithm; or, when
  // a token names no key, the only one that is for it. Mostly one, or none. Fetches when there are
  // none, when half of their time is over, and for an unknown id; at most every
  // limits::key_set_refetch_interval, also when that fails. Only the call that fetches waits:
  // others get the keys that are held. Invalid (IDPCommunicationError): there are none.
  Result<std::vector<crypto::JsonWebKey>> find(std::string_view key_id,
                                               crypto::JwsAlgorithm algorithm);

 private:
  using KeySet = std::shared_ptr<const std::vector<crypto::JsonWebKey>>;
  Result<KeySet> get(std::string_view key_id);
  Result<KeySet> fetch();
  // Null when there are none, or their time is over.
  KeySet fresh() const REQUIRES_LOCK(mutex_);
  bool is_aging() const REQUIRES_LOCK(mutex_);
  bool asked_lately() const REQUIRES_LOCK(mutex_);

  const std::unique_ptr<KeySetSource> source_;
  const Clock& clock_;
  Mutex mutex_;
  KeySet keys_ GUARDED_BY(mutex_);
  Timestamp keys_of_ GUARDED_BY(mutex_);                  // when they were fetched
  std::optional<Timestamp> asked_at_ GUARDED_BY(mutex_);  // when the last fetch ended
  bool fetching_ GUARDED_BY(mutex_) = false;
};

}  // namespace hallmark::identity
