// The end of keys.
#pragma once

#include "base/clock.h"
#include "keys/keys.h"
#include "store/store.h"

namespace hallmark::pki {

// How many leaves go at once: more than come, since this runs whenever a leaf is issued.
inline constexpr std::size_t keys_retired_max = 8;

// Destroys the keys of leaves that expired, in the back end and in the store, the oldest first, and
// those of all intermediates that did, but for the newest. Nobody signs with them: a leaf is
// replaced long before. What cannot be done is logged, and left for the next time.
void retire_expired_keys(store::Store& store, keys::KeyProvider& keys, Timestamp now);

// Destroys the keys of imported certificates that were deleted or replaced, or never came to be,
// the oldest first. What is left, the token being away, waits for the next time.
Result<void> destroy_discarded_keys(store::Store& store, keys::KeyProvider& keys);

}  // namespace hallmark::pki
