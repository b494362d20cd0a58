// The resource policy of a profile: its permissions as an IAM document.
#pragma once

#include <optional>

#include "base/result.h"
#include "model/arn.h"
#include "model/permission.h"
#include "policy/policy.h"

namespace hallmark::access {

// Nothing when there are no permissions. The statements name no resource: they are judged for the
// profile itself and for its jobs.
Result<std::optional<policy::Document>> resource_policy_of(const model::Home& home,
                                                           const model::Permissions& permissions);

// The ARN of a permission's principal: an account id stands for the root of that account.
std::string principal_arn_of(const model::Home& home, const std::string& principal);

}  // namespace hallmark::access
