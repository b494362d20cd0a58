// Certificates as OpenSSL holds them. Private to crypto/.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "crypto/openssl.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

// Corrupt unless the bytes are exactly one certificate.
Result<X509Handle> read_x509(ByteView der);
// The facts of a certificate that OpenSSL has read.
Result<Certificate> certificate_of(const X509& x509);

}  // namespace hallmark::crypto
