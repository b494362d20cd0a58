// What a permission must keep, and how large a profile's policy is: AWS's own words and count.
// Private to signing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/arn.h"
#include "model/profile.h"

namespace hallmark::signing {

inline constexpr std::size_t policy_bytes_max = 2000;  // with the principals as given

// Whom a permission names: an account, or a role of one.
struct Grantee {
  model::AccountId account;
  std::string role;  // with its path, "build/Signer"; empty: the account
};

Result<void> check_statement_id(std::string_view id);
Result<Grantee> parse_grantee(const model::Home& home, std::string_view principal);
// An action that the profile's platform lets be granted.
Result<void> check_granted_action(const model::Profile& profile, std::string_view action);
// Not found: a version (empty: every one) that the profile does not have.
Result<void> check_version(const model::Profile& profile, std::string_view version);

enum class Principals { as_given, as_arns };
// The length of the JSON array of the policy's statements.
std::size_t policy_bytes(const model::Home& home, const model::Profile& profile,
                         Principals principals);

}  // namespace hallmark::signing
