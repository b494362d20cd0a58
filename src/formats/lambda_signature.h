// The signature of a Lambda package apart from the package: the text of its `.SF` entry, which is
// PEM ("PKCS7") around a CMS SignedData, detached, over the digest of the content. Private to this
// module.
//
// Signed attributes beside the standard four: 1.3.187.137.1.2 job ARN (UTF8String), 1.3.187.137.1.3
// expiry (GeneralizedTime), 1.3.187.137.1.4 profile version ARN (UTF8String).
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/signer.h"
#include "crypto/x509.h"
#include "formats/format.h"

namespace hallmark::formats {

// PEM as AWS writes it: 64 columns, line feeds, one at the end. And back: Corrupt unless the text
// is exactly what lambda_signature_text makes of the bytes that it holds.
std::string lambda_signature_text(ByteView content_info);
Result<Bytes> lambda_signature_der(std::string_view text);

// What a verified signature says; whom to believe is the caller's question.
struct LambdaSignature {
  Statement statement;
  crypto::CertificateChain chain;
};

// Reads the signature and verifies it against the content's digest. Corrupt with the reason. Checks
// that the statement makes sense by itself: see check_statement.
Result<LambdaSignature> read_lambda_signature(std::string_view text, const crypto::Sha384& inner);

// Signs the content's digest, and reads back what it made before it returns it: the text. Errors
// are of kind internal, for the source has no part in them; that the chain's leaf is another
// profile's is one.
Result<std::string> make_lambda_signature(const SealRequest& request, const crypto::Sha384& inner,
                                          const crypto::Signer& signer);

// Whether the ARNs are of a signing job and of a profile's version, both of the Signer service in
// one partition, region and account, and the expiry is after the signing time.
Result<void> check_statement(const Statement& statement);

// Whether the certificate, which is trusted already, speaks for the statement's profile and not for
// another of the same root: the common name of its subject is the profile's name, and the
// organizational unit its account. Authorities give no other names to leaves.
Result<void> check_speaks_for_profile(const crypto::Certificate& leaf, const Statement& statement);

}  // namespace hallmark::formats
