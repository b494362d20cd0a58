// Public keys of our kinds. Private to crypto/.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/algorithm.h"
#include "crypto/openssl.h"

namespace hallmark::crypto {

// Borrowed from what was read.
struct PublicKey {
  KeyKind kind;
  ByteView bits;  // of subjectPublicKey: an uncompressed point (SEC 1 §2.3.3), or RSAPublicKey
  ByteView modulus = {};   // of RSA: big-endian, its first bit set
  ByteView exponent = {};  // of RSA
};

// Takes a SubjectPublicKeyInfo apart. There is one accepted form of each key: a named curve with an
// uncompressed point (RFC 5480 §2), or rsaEncryption with NULL (RFC 3279 §2.3.1) and a modulus of
// 2048, 3072 or 4096 bits. Corrupt, with the reason, if it is any other. The point may be off the
// curve: load_public_key looks.
Result<PublicKey> read_public_key(ByteView subject_public_key_info);

// The SubjectPublicKeyInfo of a point. Requires a curve and coordinates of the full length of its
// field; the point may be off the curve.
Bytes public_key_info(KeyKind curve, ByteView x, ByteView y);

// The key as OpenSSL holds it; corrupt if the point is not on the curve.
Result<KeyHandle> load_public_key(const PublicKey& key);

// Why read_public_key does not take this key, in a sentence.
std::string unsupported_reason(ByteView subject_public_key_info);

}  // namespace hallmark::crypto
