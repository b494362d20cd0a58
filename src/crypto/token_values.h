// Keys in the form in which PKCS#11 tokens hold and use them.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/algorithm.h"
#include "crypto/signer.h"

namespace hallmark::crypto {

// The name of a curve: ECParameters, DER (RFC 5480 §2.1.1). Requires a curve.
Bytes curve_parameters(KeyKind curve);
// SubjectPublicKeyInfo of an uncompressed point. Corrupt if it is none, or not on the curve.
Result<Bytes> public_key_of_point(KeyKind curve, ByteView point);

// DigestInfo, DER: what RSASSA-PKCS1-v1_5 pads (RFC 8017 §9.2, notes).
Bytes digest_info(DigestAlgorithm algorithm, ByteView digest);

// The numbers of a private key, big-endian, each at its full length.
struct RsaNumbers {
  Secret modulus, public_exponent, private_exponent;
  Secret prime_1, prime_2, exponent_1, exponent_2, coefficient;
};
Result<Secret> scalar_of_key(const PrivateKey& key);  // of a curve
Result<RsaNumbers> numbers_of_key(const PrivateKey& key);

}  // namespace hallmark::crypto
