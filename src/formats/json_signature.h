// What the two JSON formats share: a document of compact JSON that begins with the members
// rawPayloadSize, signature and signatureAlgorithm. The signature is over the payload's own bytes:
// ECDSA in DER, or RSA with PKCS#1 v1.5. Private to this module.
//
// A document has one form. Readers take it apart, write it anew and compare: other members, another
// order, white space, other escapes, base64 that is not canonical, and anything behind it are
// refused so.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/json.h"
#include "base/read_at.h"
#include "base/result.h"
#include "crypto/digest.h"
#include "crypto/signer.h"
#include "formats/format.h"

namespace hallmark::formats {

struct JsonSignature {
  std::uint64_t payload_bytes = 0;
  Bytes signature;
  crypto::SignatureAlgorithm algorithm;
};

// Every document begins so.
inline constexpr std::string_view json_signature_begin = "{\"rawPayloadSize\":";

// Writes the three members, or takes them. Corrupt if they are not there, or of another type.
void write_json_signature(JsonWriter& json, const JsonSignature& signature);
Result<JsonSignature> read_json_signature(const JsonObject& document);

// Reads the payload once (a large one is digested on a thread of its own) and signs it, and
// verifies the signature. Invalid if the payload is empty or larger than the request allows.
Result<JsonSignature> sign_payload(const SealRequest& request, const ReadAt& payload,
                                   const crypto::Signer& signer);

// Whether one of the trusted certificates' keys made the signature over the payload with this
// digest, and may sign code. The answer has that certificate, and the facts that both formats have.
// The time is not judged: the document says none.
Result<Verification> judge_signature(const JsonSignature& signature, ByteView digest,
                                     const VerifyRequest& request);

// Refuses algorithms before anything is hashed: those that no JSON platform has, those that are not
// the request's, and SHA-1 unless it is.
Result<void> check_algorithm(const JsonSignature& signature, const VerifyRequest& request);

}  // namespace hallmark::formats
