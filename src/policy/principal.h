// The Principal element of a resource policy: "*", or {"AWS": …} with accounts and ARNs and
// {"Federated": …} with issuers of web identities.
// Source: IAM User Guide, "AWS JSON policy elements: Principal".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "policy/policy.h"

namespace hallmark::policy {

enum class PrincipalKind {
  everyone,  // "*"
  account,   // every principal of the account: 123456789012, arn:aws:iam::123456789012:root
  one,       // a user, a role and all its sessions, or one session
  issuer,    // every web identity of an OpenID Connect issuer
};

struct Principal {
  PrincipalKind kind = PrincipalKind::everyone;
  std::string name = {};              // the account's id, the ARN, or HOST/PATH of the issuer
  std::string sessions_prefix = {};   // of a role: how the ARNs of its sessions begin; else empty
  std::string provider_account = {};  // of an issuer that is named by an ARN; else empty
  std::string unique_id = {};         // of one that is known by it, and then by it alone
};

// Invalid, naming the value by its path.
Result<std::vector<Principal>> parse_principals(const JsonValue& element);

// HOST[:PORT][/PATH]: the URL of an issuer without its scheme, as {"Federated": …} names it.
bool is_issuer(std::string_view text);

// An issuer named by an ARN is meant only for resources of the ARN's account.
bool is_caller(const Principal& principal, const Question& question);

}  // namespace hallmark::policy
