// Signer: signs digests and never shows the key. Everything that signs (artefacts, certificates,
// checkpoints) holds one of these; only `crypto` and `keys` ever hold a private key.
#pragma once

#include <memory>
#include <optional>

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
  virtual KeyKind kind() const = 0;
  // SubjectPublicKeyInfo, DER (RFC 5280 §4.1.2.7).
  virtual ByteView public_key() const = 0;
  // The signature over a digest of exactly digest_of(algorithm) bytes. Internal if the algorithm is
  // not of the key's kind. ECDSA: DER ECDSA-Sig-Value. RSA: as long as the modulus.
  virtual Result<Bytes> sign_digest(SignatureAlgorithm algorithm, ByteView digest) const = 0;
};

// A software private key: PKCS#8 DER in a Secret, so that `keys` can seal it.
struct PrivateKey {
  KeyKind kind;
  Secret pkcs8;
};

// A key of a curve. RSA keys are brought by their users (private_key.h), never made here.
Result<PrivateKey> generate_private_key(KeyKind kind, Random& random);
// A Signer in this process. P-384 signs with Nettle (6.5 × OpenSSL 3.0), the others with OpenSSL.
// `random` gives Nettle's nonces (OpenSSL draws from its own generator) and outlives the signer.
Result<std::unique_ptr<Signer>> software_signer(const PrivateKey& key, Random& random);

// The kind of a public key (SubjectPublicKeyInfo, DER); nothing if verify_digest does not take it.
std::optional<KeyKind> find_key_kind(ByteView public_key);

// Whether `signature` over `digest` was made with the key of `public_key` (SubjectPublicKeyInfo
// DER: a named curve and an uncompressed point, or RSA of 2048, 3072 or 4096 bits). Three answers:
// yes (true); no (false), also for bytes that are no DER ECDSA-Sig-Value, or not as long as the RSA
// modulus; and broken (an error: the key cannot be read or is not the algorithm's, or the digest
// has another size).
Result<bool> verify_digest(SignatureAlgorithm algorithm, ByteView public_key, ByteView digest,
                           ByteView signature);

}  // namespace hallmark::crypto
