#include "identity/administration_calls.h"

#include "identity/principals.h"

namespace hallmark::identity {
namespace {

// An operator is not bounded by the account whose name it carries; no other caller is allowed by
// policies of its own what goes beyond one account.
policy::Sides sides_for(const access::Principal& caller, policy::Sides others) {
  const bool is_operator = caller.type == access::PrincipalType::machine_operator;
  return is_operator ? policy::Sides::identity_only : others;
}

std::vector<access::Need> needs_on_accounts(const access::Principal& caller,
                                            std::string_view action) {
  return {{.action = std::string(action),
           .sides = sides_for(caller, policy::Sides::resource_required)}};
}

}  // namespace

Target Target::of(const model::Home& home, store::PrincipalPlace place) {
  std::string arn = principal_arn(home, place);
  return {std::move(place), std::move(arn)};
}

std::vector<access::Need> needs_on(const access::Principal& caller, std::string_view action,
                                   const Target& target) {
  return {{.action = std::string(action),
           .resource = access::NamedResource{target.arn, target.place.account},
           .sides = sides_for(caller, policy::Sides::both)}};
}

void describe_target(JsonWriter& json, const Target& target) {
  json.member("accountId", target.place.account.view());
  switch (target.place.kind) {
    case PrincipalKind::root: break;
    case PrincipalKind::user: json.member("userName", target.place.name); break;
    case PrincipalKind::role: json.member("roleName", target.place.name); break;
  }
}

std::string_view name_of(KeyStatus status) {
  switch (status) {
    case KeyStatus::active: return "Active";
    case KeyStatus::inactive: return "Inactive";
  }
  return "Inactive";
}

std::vector<access::Need> CreateAccount::needs(const access::Principal& caller) const {
  return needs_on_accounts(caller, action);
}
void CreateAccount::describe(JsonWriter& json) const {
  if (account) json.member("accountId", account->view());
}

std::vector<access::Need> ListAccounts::needs(const access::Principal& caller) const {
  return needs_on_accounts(caller, action);
}

std::vector<access::Need> CreateUser::needs(const access::Principal& caller) const {
  return needs_on(caller, action, user);
}

std::vector<access::Need> CreateRole::needs(const access::Principal& caller) const {
  return needs_on(caller, action, role);
}
void CreateRole::describe(JsonWriter& json) const {
  describe_target(json, role);
  json.member("assumeRolePolicyDocument", trust_policy);
  json.member("maxSessionDuration", session_seconds_max);
}

std::vector<access::Need> UpdateAssumeRolePolicy::needs(const access::Principal& caller) const {
  return needs_on(caller, action, role);
}
void UpdateAssumeRolePolicy::describe(JsonWriter& json) const {
  describe_target(json, role);
  json.member("policyDocument", trust_policy);
}

std::vector<access::Need> CreateAccessKey::needs(const access::Principal& caller) const {
  return needs_on(caller, action, owner);
}
void CreateAccessKey::describe(JsonWriter& json) const {
  describe_target(json, owner);
  if (chosen) json.member("accessKeyId", chosen->id.view());
}

std::vector<access::Need> UpdateAccessKey::needs(const access::Principal& caller) const {
  return needs_on(caller, action, owner);
}
void UpdateAccessKey::describe(JsonWriter& json) const {
  describe_target(json, owner);
  json.member("accessKeyId", id).member("status", name_of(status));
}

std::vector<access::Need> DeleteAccessKey::needs(const access::Principal& caller) const {
  return needs_on(caller, action, owner);
}
void DeleteAccessKey::describe(JsonWriter& json) const {
  describe_target(json, owner);
  json.member("accessKeyId", id);
}

std::vector<access::Need> ListAccessKeys::needs(const access::Principal& caller) const {
  return needs_on(caller, action, owner);
}

std::vector<access::Need> SimulatePrincipalPolicy::needs(const access::Principal& caller) const {
  return needs_on(caller, action, who);
}
void SimulatePrincipalPolicy::describe(JsonWriter& json) const {
  json.member("policySourceArn", who.arn).member("actionName", asked);
  json.member("resourceArn", resource);
}

}  // namespace hallmark::identity
