// What a new profile must keep beyond its types: the rules of its platform.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "signing/profiles.h"

namespace hallmark::signing {

// Invalid with AWS's own message where one is known, naming the field otherwise. What the call
// names is not looked at: see profile_certificate.h.
Result<void> check_profile_rules(const PutSigningProfile& call, Timestamp now);

}  // namespace hallmark::signing
