// What administrators may choose: names, ids and secrets, by IAM's rules.
#pragma once

#include "base/bytes.h"
#include "base/text.h"

namespace hallmark::identity {

struct PrincipalNameRule {
  static Result<void> check(std::string_view text);
};
using PrincipalName = Text<PrincipalNameRule>;  // of a user or a role: ^[\w+=,.@-]{1,64}$

struct PolicyNameRule {
  static Result<void> check(std::string_view text);
};
using PolicyName = Text<PolicyNameRule>;  // ^[\w+=,.@-]{1,128}$

struct AccessKeyIdRule {
  static Result<void> check(std::string_view text);
};
using AccessKeyId = Text<AccessKeyIdRule>;  // ^\w{16,128}$, and not of a session ("ASIA…")

// Invalid unless it has 20 to 128 printable ASCII characters and no space.
Result<void> check_secret_access_key(ByteView secret);

}  // namespace hallmark::identity
