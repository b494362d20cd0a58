#include "identity/principals.h"

#include <fmt/format.h>

namespace hallmark::identity {
namespace {

access::PrincipalType type_of(store::PrincipalKind kind) {
  switch (kind) {
    case store::PrincipalKind::root: return access::PrincipalType::root;
    case store::PrincipalKind::user: return access::PrincipalType::user;
    case store::PrincipalKind::role: return access::PrincipalType::role;
  }
  return access::PrincipalType::user;
}

Result<std::vector<policy::Document>> documents_of(const store::PrincipalRow& row,
                                                   const std::vector<store::PolicyRow>& policies) {
  std::vector<policy::Document> documents;
  if (row.kind == store::PrincipalKind::root) {
    TRY(auto all, policy::Document::parse(allow_everything, policy::DocumentKind::identity));
    documents.push_back(std::move(all));
  }
  for (const store::PolicyRow& policy : policies) {
    TRY(auto document, policy::Document::parse(policy.document, policy::DocumentKind::identity));
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace

const std::string_view allow_everything =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";

Result<access::Principal> principal_of(const model::Home& home, const store::PrincipalRow& row,
                                       const std::vector<store::PolicyRow>& policies) {
  TRY(auto documents, documents_of(row, policies));
  return access::Principal{.type = type_of(row.kind),
                           .account = row.account,
                           .arn = principal_arn(home, place_of(row)),
                           .unique_id = row.unique_id,
                           .name = row.name,
                           .policies = std::move(documents)};
}

store::PrincipalPlace place_of(const store::PrincipalRow& row) {
  return {.account = row.account, .kind = row.kind, .name = row.name};
}

std::string principal_arn(const model::Home& home, const store::PrincipalPlace& principal) {
  std::string prefix = fmt::format("arn:{}:iam::{}:", home.partition, principal.account.view());
  switch (principal.kind) {
    case store::PrincipalKind::root: return prefix + "root";
    case store::PrincipalKind::user: return prefix + "user/" + principal.name;
    case store::PrincipalKind::role: return prefix + "role/" + principal.name;
  }
  return prefix;
}

std::string access_key_context(std::string_view access_key_id) {
  return fmt::format("access-key/{}", access_key_id);
}

}  // namespace hallmark::identity
