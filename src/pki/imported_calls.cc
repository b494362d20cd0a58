#include "pki/imported_calls.h"

#include "access/tag_context.h"

namespace hallmark::pki {
namespace {

// An operator is bounded by no account.
policy::Sides sides_for(const access::Principal& caller, policy::Sides others) {
  const bool is_operator = caller.type == access::PrincipalType::machine_operator;
  return is_operator ? policy::Sides::identity_only : others;
}

access::Need need_of(std::string_view action, const NamedCertificate& certificate) {
  return {.action = std::string(action),
          .resource = access::CertificateResource{certificate.account, certificate.id}};
}

void describe_arn(JsonWriter& json, const NamedCertificate& certificate) {
  json.member("certificateArn", certificate.arn);
}

void describe_tags(JsonWriter& json, const model::StringMap& tags) {
  json.name("tags").begin_array();
  for (const auto& [key, value] : tags) {
    json.begin_object().member("key", key).member("value", value).end_object();
  }
  json.end_array();
}

}  // namespace

Result<NamedCertificate> NamedCertificate::parse(const model::Home& home, std::string_view arn) {
  auto reference = model::find_certificate_reference(home, arn);
  if (!reference) {
    return invalid("CertificateArn must be the ARN of a certificate of this partition and region.",
                   "InvalidArnException");
  }
  return NamedCertificate{std::string(arn), std::move(reference->account), reference->id};
}

// What is made with tags is tagged, too.
std::vector<access::Need> ImportCertificate::needs(const access::Principal& caller) const {
  access::Need import{
      .action = std::string(action),
      .resource = access::CertificateResource{account.value_or(caller.account), std::nullopt}};
  if (replaced) import = need_of(action, *replaced);
  import.sides = sides_for(caller, policy::Sides::both);
  if (tags.empty()) return {import};
  import.context = access::context_of_tags(tags);
  access::Need tag = import;
  tag.action = AddTagsToCertificate::action;
  return {import, tag};
}

void ImportCertificate::describe(JsonWriter& json) const {
  if (replaced) describe_arn(json, *replaced);
  if (account) json.member("accountId", account->view());
  if (!tags.empty()) describe_tags(json, tags);
}

std::vector<access::Need> DescribeCertificate::needs(const access::Principal&) const {
  return {need_of(action, certificate)};
}

void DescribeCertificate::describe(JsonWriter& json) const { describe_arn(json, certificate); }

std::vector<access::Need> GetCertificate::needs(const access::Principal&) const {
  return {need_of(action, certificate)};
}

void GetCertificate::describe(JsonWriter& json) const { describe_arn(json, certificate); }

std::vector<access::Need> ListCertificates::needs(const access::Principal& caller) const {
  const bool own = !account || *account == caller.account;
  return {
      {.action = std::string(action),
       .sides = sides_for(caller, own ? policy::Sides::both : policy::Sides::resource_required)}};
}

void ListCertificates::describe(JsonWriter& json) const {
  json.member("maxItems", std::int64_t(count));
}

std::vector<access::Need> DeleteCertificate::needs(const access::Principal&) const {
  return {need_of(action, certificate)};
}

void DeleteCertificate::describe(JsonWriter& json) const { describe_arn(json, certificate); }

std::vector<access::Need> AddTagsToCertificate::needs(const access::Principal&) const {
  access::Need need = need_of(action, certificate);
  need.context = access::context_of_tags(tags);
  return {std::move(need)};
}

void AddTagsToCertificate::describe(JsonWriter& json) const {
  describe_arn(json, certificate);
  describe_tags(json, tags);
}

std::vector<access::Need> RemoveTagsFromCertificate::needs(const access::Principal&) const {
  std::vector<std::string> keys;
  for (const TagToRemove& tag : tags) keys.push_back(tag.key);
  access::Need need = need_of(action, certificate);
  need.context = access::context_of_tag_keys(std::move(keys));
  return {std::move(need)};
}

void RemoveTagsFromCertificate::describe(JsonWriter& json) const {
  describe_arn(json, certificate);
  json.name("tags").begin_array();
  for (const TagToRemove& tag : tags) {
    json.begin_object().member("key", tag.key);
    if (tag.value) json.member("value", *tag.value);
    json.end_object();
  }
  json.end_array();
}

std::vector<access::Need> ListTagsForCertificate::needs(const access::Principal&) const {
  return {need_of(action, certificate)};
}

void ListTagsForCertificate::describe(JsonWriter& json) const { describe_arn(json, certificate); }

}  // namespace hallmark::pki
