#include "access/sides.h"

#include <gtest/gtest.h>

namespace hallmark::access {
namespace {

using policy::Sides;

TEST(Sides, OfMostActionsAreBoth) {
  EXPECT_EQ(sides_of("signer:StartSigningJob"), Sides::both);
  EXPECT_EQ(sides_of("signer:Unknown"), Sides::both);
}

TEST(Sides, AReaderOfJobsAndOfRevocationsNeedsItsOwnPolicyAlone) {
  EXPECT_EQ(sides_of("signer:DescribeSigningJob"), Sides::identity_only);
  EXPECT_EQ(sides_of("signer:GetRevocationStatus"), Sides::identity_only);
}

TEST(Sides, ARoleTrustsWhoAssumesIt) {
  EXPECT_EQ(sides_of("sts:AssumeRole"), Sides::resource_required);
  EXPECT_EQ(sides_of("sts:AssumeRoleWithWebIdentity"), Sides::resource_only);
}

}  // namespace
}  // namespace hallmark::access
