// What other accounts may do with a profile: the statements of its resource policy, as
// AddProfilePermission gives them.
#pragma once

#include <string>
#include <vector>

namespace hallmark::model {

struct Permission {
  std::string statement_id;
  std::string action;           // "signer:StartSigningJob"
  std::string principal;        // an account id or the ARN of a role, as it was given
  std::string profile_version;  // empty: every version
  // The unique id of a role that is kept here, which a role made again under the name has not.
  std::string principal_id = {};
  bool operator==(const Permission&) const = default;
};

// Both are empty, or none is: removing the last statement removes the policy.
struct Permissions {
  std::string revision_id;  // a UUID, new on each change
  std::vector<Permission> statements;
  bool operator==(const Permissions&) const = default;
};

}  // namespace hallmark::model
