// The PayloadSealer of Notation: a JWS by the key of the profile's own certificate.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"
#include "pki/authority.h"
#include "signing/payloads.h"

namespace hallmark::signing {

// Verifies the first envelope of each key, and then one in 64, as a stranger would, before it
// answers them: a verification costs three signatures. Any thread. What the constructor takes
// outlives the object.
class NotationSealer final : public PayloadSealer {
 public:
  NotationSealer(pki::Authority& authority, const Clock& clock)
      : authority_(authority), clock_(clock) {}

  Result<SealedPayload> seal(const model::Profile& profile, const formats::Statement& statement,
                             ByteView payload) override;

 private:
  using Key = std::pair<std::string, std::string>;  // account, profile
  struct Count {
    std::string serial;       // of the certificate that signs
    std::uint64_t since = 0;  // envelopes since one was verified
  };

  // Counts one; whether it is to be verified.
  bool is_due(const model::Profile& profile, const std::string& serial);
  void forget(const model::Profile& profile);
  Result<void> check(const std::string& envelope, const formats::Statement& statement,
                     ByteView payload);

  pki::Authority& authority_;
  const Clock& clock_;
  Mutex mutex_;
  std::map<Key, Count> counts_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::signing
