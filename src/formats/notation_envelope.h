// The envelope of the Notary Project around a payload: a JSON Web Signature in its flattened JSON
// form (RFC 7515 §7.2.2), ES384, of the scheme notary.x509.signingAuthority (Notary Project
// signature specification), exactly as the verifiers of AWS Signer's own envelopes expect it.
//
// It is no Format: there is no artefact around the signature, which goes to the caller whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/signer.h"
#include "crypto/x509.h"
#include "formats/format.h"

namespace hallmark::formats {

// Signs the bytes as they are. The statement's times are whole seconds. Errors are of kind
// internal: the payload has no part in them.
Result<std::string> seal_notation(const SealRequest& request, ByteView payload,
                                  const crypto::Signer& signer);

struct NotationVerification {
  Statement statement;
  crypto::CertificateChain chain;  // leaf first; leads to one of the roots
  Bytes payload;
};

// Checks everything that can be checked offline, as Format::verify does, and that the envelope has
// no member beyond those of ours: the verifiers of the Notary Project refuse what they do not know.
// Corrupt with the reason.
Result<NotationVerification> verify_notation(std::string_view envelope,
                                             const std::vector<crypto::Certificate>& roots,
                                             Timestamp now);

}  // namespace hallmark::formats
