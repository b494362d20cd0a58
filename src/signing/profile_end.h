// How a profile ends: what canceling and revoking make of it. Pure. Private to signing.
#pragma once

#include "base/result.h"
#include "model/profile.h"
#include "signing/profiles.h"

namespace hallmark::signing {

// Who ends a profile, and when; and the revision that its permissions get, if it has any.
struct Ending {
  std::string by;  // an ARN
  Timestamp now;
  std::string permissions_revision;
};

// The profile, canceled. One that is canceled stays as it is. Invalid: it is revoked.
Result<model::Profile> canceled(model::Profile profile, const Ending& ending);

// The profile, revoked from the call's time on, in whole seconds; one that is revoked from that
// time stays as it is. Not found: no such version. Invalid: the platform has no revocation, the
// time lies ahead, or after the time from which the profile is revoked already.
Result<model::Profile> revoked(model::Profile profile, const RevokeSigningProfile& call,
                               const Ending& ending);

}  // namespace hallmark::signing
