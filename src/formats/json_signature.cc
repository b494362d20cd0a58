#include "formats/json_signature.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/limits.h"
#include "base/relay.h"
#include "crypto/digest_sink.h"

namespace hallmark::formats {
namespace {

constexpr std::string_view size_member = "rawPayloadSize";
constexpr std::string_view signature_member = "signature";
constexpr std::string_view algorithm_member = "signatureAlgorithm";

Result<void> check_size(const ReadAt& payload, std::uint64_t bytes_max) {
  if (payload.size() == 0) return invalid("The object is empty.");
  if (payload.size() <= bytes_max) return {};
  return invalid(fmt::format("The object has {} bytes, more than the limit of {} bytes.",
                             payload.size(), bytes_max));
}

Result<void> check_signer(const SealRequest& request, const crypto::Signer& signer) {
  if (request.chain.empty() ||
      !std::ranges::equal(request.chain.front().public_key, signer.public_key())) {
    return internal_error("json: the certificate is not the key's");
  }
  return {};
}

// Whether the certificate's key made the signature. No, too, if it cannot have.
Result<bool> signed_by(const crypto::Certificate& certificate, const JsonSignature& signature,
                       ByteView digest) {
  const auto kind = crypto::find_key_kind(certificate.public_key);
  if (!kind || *kind != crypto::key_kind_of(signature.algorithm)) return false;
  return crypto::verify_digest(signature.algorithm, certificate.public_key, digest,
                               signature.signature);
}

}  // namespace

void write_json_signature(JsonWriter& json, const JsonSignature& signature) {
  json.member(size_member, std::int64_t(signature.payload_bytes));
  json.member(signature_member, to_base64(signature.signature));
  json.member(algorithm_member, crypto::name_of(signature.algorithm));
}

Result<JsonSignature> read_json_signature(const JsonObject& document) {
  TRY(const auto size_value, document.get(size_member));
  TRY(const auto size, size_value.integer());
  TRY(const auto base64, document.get_text(signature_member));
  TRY(const auto name, document.get_text(algorithm_member));
  auto signature = from_base64(base64);
  const auto algorithm = crypto::find_signature_algorithm(name);
  if (size < 1) return corrupt("The document is of an empty payload.");
  if (!signature) return corrupt("The document's signature is not base64.");
  if (!algorithm) return corrupt("The document's signature algorithm is not known.");
  return JsonSignature{.payload_bytes = std::uint64_t(size),
                       .signature = *std::move(signature),
                       .algorithm = *algorithm};
}

Result<JsonSignature> sign_payload(const SealRequest& request, const ReadAt& payload,
                                   const crypto::Signer& signer) {
  TRY(check_size(payload, request.source_bytes_max));
  TRY(check_signer(request, signer));
  crypto::DigestSink digest(crypto::digest_of(request.algorithm));
  TRY(relay_all(payload, digest));
  const Bytes value = digest.finish();
  TRY(Bytes signature, signer.sign_digest(request.algorithm, value));
  TRY(const bool good,
      crypto::verify_digest(request.algorithm, signer.public_key(), value, signature));
  if (!good) return internal_error("json: the signature made does not verify");
  return JsonSignature{.payload_bytes = payload.size(),
                       .signature = std::move(signature),
                       .algorithm = request.algorithm};
}

Result<void> check_algorithm(const JsonSignature& signature, const VerifyRequest& request) {
  if (!request.algorithms.empty()) return check_accepted(signature.algorithm, request);
  const std::string_view name = crypto::name_of(signature.algorithm);
  switch (crypto::digest_of(signature.algorithm)) {
    case crypto::DigestAlgorithm::sha256: return {};
    case crypto::DigestAlgorithm::sha1:
      return corrupt(fmt::format(
          "The signature is {}, which is only trusted of a platform that needs it.", name));
    case crypto::DigestAlgorithm::sha384:
    case crypto::DigestAlgorithm::sha512: break;
  }
  return corrupt(fmt::format("The signature is {}, which no platform makes in this format.", name));
}

Result<Verification> judge_signature(const JsonSignature& signature, ByteView digest,
                                     const VerifyRequest& request) {
  if (request.trusted.empty()) {
    return invalid("The signer's certificate is needed: the signed object does not carry it.");
  }
  for (const crypto::Certificate& certificate : request.trusted) {
    TRY(const bool good, signed_by(certificate, signature, digest));
    if (!good) continue;
    TRY(crypto::check_signs_code(certificate));
    return Verification{
        .statement = {},
        .chain = {certificate},
        .facts = {{"signatureAlgorithm", std::string(crypto::name_of(signature.algorithm))},
                  {"payloadBytes", signature.payload_bytes}}};
  }
  return corrupt("The signature is not that of the given certificate's key over this payload.");
}

}  // namespace hallmark::formats
