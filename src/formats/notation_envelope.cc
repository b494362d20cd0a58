#include "formats/notation_envelope.h"

#include <algorithm>
#include <functional>
#include <utility>

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
constexpr std::size_t names_bytes = 64;  // of the members, with their quotes and commas

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

std::string envelope_of(const Parts& parts, std::string_view header) {
  JsonWriter json(parts.payload.size() + parts.protected_header.size() + header.size() +
                  parts.signature.size() + names_bytes);
  json.begin_object().member("payload", parts.payload);
  json.member("protected", parts.protected_header);
  json.name("header").raw(header);
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

Result<void> check_valid_at(const crypto::CertificateChain& chain, Timestamp time) {
  const auto is_valid = [&](const crypto::Certificate& each) { return each.is_valid_at(time); };
  if (std::ranges::all_of(chain, is_valid)) return {};
  return corrupt("A certificate of the chain is not valid at the signing time.");
}

// The chain of a header, when it is to be believed at that time.
using ReadChain =
    std::function<Result<crypto::CertificateChain>(const JsonObject& header, Timestamp time)>;

Result<NotationVerification> verify(std::string_view envelope, const ReadChain& read_chain,
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
  TRY(verified.chain, read_chain(header, verified.statement.signing_time));
  TRY(check_signature(parts, verified.chain.front()));
  TRY(check_statement(verified.statement));
  TRY(check_speaks_for_profile(verified.chain.front(), verified.statement));
  TRY(check_times(verified.statement, now));
  return verified;
}

}  // namespace

Result<NotationSeal> NotationSeal::make(const crypto::Signer& signer,
                                        const crypto::CertificateChain& chain) {
  if (signer.kind() != curve) {
    return internal_error("notation: the key is not of P-384");
  }
  if (chain.empty() || !std::ranges::equal(chain.front().public_key, signer.public_key())) {
    return internal_error("notation: the certificate is not the key's");
  }
  return NotationSeal(signer, notation_unprotected_header(chain));
}

Result<std::string> NotationSeal::seal(const Statement& statement, ByteView payload) const {
  if (const auto sensible = check_statement(statement); !sensible) {
    return internal_error("notation: " + describe(sensible.error()));
  }
  std::string input;
  append_base64url(input, bytes_of(notation_protected_header(statement)));
  const std::size_t dot = input.size();
  input += '.';
  append_base64url(input, payload);
  TRY(const Bytes der, signer_->sign_digest(algorithm, crypto::sha384(bytes_of(input))));
  const auto raw = crypto::ecdsa_raw_from_der(curve, der);
  if (!raw) return internal_error("notation: " + describe(raw.error()));
  const std::string_view text = input;
  return envelope_of({.payload = text.substr(dot + 1),
                      .protected_header = text.substr(0, dot),
                      .signature = to_base64url(*raw)},
                     header_);
}

Result<NotationVerification> verify_notation(std::string_view envelope,
                                             const std::vector<crypto::Certificate>& roots,
                                             Timestamp now) {
  const auto judge = [&](const JsonObject& header,
                         Timestamp time) -> Result<crypto::CertificateChain> {
    TRY(auto chain, read_notation_chain(header));
    TRY(crypto::verify_chain(chain, roots, time));
    return chain;
  };
  return verify(envelope, judge, now);
}

Result<TrustedChain> TrustedChain::judge(const crypto::CertificateChain& given,
                                         const std::vector<crypto::Certificate>& roots,
                                         Timestamp time) {
  crypto::CertificateChain chain;  // as others read it
  for (const crypto::Certificate& each : given) {
    TRY(auto certificate, crypto::Certificate::parse(each.der));
    chain.push_back(std::move(certificate));
  }
  TRY(crypto::verify_chain(chain, roots, time));
  // Else nobody would look at the root's own time again.
  if (chain.back().subject_der != chain.back().issuer_der) {
    return corrupt("The certificate chain does not end in its root.");
  }
  return TrustedChain(std::move(chain));
}

Result<NotationVerification> verify_notation(std::string_view envelope, const TrustedChain& chain,
                                             Timestamp now) {
  const auto compare = [&](const JsonObject& header,
                           Timestamp time) -> Result<crypto::CertificateChain> {
    TRY(check_notation_chain(header, chain.certificates()));
    TRY(check_valid_at(chain.certificates(), time));
    return chain.certificates();
  };
  return verify(envelope, compare, now);
}

}  // namespace hallmark::formats
