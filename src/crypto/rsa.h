// RSA with the padding of PKCS#1 v1.5 (RSASSA-PKCS1-v1_5, RFC 8017 §8.2). Private to crypto/.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/algorithm.h"
#include "crypto/openssl.h"

namespace hallmark::crypto {

// Below, a modulus can be factored or soon will be.
inline constexpr int rsa_bits_min = 2048;
// FIPS 186-5 §5.4 begins at 2^16 + 1, because small ones turn a verifier's carelessness into
// forgeries; all that are in use are below 2^32.
inline constexpr int rsa_exponent_bits_min = 17;
inline constexpr int rsa_exponent_bits_max = 32;

// A public key of big-endian numbers. Corrupt if OpenSSL does not take them.
Result<KeyHandle> load_rsa(ByteView modulus, ByteView exponent);

// A context that signs or verifies (`begin` is EVP_PKEY_sign_init or EVP_PKEY_verify_init) digests
// of this kind with the key.
Result<KeyContext> rsa_context(EVP_PKEY* key, int (*begin)(EVP_PKEY_CTX*), DigestAlgorithm digest);

// Yes, no (also for bytes of another length), or broken.
Result<bool> verify_rsa(EVP_PKEY* key, DigestAlgorithm algorithm, ByteView digest,
                        ByteView signature);

}  // namespace hallmark::crypto
