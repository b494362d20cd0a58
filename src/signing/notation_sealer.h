// The PayloadSealer of Notation: a JWS by the key of the profile's own certificate.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"
#include "formats/notation_envelope.h"
#include "pki/authority.h"
#include "signing/payloads.h"

namespace hallmark::signing {

// A verification costs three signatures.
inline constexpr std::size_t envelopes_verified_one_in = 64;

// Verifies the first envelope of each certificate, and then one in `verified_one_in` (1 or more),
// as a stranger would, before it answers them; but whether the certificate's chain leads to a root
// is judged once, and then only that they carry this very chain. Any thread. What the constructor
// takes by reference outlives the object.
class NotationSealer final : public PayloadSealer {
 public:
  NotationSealer(pki::Authority& authority, const Clock& clock, std::size_t verified_one_in)
      : authority_(authority), clock_(clock), verified_one_in_(verified_one_in) {}

  Result<SealedPayload> seal(const model::Profile& profile, const formats::Statement& statement,
                             ByteView payload) override;

 private:
  using Key = std::pair<std::string, std::string>;  // account, profile
  using Identity = std::shared_ptr<const pki::SigningIdentity>;
  using Trust = std::shared_ptr<const formats::TrustedChain>;

  // What a profile's envelopes are sealed with now.
  struct Current {
    Identity identity;
    std::shared_ptr<const formats::NotationSeal> seal;  // borrows the identity's signer
    Trust trust;              // in its chain, as long as the last envelope that was verified passed
    std::uint64_t since = 0;  // envelopes since then
  };
  enum class Check { none, due };
  struct Turn {
    Current with;
    Check check;
  };
  struct Expected {
    const formats::Statement& statement;
    ByteView payload;
  };

  // Counts one.
  Result<Turn> take_turn(const Key& key, const Identity& identity);
  // What the next ones are judged by.
  void remember(const Key& key, const Identity& identity, Trust trust);
  // Why the chain may be trusted: the turn's reason, or a judgement of now.
  Result<Trust> trust_in(const Current& with, Timestamp signing_time);
  Result<Trust> check(const std::string& envelope, const Current& with, const Expected& expected);

  pki::Authority& authority_;
  const Clock& clock_;
  const std::uint64_t verified_one_in_;
  Mutex mutex_;
  std::map<Key, Current> current_ GUARDED_BY(mutex_);
};

}  // namespace hallmark::signing
