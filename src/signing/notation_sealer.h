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

// A verification costs three signatures.
inline constexpr std::size_t envelopes_verified_one_in = 64;

// Verifies the first envelope of each key, and then one in `verified_one_in` (1 or more), as a
// stranger would, before it answers them. Any thread. What the constructor takes by reference
// outlives the object.
class NotationSealer final : public PayloadSealer {
 public:
  NotationSealer(pki::Authority& authority, const Clock& clock, std::size_t verified_one_in)
      : authority_(authority), clock_(clock), verified_one_in_(verified_one_in) {}

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
  const std::uint64_t verified_one_in_;
  Mutex mutex_;
  std::map<Key, Count> counts_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::signing
