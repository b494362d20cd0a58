// What all policies together say of a request. Pure, in the words of the IAM User Guide, "Policy
// evaluation logic": an explicit Deny in any policy wins, else every type of policy that must allow
// has to, else the answer is an implicit deny.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/policy.h"

namespace hallmark::policy {

enum class Decision { implicit_deny, explicit_deny, allowed };
enum class PolicyType { identity, session, resource, trust };  // trust: the policy of a role

struct MatchedStatement {
  std::size_t document = 0;   // which of the identity policies; 0 for the other types
  std::size_t statement = 0;  // counted from 0
  std::string sid;            // may be empty
  GrantedTo granted_to = GrantedTo::caller;  // by an Allow
  bool operator==(const MatchedStatement&) const = default;
};

struct Evaluation {
  Decision decision = Decision::implicit_deny;
  // The type that decided: of the Deny, of the Allow, or the first that had to allow and does not.
  PolicyType policy_type = PolicyType::identity;
  std::optional<MatchedStatement> matched;  // absent for an implicit deny

  bool is_allowed() const { return decision == Decision::allowed; }
  bool operator==(const Evaluation&) const = default;
};

// The identity policies of a caller alone: default deny, Deny wins.
Evaluation evaluate_identity(std::span<const Document> documents, const Question& question);

// Whose policies have to allow.
enum class Sides {
  // Within one account the caller's, or the resource's if it grants to the caller itself rather
  // than to the account; across accounts both.
  both,
  // The caller's, whoever owns the resource and whatever its policy says.
  identity_only,
  // As `both`, and the resource's within one account too: the trust policy of a role to assume.
  resource_required,
  // The resource's, of a caller without policies: a web identity that assumes a role.
  resource_only,
};

// All policies that a request meets. Borrowed.
struct Policies {
  std::span<const Document> identity;  // of the caller: its own and those of its groups
  std::optional<Document> session;     // of the caller's session: can only take away
  std::optional<Document> resource;    // of the resource
  std::string_view resource_account;   // who owns the resource
  Sides sides = Sides::both;
};

// A Deny in any policy that counts wins. A session policy has to allow too, whatever the others
// say: IAM exempts what a resource policy grants to one session by its ARN; here that is narrowed
// too.
Evaluation evaluate(const Policies& policies, const Question& question);

// Whether one of them asks for condition keys; if none does, a question needs no context.
bool needs_context(const Policies& policies);

// Why a request is not allowed, as the end of the sentence "User: X is not authorized to perform: Y
// on resource: Z ...": "because no identity-based policy allows the Y action", or "with an explicit
// deny in a resource-based policy". Empty when it is allowed.
// Source: IAM User Guide, "Access denied error message examples".
std::string reason(const Evaluation& evaluation, std::string_view action);

}  // namespace hallmark::policy
