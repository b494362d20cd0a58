// CMS SignedData (RFC 5652) with a detached content and one ECDSA signer: written with our Signer,
// read and verified with OpenSSL.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/signer.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

// One signed attribute with a single value: dotted object identifier and the value's DER.
struct CmsAttribute {
  std::string oid;
  Bytes value_der;
};

struct CmsRequest {
  ByteView
      content_digest;  // of the detached content, of the digest of algorithm_of(the signer's kind)
  Timestamp signing_time;                // GeneralizedTime with milliseconds, as AWS writes it
  std::vector<CmsAttribute> attributes;  // beside contentType, messageDigest, signingTime and
                                         // CMSAlgorithmProtection, which are always there
};

// DER of a ContentInfo: SignedData v1, detached id-data, one SignerInfo v1 by
// issuerAndSerialNumber, the certificates of `chain` (leaf first, root included), which is the
// signer's own.
Result<Bytes> sign_cms(const CmsRequest& request, const CertificateChain& chain,
                       const Signer& signer);

struct CmsSignature {
  CertificateChain chain;  // leaf first, ordered by issuer; the leaf is the signer's
  Timestamp signing_time;
  std::vector<CmsAttribute> attributes;  // those beyond the four standard ones, in any order
};

// Reads and verifies: the structure above and nothing else (one signer, the digest and signature
// algorithms of the leaf's key, exactly one value an attribute, no duplicate and no unsigned
// attributes, CMSAlgorithmProtection equal to the algorithms used), the message digest against
// `content_digest`, and the signature. Does not judge the chain: see verify_chain. Corrupt with the
// reason if anything is wrong. Accepts BER, as AWS writes it.
Result<CmsSignature> verify_cms(ByteView content_info, ByteView content_digest);

// Values for attributes, and back.
Bytes der_utf8_string(std::string_view text);
// "20260928091926.806Z", without trailing zeros of the fraction (DER); reading accepts them.
Bytes der_generalized_time(Timestamp time);
Result<std::string> utf8_string_from_der(ByteView der);
Result<Timestamp> generalized_time_from_der(ByteView der);

}  // namespace hallmark::crypto
