// Chains of certificates that lead to no root of ours.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

// Whether each certificate of the chain (leaf first) is issued by the next one, which may issue,
// and all are valid at `time`; the last one is taken at its word, be it a root or not. The chain is
// judged as it is written: in order by the bytes of its names, nothing missing or superfluous. No
// purpose is asked for. Keys below 112 bits of strength (RSA below 2048) and signatures with SHA-1
// are refused. Corrupt with the reason if not.
Result<void> check_links(const CertificateChain& chain, Timestamp time);

// Corrupt unless each certificate's issuer is the next one's subject, byte for byte: OpenSSL, which
// judges the signatures, compares names without regard to case and spaces, and others do not.
Result<void> check_order(const CertificateChain& chain);

}  // namespace hallmark::crypto
