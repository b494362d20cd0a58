// Verification by Nettle. Private to crypto/: see verify_digest.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/public_key.h"

namespace hallmark::crypto {

// Whether the signature, DER or not, is certainly that of the key of a curve over the digest; in
// some rare cases it may be though Nettle denies it. Corrupt if the key is no point of its curve.
// Not constant in time: all of it is public.
Result<bool> verify_nettle(const PublicKey& key, ByteView digest, ByteView signature);

}  // namespace hallmark::crypto
