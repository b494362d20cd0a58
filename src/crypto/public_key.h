// Public keys of our algorithms. Private to crypto/.
#pragma once

#include "base/result.h"
#include "crypto/algorithm.h"
#include "crypto/openssl.h"

namespace hallmark::crypto {

struct PublicKey {
  KeyAlgorithm algorithm;
  ByteView point;  // uncompressed (SEC 1 §2.3.3), borrowed from what was read
};

// Takes a SubjectPublicKeyInfo apart. There is one accepted form of each key (RFC 5480 §2: a named
// curve, here with an uncompressed point): corrupt if it is any other. The point may be off the
// curve: load_public_key looks.
Result<PublicKey> read_public_key(ByteView subject_public_key_info);

// The SubjectPublicKeyInfo of a point. Requires coordinates of the full length of the field; the
// point may be off the curve.
Bytes public_key_info(KeyAlgorithm algorithm, ByteView x, ByteView y);

// The key as OpenSSL holds it; corrupt if the point is not on the curve.
Result<KeyHandle> load_public_key(const PublicKey& key);

}  // namespace hallmark::crypto
