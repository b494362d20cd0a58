#include "formats/json_embedded.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/digest_sink.h"
#include "formats/json_signature.h"

namespace hallmark::formats {
namespace {

constexpr std::string_view payload_begin = ",\"payload\":\"";
constexpr std::string_view document_end = "\"}";
constexpr std::uint64_t head_bytes_max = 2048;  // with RSA-4096, 790
constexpr std::uint64_t group_bytes = 3;        // become four characters
constexpr std::uint64_t group_characters = 4;
constexpr std::uint64_t characters_max =
    limits::copy_buffer_bytes / group_characters * group_characters;  // decoded at a time

// What stands before the payload's text.
std::string head_of(const JsonSignature& signature) {
  JsonWriter json;
  json.begin_object();
  write_json_signature(json, signature);
  return json.take().append(payload_begin);
}

std::uint64_t characters_of(std::uint64_t bytes) {
  return (bytes + group_bytes - 1) / group_bytes * group_characters;
}

// The beginning of the object up to the payload's text; nothing if it has none.
std::optional<std::string> find_head(const ReadAt& object) {
  Bytes bytes(std::size_t(std::min(object.size(), head_bytes_max)));
  if (!object.read_at(0, bytes)) return std::nullopt;
  const std::string_view text = text_of(bytes);
  const std::size_t end = text.find(payload_begin);
  if (!text.starts_with(json_signature_begin) || end == text.npos) return std::nullopt;
  return std::string(text.substr(0, end + payload_begin.size()));
}

Result<JsonSignature> read_members(const std::string& head) {
  TRY(const auto document, JsonDocument::parse(head + std::string(document_end)));
  TRY(const auto object, document.root().object());
  return read_json_signature(object);
}

Result<JsonSignature> read_head(const std::string& head) {
  auto signature = read_members(head);
  if (!signature) return corrupt(signature.error().message);
  if (head_of(*signature) != head) {
    return corrupt("The document is not in the one form of JSONEmbedded.");
  }
  return signature;
}

// That the document ends where the payload's text does, and as it should.
Result<void> check_end(const ReadAt& object, std::uint64_t head_bytes,
                       std::uint64_t payload_bytes) {
  const Error wrong = corrupt("The document's payload has another size than the one it states.");
  if (payload_bytes > object.size()) return wrong;  // so that nothing below overflows
  const std::uint64_t end = head_bytes + characters_of(payload_bytes);
  if (object.size() != end + document_end.size()) return wrong;
  Bytes bytes(document_end.size());
  TRY(object.read_at(end, bytes));
  if (text_of(bytes) != document_end) return corrupt("The document does not end as it should.");
  return {};
}

// Decodes the payload's text, which begins at `offset`, into `to`. Padding stands at the very
// end or nowhere: every part but the last one has whole groups.
Result<void> decode_payload(const ReadAt& object, std::uint64_t offset, std::uint64_t payload_bytes,
                            Sink& to) {
  std::uint64_t rest = characters_of(payload_bytes);
  std::uint64_t decoded = 0;
  Bytes text;
  while (rest > 0) {
    text.resize(std::size_t(std::min(rest, characters_max)));
    TRY(object.read_at(offset, text));
    const auto bytes = from_base64(text_of(text));
    offset += text.size();
    rest -= text.size();
    const std::uint64_t expected =
        rest > 0 ? text.size() / group_characters * group_bytes : payload_bytes - decoded;
    if (!bytes || bytes->size() != expected) {
      return corrupt("The document's payload is not canonical base64.");
    }
    decoded += bytes->size();
    TRY(to.write(*bytes));
  }
  return {};
}

Result<SignatureBlock> seal(const SealRequest& request, const ReadAt& source,
                            const crypto::Signer& signer) {
  TRY(const auto signature, sign_payload(request, source, signer));
  const std::string head = head_of(signature);
  if (!read_head(head)) return internal_error("json-embedded: the document made cannot be read");
  return SignatureBlock{.bytes = copy_of(bytes_of(head)),
                        .signing_time = request.statement.signing_time};
}

Result<Artifact> assemble(const SignatureBlock& block, const ReadAt& source) {
  return Artifact{{block.bytes, Base64Range{0, source.size()}, copy_of(bytes_of(document_end))}};
}

bool recognizes(const ReadAt& object) { return find_head(object).has_value(); }

Result<Verification> verify(const VerifyRequest& request) {
  const auto head = find_head(request.object);
  if (!head) return corrupt("The document does not begin as one of JSONEmbedded.");
  TRY(const JsonSignature signature, read_head(*head));
  TRY(check_algorithm(signature, request));
  TRY(check_end(request.object, head->size(), signature.payload_bytes));
  crypto::DigestSink digest(crypto::digest_of(signature.algorithm));
  TRY(decode_payload(request.object, head->size(), signature.payload_bytes, digest));
  return judge_signature(signature, digest.finish(), request);
}

}  // namespace

constinit const Format json_embedded_format = {.name = "json-embedded",
                                               .trusts = Trusts::signers,
                                               .payload = Payload::within,
                                               .seal = seal,
                                               .assemble = assemble,
                                               .recognizes = recognizes,
                                               .verify = verify};

}  // namespace hallmark::formats
