// Principals as callers have them, made from their rows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "access/principal.h"
#include "base/result.h"
#include "model/arn.h"
#include "store/identities.h"

namespace hallmark::identity {

// Stored policies that cannot be parsed any more make their owner unusable, rather than less
// restricted. The root of an account has none and may do everything.
Result<access::Principal> principal_of(const model::Home& home, const store::PrincipalRow& row,
                                       const std::vector<store::PolicyRow>& policies);

// Where the row is, without its id.
store::PrincipalPlace place_of(const store::PrincipalRow& row);

// arn:aws:iam::123456789012:user/NAME, role/NAME or root, whose name is empty.
std::string principal_arn(const model::Home& home, const store::PrincipalPlace& principal);

// A policy that allows everything, for the first user of an account.
extern const std::string_view allow_everything;

// What the secret of an access key is sealed for.
std::string access_key_context(std::string_view access_key_id);

}  // namespace hallmark::identity
