// What the trust policy of a role may be, and whom it means.
#pragma once

#include <string>

#include "base/result.h"
#include "model/arn.h"
#include "model/profile.h"
#include "store/store.h"

namespace hallmark::identity {

// Invalid (MalformedPolicyDocument), naming the place.
Result<void> check_trust_policy(const std::string& json);

// The unique ids of the users, roles and sessions of roles that a trust policy names, by their ARNs
// as it writes them. Those of accounts that are not kept here are left out: they are taken at their
// word. Invalid (MalformedPolicyDocument): one of an account that is kept here does not exist.
Result<model::StringMap> find_trusted_ids(store::Reader& rows, const model::Home& home,
                                          const std::string& trust_policy);

}  // namespace hallmark::identity
