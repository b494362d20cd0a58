// The envelope of the Notary Project around a payload: a JSON Web Signature in its flattened JSON
// form (RFC 7515 §7.2.2), ES384, of the scheme notary.x509.signingAuthority (Notary Project
// signature specification), exactly as the verifiers of AWS Signer's own envelopes expect it.
//
// It is no Format: there is no artefact around the signature, which goes to the caller whole.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/signer.h"
#include "crypto/x509.h"
#include "formats/format.h"

namespace hallmark::formats {

// What seals all envelopes of one certificate: what they have in common is checked and written
// once. Any thread.
class NotationSeal {
 public:
  // Internal: the key is not of P-384, or the chain's leaf is not the key's. The signer outlives
  // it.
  static Result<NotationSeal> make(const crypto::Signer& signer,
                                   const crypto::CertificateChain& chain);

  // Signs the bytes as they are. The statement's times are whole seconds. Errors are of kind
  // internal: the payload has no part in them.
  Result<std::string> seal(const Statement& statement, ByteView payload) const;

 private:
  NotationSeal(const crypto::Signer& signer, std::string header)
      : signer_(&signer), header_(std::move(header)) {}

  const crypto::Signer* signer_;
  std::string header_;  // the unprotected one, as JSON
};

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

// A chain that leads to a root, judged once for all envelopes that carry it. A value.
class TrustedChain {
 public:
  // As crypto::verify_chain; corrupt also unless the chain ends in its root.
  static Result<TrustedChain> judge(const crypto::CertificateChain& given,
                                    const std::vector<crypto::Certificate>& roots, Timestamp time);

  const crypto::CertificateChain& certificates() const { return certificates_; }

 private:
  explicit TrustedChain(crypto::CertificateChain certificates)
      : certificates_(std::move(certificates)) {}
  crypto::CertificateChain certificates_;
};

// The same for an envelope that must carry this very chain: of the chain it is only checked that
// all of it is valid at the signing time.
Result<NotationVerification> verify_notation(std::string_view envelope, const TrustedChain& chain,
                                             Timestamp now);

}  // namespace hallmark::formats
