#include "signing/notation_sealer.h"

#include <algorithm>

#include "base/limits.h"
#include "formats/notation_envelope.h"

namespace hallmark::signing {

Result<SealedPayload> NotationSealer::seal(const model::Profile& profile,
                                           const formats::Statement& statement, ByteView payload) {
  TRY(const auto identity, authority_.identity_for(profile.account, profile.name));
  TRY(auto envelope, formats::seal_notation({.statement = statement, .chain = identity->chain},
                                            payload, *identity->signer));
  const std::string& serial = identity->chain.front().serial_hex;
  if (is_due(profile, serial)) {
    auto good = check(envelope, statement, payload);
    if (!good) {
      forget(profile);  // so that the next one is verified, too
      return std::move(good.error());
    }
  }
  return SealedPayload{std::move(envelope), serial};
}

bool NotationSealer::is_due(const model::Profile& profile, const std::string& serial) {
  const MutexLock lock(mutex_);
  if (counts_.size() >= limits::signing_identities_max) counts_.clear();
  Count& count = counts_[{profile.account.text(), profile.name.text()}];
  if (count.serial == serial && ++count.since < verified_one_in_) return false;
  count = {serial, 0};
  return true;
}

void NotationSealer::forget(const model::Profile& profile) {
  const MutexLock lock(mutex_);
  counts_.erase({profile.account.text(), profile.name.text()});
}

Result<void> NotationSealer::check(const std::string& envelope, const formats::Statement& statement,
                                   ByteView payload) {
  TRY(const auto roots, authority_.roots());
  const auto verified = formats::verify_notation(envelope, roots, clock_.now());
  if (!verified) {
    return internal_error("our own envelope does not verify: " + describe(verified.error()));
  }
  if (verified->statement == statement && std::ranges::equal(verified->payload, payload)) return {};
  return internal_error("our own envelope says what it was not asked to say");
}

}  // namespace hallmark::signing
