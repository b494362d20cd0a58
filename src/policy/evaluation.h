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
enum class PolicyType { identity, session, resource };

struct MatchedStatement {
  std::size_t document = 0;   // which of the identity policies; 0 for the other types
  std::size_t statement = 0;  // counted from 0
  std::string sid;            // may be empty
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

// All policies that a request meets. Borrowed.
struct Policies {
  std::span<const Document> identity;  // of the caller: its own and those of its groups
  std::optional<Document> session;     // of the caller's session: can only take away
  std::optional<Document> resource;    // of the resource
  std::string_view resource_account;   // who owns the resource
};

// Within one account the identity policies or the resource policy have to allow; across accounts
// both. A session policy has to allow too, whatever the others say.
Evaluation evaluate(const Policies& policies, const Question& question);

// Why a request is not allowed, as the end of the sentence "User: X is not authorized to perform: Y
// on resource: Z ...": "because no identity-based policy allows the Y action", or "with an explicit
// deny in a resource-based policy". Empty when it is allowed.
std::string reason(const Evaluation& evaluation, std::string_view action);

}  // namespace hallmark::policy
