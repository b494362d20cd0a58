// What callers of STS may write, by the rules of its service model.
#pragma once

#include <optional>
#include <string_view>

#include "access/authorizer.h"
#include "base/text.h"
#include "model/arn.h"

namespace hallmark::identity {

struct RoleSessionNameRule {
  static Result<void> check(std::string_view text);
};
using RoleSessionName = Text<RoleSessionNameRule>;  // [\w+=,.@-]{2,64}

struct ExternalIdRule {
  static Result<void> check(std::string_view text);
};
using ExternalId = Text<ExternalIdRule>;  // [\w+=,.@:\/-]{2,1224}

// At most 2,048 characters up to U+00FF; MalformedPolicyDocument if it is no identity policy.
struct SessionPolicyRule {
  static Result<void> check(std::string_view text);
};
using SessionPolicy = Text<SessionPolicyRule>;

// arn:aws:iam::123456789012:role/NAME of this partition.
Result<access::RoleResource> parse_role_arn(const model::Home& home, std::string_view text);

// How STS says that the value of a parameter breaks a rule. The value is not repeated.
Error validation_error(std::string_view parameter, std::string_view constraint);

}  // namespace hallmark::identity
