#include "access/resource_policy.h"

#include <fmt/format.h>

#include "base/json.h"
#include "model/names.h"

namespace hallmark::access {

std::string principal_arn_of(const model::Home& home, const std::string& principal) {
  if (!model::AccountId::parse(principal)) return principal;
  return fmt::format("arn:{}:iam::{}:root", home.partition, principal);
}

Result<std::optional<policy::Document>> resource_policy_of(const model::Home& home,
                                                           const model::Permissions& permissions) {
  if (permissions.statements.empty()) return std::optional<policy::Document>();
  JsonWriter json;
  json.begin_object().member("Version", "2012-10-17").name("Statement").begin_array();
  for (const model::Permission& permission : permissions.statements) {
    json.begin_object().member("Effect", "Allow").name("Principal").begin_object();
    json.member("AWS", principal_arn_of(home, permission.principal)).end_object();
    json.member("Action", permission.action);
    json.name("Condition").begin_object();
    if (!permission.profile_version.empty()) {
      json.name("StringEquals").begin_object();
      json.member("signer:ProfileVersion", permission.profile_version).end_object();
    }
    if (!permission.principal_id.empty()) {
      json.name("StringLike").begin_object();
      json.member("aws:userid", permission.principal_id + ":*").end_object();
    }
    json.end_object().end_object();
  }
  json.end_array().end_object();
  TRY(auto document, policy::Document::parse(json.take(), policy::DocumentKind::resource));
  return std::optional(std::move(document));
}

}  // namespace hallmark::access
