// An ECDSA signature in its two forms: DER (Ecdsa-Sig-Value, RFC 3279 §2.2.3), as a Signer makes
// it, and r ‖ s, as JSON Web Signatures hold it (RFC 7518 §3.4).
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/algorithm.h"

namespace hallmark::crypto {

// Both numbers at the full length of the curve. Corrupt: no canonical DER of two
// numbers that fit.
Result<Bytes> ecdsa_raw_from_der(KeyKind curve, ByteView der);
// Corrupt unless `raw` has twice the length of the curve.
Result<Bytes> ecdsa_der_from_raw(KeyKind curve, ByteView raw);

}  // namespace hallmark::crypto
