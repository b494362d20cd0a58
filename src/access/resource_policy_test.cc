#include "access/resource_policy.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::access {
namespace {

using hallmark::test::value_of;
using policy::Verdict;

constexpr std::string_view session = "arn:aws:sts::444455556666:assumed-role/Builder/release-7";

model::Permission granted(std::string_view principal, std::string_view principal_id = "") {
  return {.statement_id = "s",
          .action = "signer:StartSigningJob",
          .principal = std::string(principal),
          .profile_version = {},
          .principal_id = std::string(principal_id)};
}
Verdict judged(model::Permission permission, std::string_view user_id,
               std::string_view version = "Ab3dEf6h1J") {
  const auto document = value_of(resource_policy_of({}, {"revision", {std::move(permission)}}));
  return document->evaluate({.action = "signer:StartSigningJob",
                             .resource = "arn:aws:signer:us-east-1:111122223333:/x",
                             .principal_arn = session,
                             .principal_account = "444455556666",
                             .context = {{"aws:userid", {std::string(user_id)}},
                                         {"signer:ProfileVersion", {std::string(version)}}}});
}
constexpr std::string_view role = "arn:aws:iam::444455556666:role/Builder";

TEST(ResourcePolicy, AGrantToARoleIsForTheSessionsOfThatRole) {
  EXPECT_EQ(judged(granted(role, "AROAFIRST"), "AROAFIRST:release-7"), Verdict::allowed);
}

TEST(ResourcePolicy, ARoleMadeAgainUnderTheNameHasNoGrantOfTheFirst) {
  EXPECT_EQ(judged(granted(role, "AROAFIRST"), "AROASECOND:release-7"), Verdict::not_mentioned);
  EXPECT_EQ(judged(granted(role, "AROAFIRST"), "AROAFIRSTLY:release-7"), Verdict::not_mentioned);
}

TEST(ResourcePolicy, ARoleThatIsNotKeptHereIsTakenByItsName) {
  EXPECT_EQ(judged(granted(role), "AROAANY:release-7"), Verdict::allowed);
}

TEST(ResourcePolicy, AnAccountHasNoUniqueId) {
  EXPECT_EQ(judged(granted("444455556666"), "AROAANY:release-7"), Verdict::allowed);
}

TEST(ResourcePolicy, TheVersionCountsBesideTheId) {
  model::Permission one_version = granted(role, "AROAFIRST");
  one_version.profile_version = "Ab3dEf6h1J";
  EXPECT_EQ(judged(one_version, "AROAFIRST:x"), Verdict::allowed);
  EXPECT_EQ(judged(one_version, "AROAFIRST:x", "AAAAAAAAAA"), Verdict::not_mentioned);
}

}  // namespace
}  // namespace hallmark::access
