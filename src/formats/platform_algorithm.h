// What a platform signs with: said by its row in model/platform.cc and the profile's overrides,
// which are among the row's, and by nothing else.
#pragma once

#include <vector>

#include "base/result.h"
#include "crypto/algorithm.h"
#include "model/platform.h"
#include "model/profile.h"

namespace hallmark::formats {

// Internal if the overrides are not the row's: who stored the profile has checked them.
Result<crypto::SignatureAlgorithm> signature_algorithm_of(
    const model::Platform& platform, const model::PlatformOverrides& overrides);

// All that a platform may sign with.
std::vector<crypto::SignatureAlgorithm> signature_algorithms_of(const model::Platform& platform);

// Invalid, in a sentence fit for a statusReason, if a key of this kind does not sign so.
Result<void> check_key_kind(crypto::SignatureAlgorithm algorithm, crypto::KeyKind kind);

}  // namespace hallmark::formats
