// A change of a profile: it grants, tags or revokes, once (audit/change.h). Private to signing.
#pragma once

#include "access/authorizer.h"
#include "audit/change.h"
#include "store/locks.h"
#include "store/profiles.h"
#include "store/store.h"

namespace hallmark::signing {

using audit::change_once;
using audit::Changed;

// The profile that the call was judged on, as it is in this transaction. Unavailable: it was
// changed since, so that the judgement may not hold. Requires facts.profile.
inline Result<model::Profile> profile_as_judged(store::Transaction& tx,
                                                const access::Facts& facts) {
  TRY(store::lock_profile(tx, facts.profile->account, facts.profile->name));
  TRY(auto profile, store::find_profile(tx, facts.profile->account, facts.profile->name));
  if (profile && profile->revision == facts.profile->revision) return *std::move(profile);
  return store::changed_while_judged();
}

}  // namespace hallmark::signing
