// A private key as an encrypted file, for people to keep.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/signer.h"

namespace hallmark::crypto {

// PKCS#8 "ENCRYPTED PRIVATE KEY" PEM (RFC 5958; PBES2 with AES-256-CBC): `openssl pkey` reads it.
Result<std::string> encrypted_pem(const PrivateKey& key, const Secret& passphrase);

// Reads one again, of any encryption that OpenSSL has for such a file. Invalid: it is none, the
// passphrase is another, or the key is not one that import_private_key takes.
Result<PrivateKey> decrypt_pem(std::string_view pem, const Secret& passphrase);

}  // namespace hallmark::crypto
