// The two libraries that sign in this process. Private to crypto/: see software_signer.
#pragma once

#include <memory>

#include "crypto/openssl.h"
#include "crypto/signer.h"

namespace hallmark::crypto {

// A private key that is read and checked, with the public key that others see.
struct LoadedKey {
  KeyKind kind;
  KeyHandle key;
  Bytes public_key;  // SubjectPublicKeyInfo, DER
};

Result<std::unique_ptr<Signer>> nettle_signer(LoadedKey key, Random& random);
std::unique_ptr<Signer> openssl_signer(LoadedKey key);

// The refusal of an algorithm that is not the key's, or a digest that is not the algorithm's;
// nothing if both fit.
Result<void> check_fits(KeyKind kind, SignatureAlgorithm algorithm, ByteView digest);

}  // namespace hallmark::crypto
