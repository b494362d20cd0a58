// Private keys between PKCS#8 and OpenSSL. Private to crypto/.
#pragma once

#include "base/result.h"
#include "base/secret.h"
#include "crypto/openssl.h"

namespace hallmark::crypto {

// Corrupt unless the bytes are exactly one PKCS#8 private key (RFC 5958) that OpenSSL knows.
Result<KeyHandle> read_pkcs8(ByteView der);
Result<Secret> der_of_pkcs8(const PKCS8_PRIV_KEY_INFO& info);
Result<Secret> pkcs8_of(const EVP_PKEY* key);

}  // namespace hallmark::crypto
