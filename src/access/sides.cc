#include "access/sides.h"

#include <algorithm>
#include <array>

namespace hallmark::access {
namespace {

// Actions that are not judged as most are.
struct JudgedOtherwise {
  std::string_view action;
  policy::Sides sides;
};
constexpr std::array<JudgedOtherwise, 4> judged_otherwise = {{
    // Of jobs that the caller's account owns or has invoked: no other is found.
    {"signer:DescribeSigningJob", policy::Sides::identity_only},
    // Every verifier may know, whoever signed.
    {"signer:GetRevocationStatus", policy::Sides::identity_only},
    {"sts:AssumeRole", policy::Sides::resource_required},
    {"sts:AssumeRoleWithWebIdentity", policy::Sides::resource_only},
}};

}  // namespace

policy::Sides sides_of(std::string_view action) {
  const auto found = std::ranges::find(judged_otherwise, action, &JudgedOtherwise::action);
  return found == judged_otherwise.end() ? policy::Sides::both : found->sides;
}

}  // namespace hallmark::access
