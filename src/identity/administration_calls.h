// The calls of administrators, under the names that IAM and Organizations have for them. They come
// through the admin socket, from an operator of the machine, who is of no account and may act on
// all; anybody else could be allowed them for the own account only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/authorizer.h"
#include "base/secret.h"
#include "identity/names.h"
#include "model/arn.h"
#include "store/identities.h"

namespace hallmark::identity {

using store::PrincipalKind;

// The principal that a call is about, which may not exist.
struct Target {
  store::PrincipalPlace place;
  std::string arn;

  static Target of(const model::Home& home, store::PrincipalPlace place);
};

std::vector<access::Need> needs_on(const access::Principal& caller, std::string_view action,
                                   const Target& target);
void describe_target(JsonWriter& json, const Target& target);

// The name of an action that IAM has twice.
constexpr std::string_view one_of(PrincipalKind kind, std::string_view user,
                                  std::string_view role) {
  return kind == PrincipalKind::role ? role : user;
}

// Accounts.

struct CreateAccount {
  static constexpr std::string_view action = "organizations:CreateAccount";
  std::optional<model::AccountId> account;  // nothing: a random one

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ListAccounts {
  static constexpr std::string_view action = "organizations:ListAccounts";

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter&) const {}
};

// Users and roles.

struct CreateUser {
  static constexpr std::string_view action = "iam:CreateUser";
  Target user;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const { describe_target(json, user); }
};

struct CreateRole {
  static constexpr std::string_view action = "iam:CreateRole";
  Target role;
  std::string trust_policy;  // JSON
  std::int64_t session_seconds_max = 3600;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct UpdateAssumeRolePolicy {
  static constexpr std::string_view action = "iam:UpdateAssumeRolePolicy";
  Target role;
  std::string trust_policy;  // JSON

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

template <PrincipalKind kind>
struct DeletePrincipal {
  static constexpr std::string_view action = one_of(kind, "iam:DeleteUser", "iam:DeleteRole");
  static constexpr bool restricts = true;
  Target target;

  std::vector<access::Need> needs(const access::Principal& caller) const {
    return needs_on(caller, action, target);
  }
  void describe(JsonWriter& json) const { describe_target(json, target); }
};
using DeleteUser = DeletePrincipal<PrincipalKind::user>;
using DeleteRole = DeletePrincipal<PrincipalKind::role>;

template <PrincipalKind kind>
struct ListPrincipals {
  static constexpr std::string_view action = one_of(kind, "iam:ListUsers", "iam:ListRoles");
  Target after;  // its name: where the page begins
  std::size_t items_max = 0;

  std::vector<access::Need> needs(const access::Principal& caller) const {
    return needs_on(caller, action, after);
  }
  void describe(JsonWriter& json) const { json.member("accountId", after.place.account.view()); }
};
using ListUsers = ListPrincipals<PrincipalKind::user>;
using ListRoles = ListPrincipals<PrincipalKind::role>;

// Access keys, of users and of the root.

enum class KeyStatus { active, inactive };
std::string_view name_of(KeyStatus status);  // "Active"

// A key that is brought along.
struct ChosenKey {
  AccessKeyId id;
  Secret secret;
};

struct CreateAccessKey {
  static constexpr std::string_view action = "iam:CreateAccessKey";
  Target owner;
  std::optional<ChosenKey> chosen;  // nothing: it is generated

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct UpdateAccessKey {
  static constexpr std::string_view action = "iam:UpdateAccessKey";
  static constexpr bool restricts = true;  // also when it activates: one rule for the action
  Target owner;
  std::string id;
  KeyStatus status = KeyStatus::active;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct DeleteAccessKey {
  static constexpr std::string_view action = "iam:DeleteAccessKey";
  static constexpr bool restricts = true;
  Target owner;
  std::string id;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

struct ListAccessKeys {
  static constexpr std::string_view action = "iam:ListAccessKeys";
  Target owner;

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const { describe_target(json, owner); }
};

// Policies of users and roles.

template <PrincipalKind kind>
struct PutPolicy {
  static constexpr std::string_view action = one_of(kind, "iam:PutUserPolicy", "iam:PutRolePolicy");
  Target owner;
  PolicyName name;
  std::string document;  // JSON

  std::vector<access::Need> needs(const access::Principal& caller) const {
    return needs_on(caller, action, owner);
  }
  void describe(JsonWriter& json) const {
    describe_target(json, owner);
    json.member("policyName", name.view()).member("policyDocument", document);
  }
};
using PutUserPolicy = PutPolicy<PrincipalKind::user>;
using PutRolePolicy = PutPolicy<PrincipalKind::role>;

template <PrincipalKind kind>
struct GetPolicy {
  static constexpr std::string_view action = one_of(kind, "iam:GetUserPolicy", "iam:GetRolePolicy");
  Target owner;
  PolicyName name;

  std::vector<access::Need> needs(const access::Principal& caller) const {
    return needs_on(caller, action, owner);
  }
  void describe(JsonWriter& json) const {
    describe_target(json, owner);
    json.member("policyName", name.view());
  }
};
using GetUserPolicy = GetPolicy<PrincipalKind::user>;
using GetRolePolicy = GetPolicy<PrincipalKind::role>;

template <PrincipalKind kind>
struct DeletePolicy {
  static constexpr std::string_view action =
      one_of(kind, "iam:DeleteUserPolicy", "iam:DeleteRolePolicy");
  static constexpr bool restricts = true;
  Target owner;
  PolicyName name;

  std::vector<access::Need> needs(const access::Principal& caller) const {
    return needs_on(caller, action, owner);
  }
  void describe(JsonWriter& json) const {
    describe_target(json, owner);
    json.member("policyName", name.view());
  }
};
using DeleteUserPolicy = DeletePolicy<PrincipalKind::user>;
using DeleteRolePolicy = DeletePolicy<PrincipalKind::role>;

template <PrincipalKind kind>
struct ListPolicies {
  static constexpr std::string_view action =
      one_of(kind, "iam:ListUserPolicies", "iam:ListRolePolicies");
  Target owner;

  std::vector<access::Need> needs(const access::Principal& caller) const {
    return needs_on(caller, action, owner);
  }
  void describe(JsonWriter& json) const { describe_target(json, owner); }
};
using ListUserPolicies = ListPolicies<PrincipalKind::user>;
using ListRolePolicies = ListPolicies<PrincipalKind::role>;

// What would be said of an action of a principal. Nothing is done.
struct SimulatePrincipalPolicy {
  static constexpr std::string_view action = "iam:SimulatePrincipalPolicy";
  Target who;
  std::string asked;           // "signer:PutSigningProfile"
  std::string resource;        // an ARN, or "*"
  access::Context context;     // condition keys of the request
  std::string session_policy;  // JSON; empty: none

  std::vector<access::Need> needs(const access::Principal& caller) const;
  void describe(JsonWriter& json) const;
};

}  // namespace hallmark::identity
