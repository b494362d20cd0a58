// The two libraries that sign in this process. Private to crypto/: see software_signer.
#pragma once

#include <memory>

#include "crypto/openssl.h"
#include "crypto/signer.h"

namespace hallmark::crypto {

// A private key that is read and checked, with the public key that others see.
struct LoadedKey {
  KeyAlgorithm algorithm;
  KeyHandle key;
  Bytes public_key;  // SubjectPublicKeyInfo, DER
};

Result<std::unique_ptr<Signer>> nettle_signer(LoadedKey key, Random& random);
std::unique_ptr<Signer> openssl_signer(LoadedKey key);

// The refusal of a digest that is not of the key's algorithm; nothing if it is.
Result<void> check_digest_size(KeyAlgorithm algorithm, ByteView digest);

}  // namespace hallmark::crypto
