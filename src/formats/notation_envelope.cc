#include "formats/notation_envelope.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/json.h"
#include "base/limits.h"
#include "crypto/digest.h"
#include "crypto/ecdsa_values.h"
#include "formats/lambda_signature.h"
#include "formats/notation_header.h"

namespace hallmark::formats {
namespace {

constexpr auto algorithm = crypto::SignatureAlgorithm::ecdsa_sha384;  // ES384
constexpr auto curve = crypto::KeyKind::p384;
constexpr std::size_t envelope_members = 4;

// RFC 7515 §5.1: what is signed.
crypto::Sha384 digest_of(std::string_view protected_text, std::string_view payload_text) {
  std::string input(protected_text);
  input += '.';
  input += payload_text;
  return crypto::sha384(bytes_of(input));
}

struct Parts {
  std::string_view payload;
  std::string_view protected_header;
  std::string_view signature;
};

std::string envelope_of(const Parts& parts, const crypto::CertificateChain& chain) {
  JsonWriter json;
  json.begin_object().member("payload", parts.payload);
  json.member("protected", parts.protected_header);
  json.name("header").begin_object().name("x5c").begin_array();
  for (const crypto::Certificate& certificate : chain) json.text(to_base64(certificate.der));
  json.end_array().end_object();
  json.member("signature", parts.signature).end_object();
  return json.take();
}

Result<Bytes> decoded(std::string_view text) {
  auto bytes = from_base64url(text);
  if (bytes) return *std::move(bytes);
  return corrupt("The envelope holds what is no base64url.");
}

Result<void> check_signature(const Parts& parts, const crypto::Certificate& leaf) {
  TRY(const Bytes raw, decoded(parts.signature));
  TRY(const Bytes der, crypto::ecdsa_der_from_raw(curve, raw));
  const auto digest = digest_of(parts.protected_header, parts.payload);
  TRY(const bool good, of_envelope(crypto::verify_digest(algorithm, leaf.public_key, digest, der)));
  if (good) return {};
  return corrupt("The signature is not that of the certificate's key over this content.");
}

Result<void> check_times(const Statement& statement, Timestamp now) {
  if (statement.signing_time > now + limits::signing_time_skew_max) {
    return corrupt("The signature was made in the future.");
  }
  if (statement.expires_at <= now) return corrupt("The signature has expired.");
  return {};
}

}  // namespace

Result<std::string> seal_notation(const SealRequest& request, ByteView payload,
                                  const crypto::Signer& signer) {
  if (signer.kind() != curve) {
    return internal_error("notation: the key is not of P-384");
  }
  if (request.chain.empty() ||
      !std::ranges::equal(request.chain.front().public_key, signer.public_key())) {
    return internal_error("notation: the certificate is not the key's");
  }
  if (const auto sensible = check_statement(request.statement); !sensible) {
    return internal_error("notation: " + describe(sensible.error()));
  }
  const std::string protected_text =
      to_base64url(bytes_of(notation_protected_header(request.statement)));
  const std::string payload_text = to_base64url(payload);
  TRY(const Bytes der, signer.sign_digest(algorithm, digest_of(protected_text, payload_text)));
  const auto raw = crypto::ecdsa_raw_from_der(curve, der);
  if (!raw) return internal_error("notation: " + describe(raw.error()));
  return envelope_of({payload_text, protected_text, to_base64url(*raw)}, request.chain);
}

Result<NotationVerification> verify_notation(std::string_view envelope,
                                             const std::vector<crypto::Certificate>& roots,
                                             Timestamp now) {
  TRY(const auto document, of_envelope(JsonDocument::parse(envelope)));
  TRY(const auto object, of_envelope(document.root().object()));
  TRY(check_member_count(object, envelope_members));
  Parts parts;
  TRY(parts.payload, of_envelope(object.get_text("payload")));
  TRY(parts.protected_header, of_envelope(object.get_text("protected")));
  TRY(parts.signature, of_envelope(object.get_text("signature")));
  TRY(const auto header, of_envelope(object.get_object("header")));

  NotationVerification verified;
  TRY(verified.payload, decoded(parts.payload));
  TRY(const Bytes protected_json, decoded(parts.protected_header));
  TRY(verified.statement, read_notation_protected_header(text_of(protected_json)));
  TRY(verified.chain, read_notation_chain(header));
  TRY(check_signature(parts, verified.chain.front()));
  TRY(crypto::verify_chain(verified.chain, roots, verified.statement.signing_time));
  TRY(check_statement(verified.statement));
  TRY(check_speaks_for_profile(verified.chain.front(), verified.statement));
  TRY(check_times(verified.statement, now));
  return verified;
}

}  // namespace hallmark::formats
