// The certificates of an import: read, and judged by what every certificate must keep. Private to
// pki.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/x509.h"

namespace hallmark::pki {

struct GivenCertificates {
  std::string certificate;  // PEM: exactly one
  std::string chain;        // PEM: its issuer first; empty where the certificate is self-signed
};

// The certificate and its chain, in one. Invalid, with the reason: not PEM, too large or too many;
// a certificate without its chain; a key that nobody here signs with; expired or not begun; a chain
// that does not hold, with or without its root.
Result<crypto::CertificateChain> read_given_chain(const GivenCertificates& given, Timestamp now);

// Whether a certificate may take the place of another, in whose name things are signed: its key is
// of the same kind and size, and what the other may be used for it may be used for too. Invalid,
// with the reason, if not.
Result<void> check_replacement(const crypto::Certificate& replaced,
                               const crypto::Certificate& replacement);

}  // namespace hallmark::pki
