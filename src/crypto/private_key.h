// Private keys that their users bring.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signer.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

// Exactly one private key, not encrypted: PEM or DER of PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 A.1.2)
// or SEC 1 (RFC 5915; an "EC PARAMETERS" block before it is passed over). P-256, P-384, and RSA of
// 2048, 3072 or 4096 bits with two primes. Invalid, with the reason, if it is anything else, is too
// weak (fewer bits, a small exponent, factors close to each other), or does not hold together: that
// the factors are prime is checked here and never again.
Result<PrivateKey> import_private_key(ByteView pem_or_der);

// Invalid unless the certificate's public key is the signer's.
Result<void> check_certificate_key(const Certificate& certificate, const Signer& signer);

}  // namespace hallmark::crypto
