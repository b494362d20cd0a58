// Certification requests (PKCS#10, RFC 2986): how a key that stays where it is asks an issuer for a
// certificate.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/signer.h"
#include "crypto/x509.h"

namespace hallmark::crypto {

// A value.
struct CertificationRequest {
  Bytes der;
  Bytes public_key;  // SubjectPublicKeyInfo, DER
  Bytes subject_der;
  std::string subject;      // for people, as Certificate::subject
  std::string common_name;  // of the subject; empty unless it has exactly one

  // Corrupt unless the bytes are exactly one request, in DER, for a key that verify_digest takes,
  // and are signed with that key.
  static Result<CertificationRequest> parse(ByteView der);
};

// Asks for nothing but the name: what the certificate may do is the issuer's decision.
Result<CertificationRequest> request_certificate(const DistinguishedName& subject,
                                                 const Signer& signer);

// "-----BEGIN CERTIFICATE REQUEST-----".
std::string to_pem(const CertificationRequest& request);
// The text's only block.
Result<CertificationRequest> certification_request_from_pem(std::string_view pem);

}  // namespace hallmark::crypto
