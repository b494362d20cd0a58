// Signer: signs digests and never shows the key. Everything that signs (artefacts, certificates,
// checkpoints) holds one of these; only `crypto` and `keys` ever hold a private key.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/algorithm.h"

namespace hallmark::crypto {

// Safe to call from any thread.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual KeyAlgorithm algorithm() const = 0;
  // SubjectPublicKeyInfo, DER (RFC 5280 §4.1.2.7).
  virtual ByteView public_key() const = 0;
  // The signature over a digest of exactly digest_of(algorithm()) bytes. ECDSA: DER
  // ECDSA-Sig-Value.
  virtual Result<Bytes> sign_digest(ByteView digest) const = 0;
};

// A software private key: PKCS#8 DER in a Secret, so that `keys` can seal it.
struct PrivateKey {
  KeyAlgorithm algorithm;
  Secret pkcs8;
};

Result<PrivateKey> generate_private_key(KeyAlgorithm algorithm, Random& random);
// A Signer in this process. P-384 signs with Nettle (6.5 × OpenSSL 3.0), the others with OpenSSL.
// `random` gives Nettle's nonces (OpenSSL draws from its own generator) and outlives the signer.
Result<std::unique_ptr<Signer>> software_signer(const PrivateKey& key, Random& random);

// Whether `signature` over `digest` was made with the key of `public_key` (SubjectPublicKeyInfo
// DER: a named curve and an uncompressed point). Three answers: yes (true); no (false), also for
// bytes that are no DER ECDSA-Sig-Value; and broken (an error: the key cannot be read, or the
// digest has another size).
Result<bool> verify_digest(KeyAlgorithm algorithm, ByteView public_key, ByteView digest,
                           ByteView signature);

}  // namespace hallmark::crypto
