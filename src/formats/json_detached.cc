#include "formats/json_detached.h"

#include "base/limits.h"
#include "crypto/digest_sink.h"
#include "formats/json_signature.h"

namespace hallmark::formats {
namespace {

// Four times what the longest names of S3 need with every character escaped.
constexpr std::uint64_t document_bytes_max = limits::signature_block_bytes_max;
constexpr std::string_view location_begin = ",\"payloadLocation\":{";

struct Document {
  JsonSignature signature;
  model::SourceObject location;
};

std::string text_of_document(const Document& document) {
  JsonWriter json;
  json.begin_object();
  write_json_signature(json, document.signature);
  json.name("payloadLocation").begin_object().name("s3").begin_object();
  json.member("bucketName", document.location.bucket);
  json.member("key", document.location.key);
  json.member("version", document.location.version);
  json.end_object().end_object().end_object();
  return json.take();
}

Result<model::SourceObject> read_location(const JsonObject& document) {
  TRY(const auto location, document.get_object("payloadLocation"));
  TRY(const auto s3, location.get_object("s3"));
  TRY(const auto bucket, s3.get_text("bucketName"));
  TRY(const auto key, s3.get_text("key"));
  TRY(const auto version, s3.get_text("version"));
  return model::SourceObject{std::string(bucket), std::string(key), std::string(version)};
}

Result<Document> read_members(std::string_view text) {
  TRY(const auto document, JsonDocument::parse(text));
  TRY(const auto object, document.root().object());
  TRY(auto signature, read_json_signature(object));
  TRY(auto location, read_location(object));
  return Document{.signature = std::move(signature), .location = std::move(location)};
}

Result<Document> read_document(const ReadAt& object) {
  if (object.size() > document_bytes_max) return corrupt("The document is too large.");
  Bytes bytes(std::size_t(object.size()));
  TRY(object.read_at(0, bytes));
  auto document = read_members(text_of(bytes));
  if (!document) return corrupt(document.error().message);
  if (text_of_document(*document) != text_of(bytes)) {
    return corrupt("The document is not in the one form of JSONDetached.");
  }
  return document;
}

Result<SignatureBlock> seal(const SealRequest& request, const ReadAt& source,
                            const crypto::Signer& signer) {
  TRY(auto signature, sign_payload(request, source, signer));
  const Document document = {.signature = std::move(signature), .location = request.source};
  Bytes text = copy_of(bytes_of(text_of_document(document)));
  const auto read = read_document(MemoryReadAt(text));
  if (!read || read->location != request.source) {
    return internal_error("json-detached: the document made is not the one asked for");
  }
  return SignatureBlock{.bytes = std::move(text), .signing_time = request.statement.signing_time};
}

Result<Artifact> assemble(const SignatureBlock& block, const ReadAt&) {
  return Artifact{{block.bytes}};
}

bool recognizes(const ReadAt& object) {
  if (object.size() > document_bytes_max) return false;
  Bytes bytes(std::size_t(object.size()));
  if (!object.read_at(0, bytes)) return false;
  const std::string_view text = text_of(bytes);
  return text.starts_with(json_signature_begin) && text.find(location_begin) != text.npos;
}

Result<Bytes> digest_payload(crypto::SignatureAlgorithm algorithm, const VerifyRequest& request) {
  if (request.payload_sha256 && crypto::digest_of(algorithm) == crypto::DigestAlgorithm::sha256) {
    return copy_of(*request.payload_sha256);
  }
  crypto::DigestSink digest(crypto::digest_of(algorithm));
  TRY(copy_range(*request.payload, 0, request.payload->size(), digest));
  return digest.finish();
}

Result<Verification> verify(const VerifyRequest& request) {
  TRY(const Document document, read_document(request.object));
  TRY(check_algorithm(document.signature, request));
  if (request.payload == nullptr) {
    return invalid("The payload is needed: the document holds only its signature.");
  }
  if (request.payload->size() != document.signature.payload_bytes) {
    return corrupt("The payload has another size than the one that was signed.");
  }
  TRY(const Bytes digest, digest_payload(document.signature.algorithm, request));
  TRY(auto verified, judge_signature(document.signature, digest, request));
  verified.facts.push_back({"payloadBucket", document.location.bucket});
  verified.facts.push_back({"payloadKey", document.location.key});
  verified.facts.push_back({"payloadVersion", document.location.version});
  return verified;
}

}  // namespace

constinit const Format json_detached_format = {.name = "json-detached",
                                               .trusts = Trusts::signers,
                                               .payload = Payload::beside,
                                               .seal = seal,
                                               .assemble = assemble,
                                               .recognizes = recognizes,
                                               .verify = verify};

}  // namespace hallmark::formats
