#include "api/acm/members.h"

#include <fmt/format.h>

namespace hallmark::api {
namespace {

void write_time(JsonWriter& json, std::string_view name, Timestamp time) {
  json.member(name, unix_seconds(time));
}

}  // namespace

Result<pki::NamedCertificate> read_certificate_arn(const Incoming& incoming, Services& services) {
  TRY(const auto body, incoming.body_object());
  TRY(const auto arn, body.get_text("CertificateArn"));
  return pki::NamedCertificate::parse(services.authorizer.home(), arn);
}

Result<std::vector<pki::TagToRemove>> read_tags_to_remove(const JsonObject& body) {
  std::vector<pki::TagToRemove> tags;
  const auto member = body.find("Tags");
  if (!member) return tags;
  TRY(const auto elements, member->array());
  if (elements.empty()) return invalid("Tags must have 1 entry at least.");
  for (const JsonValue& element : elements) {
    TRY(const auto object, element.object());
    TRY(const auto key, object.get_text("Key"));
    TRY(const auto value, object.find_text("Value"));
    pki::TagToRemove tag{std::string(key), {}};
    if (value) tag.value = std::string(*value);
    tags.push_back(std::move(tag));
  }
  return tags;
}

Result<model::StringMap> read_certificate_tags(const JsonObject& body) {
  TRY(auto given, read_tags_to_remove(body));
  model::StringMap tags;
  for (auto& tag : given) tags.emplace_back(std::move(tag.key), tag.value.value_or(std::string()));
  return tags;
}

void write_certificate_facts(JsonWriter& json, const pki::CertificateFacts& facts) {
  json.member("CertificateArn", facts.arn).member("DomainName", facts.domain_name);
  json.member("Status", pki::name_of(facts.status)).member("Type", "IMPORTED");
  json.member("KeyAlgorithm", facts.key_algorithm);
  json.member("RenewalEligibility", "INELIGIBLE");
  json.member("CertificateKeyPairOrigin", "CUSTOMER_PROVIDED");
  write_time(json, "NotBefore", facts.not_before);
  write_time(json, "NotAfter", facts.not_after);
  write_time(json, "CreatedAt", facts.created_at);
  write_time(json, "ImportedAt", facts.imported_at);
  if (facts.revocation) write_time(json, "RevokedAt", facts.revocation->revoked_at);
}

}  // namespace hallmark::api
