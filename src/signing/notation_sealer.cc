#include "signing/notation_sealer.h"

#include <algorithm>

#include "base/limits.h"

namespace hallmark::signing {

Result<SealedPayload> NotationSealer::seal(const model::Profile& profile,
                                           const formats::Statement& statement, ByteView payload) {
  TRY(const auto identity, authority_.identity_for(profile.account, profile.name));
  const Key key{profile.account.text(), profile.name.text()};
  TRY(const Turn turn, take_turn(key, identity));
  TRY(auto envelope, turn.with.seal->seal(statement, payload));
  if (turn.check == Check::due) {
    auto trust = check(envelope, turn.with, {statement, payload});
    // Without trust the next one is verified, too.
    remember(key, identity, trust ? *trust : nullptr);
    if (!trust) return std::move(trust.error());
  }
  return SealedPayload{std::move(envelope), identity->chain.front().serial_hex};
}

Result<NotationSealer::Turn> NotationSealer::take_turn(const Key& key, const Identity& identity) {
  const MutexLock lock(mutex_);
  auto held = current_.find(key);
  if (held == current_.end() || held->second.identity != identity) {
    TRY(auto seal, formats::NotationSeal::make(*identity->signer, identity->chain));
    if (current_.size() >= limits::signing_identities_max) current_.clear();
    Current fresh{.identity = identity,
                  .seal = std::make_shared<const formats::NotationSeal>(std::move(seal)),
                  .trust = nullptr};
    held = current_.insert_or_assign(key, std::move(fresh)).first;
  }
  Current& current = held->second;
  const bool is_due = current.trust == nullptr || ++current.since >= verified_one_in_;
  if (is_due) current.since = 0;
  return Turn{current, is_due ? Check::due : Check::none};
}

void NotationSealer::remember(const Key& key, const Identity& identity, Trust trust) {
  const MutexLock lock(mutex_);
  const auto held = current_.find(key);
  if (held != current_.end() && held->second.identity == identity) {
    held->second.trust = std::move(trust);
  }
}

Result<NotationSealer::Trust> NotationSealer::trust_in(const Current& with,
                                                       Timestamp signing_time) {
  if (with.trust != nullptr) return with.trust;
  TRY(const auto roots, authority_.roots());
  TRY(auto trusted, formats::TrustedChain::judge(with.identity->chain, roots, signing_time));
  return Trust(std::make_shared<const formats::TrustedChain>(std::move(trusted)));
}

Result<NotationSealer::Trust> NotationSealer::check(const std::string& envelope,
                                                    const Current& with, const Expected& expected) {
  const auto does_not_verify = [](const Error& why) {
    return internal_error("our own envelope does not verify: " + describe(why));
  };
  auto trust = trust_in(with, expected.statement.signing_time);
  if (!trust) return does_not_verify(trust.error());
  const auto verified = formats::verify_notation(envelope, **trust, clock_.now());
  if (!verified) return does_not_verify(verified.error());
  if (verified->statement == expected.statement &&
      std::ranges::equal(verified->payload, expected.payload)) {
    return trust;
  }
  return internal_error("our own envelope says what it was not asked to say");
}

}  // namespace hallmark::signing
