#include <gtest/gtest.h>

#include "base/test_support.h"
#include "policy/policy.h"

namespace hallmark::policy {
namespace {

using hallmark::test::error_of;
using hallmark::test::value_of;

std::string statement(std::string_view condition, std::string_view effect = "Allow",
                      std::string_view principal = R"({"Federated":"ci.example.com"})") {
  return R"({"Effect":")" + std::string(effect) +
         R"(","Action":"sts:AssumeRoleWithWebIdentity","Principal":)" + std::string(principal) +
         (condition.empty() ? "" : R"(,"Condition":)" + std::string(condition)) + "}";
}
Result<void> check(const std::string& statements) {
  return value_of(Document::parse(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}",
                                  DocumentKind::resource))
      .check_federation();
}
std::string refusal(const std::string& statements) { return error_of(check(statements)).message; }

constexpr std::string_view both =
    R"({"StringEquals":{"ci.example.com:sub":"project:7","ci.example.com:aud":"hallmark"}})";

TEST(Federation, IsFineWithASubjectAndAnAudience) {
  EXPECT_TRUE(check(statement(both)));
  EXPECT_TRUE(check(statement(R"({"StringLike":{"CI.example.com:sub":"project:*"},)"
                              R"("ForAnyValue:StringEquals":{"ci.example.com:aud":["a","b"]}})")));
}

TEST(Federation, WithoutASubjectNamesTheKey) {
  EXPECT_EQ(refusal(statement("")),
            "Statement[0].Condition must compare ci.example.com:sub by StringEquals or StringLike "
            "with values that are not wildcards alone.");
  EXPECT_NE(refusal(statement(R"({"StringEquals":{"ci.example.com:aud":"hallmark"}})"))
                .find("ci.example.com:sub"),
            std::string::npos);
}

TEST(Federation, WithoutAnAudienceNamesTheKeyAndThePlace) {
  const std::string message = refusal(
      statement(both) + "," + statement(R"({"StringEquals":{"ci.example.com:sub":"project:7"}})"));
  EXPECT_NE(message.find("Statement[1]"), std::string::npos);
  EXPECT_NE(message.find("ci.example.com:aud"), std::string::npos);
}

TEST(Federation, IsNotNarrowedByWhatHoldsWithoutTheClaim) {
  for (const std::string_view test :
       {R"("StringEqualsIfExists":{"ci.example.com:sub":"project:7"})",
        R"("StringNotEquals":{"ci.example.com:sub":"project:8"})",
        R"("ForAllValues:StringEquals":{"ci.example.com:sub":"project:7"})",
        R"("Null":{"ci.example.com:sub":"false"})",
        R"("StringLike":{"ci.example.com:sub":["project:7","**?"]})",
        R"("StringEqualsIgnoreCase":{"other.example.com:sub":"project:7"})"}) {
    EXPECT_FALSE(check(statement(R"({"StringEquals":{"ci.example.com:aud":"hallmark"},)" +
                                 std::string(test) + "}")))
        << test;
  }
}

TEST(Federation, OfADenyOrOfOthersNeedsNothing) {
  EXPECT_TRUE(check(statement("", "Deny")));
  EXPECT_TRUE(check(statement("", "Allow", R"({"AWS":"111122223333"})")));
  EXPECT_TRUE(check(statement("", "Allow", R"("*")")));
}

TEST(Federation, OfAnIssuerNamedByItsArnIsTheSame) {
  constexpr std::string_view arn =
      R"({"Federated":"arn:aws:iam::111122223333:oidc-provider/ci.example.com"})";
  EXPECT_TRUE(check(statement(both, "Allow", arn)));
  EXPECT_FALSE(check(statement("", "Allow", arn)));
}

}  // namespace
}  // namespace hallmark::policy
