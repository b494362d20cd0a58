// A private key as an encrypted file, for people to keep.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/signer.h"

namespace hallmark::crypto {

// PKCS#8 "ENCRYPTED PRIVATE KEY" PEM (RFC 5958; PBES2 with AES-256-CBC): `openssl pkey` reads it.
Result<std::string> encrypted_pem(const PrivateKey& key, const Secret& passphrase);

}  // namespace hallmark::crypto
