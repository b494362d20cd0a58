// The certificate that a profile names: one that its own account imported.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "model/arn.h"
#include "model/profile.h"
#include "store/store.h"

namespace hallmark::signing {

// A profile without one passes. Not found: no such certificate in the profile's account. Invalid,
// with the reason: it cannot sign for the profile's platform (pki/imported_platform.h).
Result<void> check_profile_certificate(store::Reader& rows, const model::Home& home,
                                       const model::Profile& profile, Timestamp now);

}  // namespace hallmark::signing
