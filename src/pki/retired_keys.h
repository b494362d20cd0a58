// The end of keys.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "keys/keys.h"
#include "store/store.h"

namespace hallmark::pki {

// How many leaves go at once: more than come, since this runs whenever a leaf is issued.
inline constexpr std::size_t keys_retired_max = 8;

// Destroys the keys of leaves that expired, in the back end and in the store, the oldest first, and
// those of all intermediates that did, but for the newest. Nobody signs with them: a leaf is
// replaced long before. What cannot be done is logged, and left for the next time; what does not
// open stays, and holds up no other.
void retire_expired_keys(store::Store& store, keys::KeyProvider& keys, Timestamp now);

// A key as it was made for the row of a certificate.
struct MadeKey {
  Uuid certificate;  // the row's
  keys::Purpose purpose;
  Bytes sealed;
};

// The end of a key whose row was not written, as far as is known: it is destroyed where keys lie in
// the back end, unless the row is there after all. What cannot be told or done is logged, and the
// key stays.
void destroy_unused_key(store::Store& store, keys::KeyProvider& keys, const MadeKey& key);
// The same before the error is returned by which there is no row.
Error without_key(store::Store& store, keys::KeyProvider& keys, const MadeKey& key, Error error);

// Destroys the keys of imported certificates that were deleted or replaced, or never came to be,
// the oldest first. What is left, the token being away, waits for the next time; what does not open
// is kept, and the log names it.
Result<void> destroy_discarded_keys(store::Store& store, keys::KeyProvider& keys);

}  // namespace hallmark::pki
