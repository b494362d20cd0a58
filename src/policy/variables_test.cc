#include "policy/variables.h"

#include <gtest/gtest.h>

namespace hallmark::policy {
namespace {

Question question_of_alice() {
  return {.action = "s3:GetObject",
          .resource = "arn:aws:s3:::b/alice/x",
          .principal_arn = "arn:aws:iam::111122223333:user/alice",
          .principal_account = "111122223333",
          .context = {{"aws:username", {"alice"}},
                      {"aws:TagKeys", {"a", "b"}},
                      {"aws:PrincipalTag/star", {"*"}},
                      {"signer:empty", {}}}};
}

Template parsed(std::string_view text) {
  auto result = parse_template(text, Version::v2012_10_17);
  EXPECT_TRUE(result) << text;
  return result ? *std::move(result) : Template();
}

bool fits(std::string_view text, std::string_view actual) {
  return matches(parsed(text), actual, question_of_alice());
}

std::string error_of(std::string_view text) {
  const auto result = parse_template(text, Version::v2012_10_17);
  return result ? "" : result.error().message;
}

TEST(Variables, StandForTheValueOfTheirKey) {
  EXPECT_TRUE(fits("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/alice/x"));
  EXPECT_FALSE(fits("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/bob/x"));
}

TEST(Variables, CompareKeysWithoutCase) { EXPECT_TRUE(fits("${AWS:UserName}", "alice")); }

TEST(Variables, KnowThePrincipal) {
  EXPECT_TRUE(fits("${aws:PrincipalArn}", "arn:aws:iam::111122223333:user/alice"));
  EXPECT_TRUE(fits("${aws:PrincipalAccount}", "111122223333"));
}

TEST(Variables, TakeTheContextsWordOverThePrincipals) {
  Question question = question_of_alice();
  question.context.push_back({"aws:PrincipalArn", {"arn:aws:iam::111122223333:role/r"}});
  EXPECT_TRUE(matches(parsed("${aws:PrincipalArn}"), "arn:aws:iam::111122223333:role/r", question));
}

TEST(Variables, NeverBringWildcards) {
  EXPECT_TRUE(fits("team/${aws:PrincipalTag/star}", "team/*"));
  EXPECT_FALSE(fits("team/${aws:PrincipalTag/star}", "team/anything"));
}

TEST(Variables, EscapeTheSpecialCharacters) {
  EXPECT_TRUE(fits("a${*}${?}${$}", "a*?$"));
  EXPECT_FALSE(fits("a${*}", "abc"));
  EXPECT_TRUE(parsed("a${*}").is_fixed());
}

TEST(Variables, HaveDefaults) {
  EXPECT_TRUE(fits("${aws:PrincipalTag/team, 'company-wide'}", "company-wide"));
  EXPECT_TRUE(fits("${aws:username, 'nobody'}", "alice"));
  EXPECT_TRUE(fits("${aws:PrincipalTag/team,''}", ""));
}

TEST(Variables, AreKnownWithOneValueOrADefault) {
  const auto known = [](std::string_view text) {
    return is_known(parsed(text).rest.front().variable, question_of_alice());
  };
  EXPECT_TRUE(known("${aws:username}"));
  EXPECT_TRUE(known("${aws:PrincipalTag/team, 'x'}"));
  EXPECT_FALSE(known("${aws:PrincipalTag/team}"));
  EXPECT_FALSE(known("${aws:TagKeys}"));
  EXPECT_FALSE(known("${signer:empty}"));
}

TEST(Variables, OfAnAnonymousCallerAreUnknown) {
  EXPECT_FALSE(is_known({"aws:PrincipalArn", {}}, Question()));
}

TEST(Variables, AreTextBefore2012) {
  const auto text = parse_template("${aws:username}", Version::v2008_10_17);
  ASSERT_TRUE(text);
  EXPECT_TRUE(matches(*text, "${aws:username}", question_of_alice()));
}

TEST(Variables, ThatCannotBeReadAreInvalid) {
  EXPECT_EQ(error_of("${aws:username"), "'${' has no '}'");
  EXPECT_EQ(error_of("${}"), "'${}' is not a policy variable");
  EXPECT_EQ(error_of("${username}"), "'${username}' is not a policy variable");
  EXPECT_EQ(error_of("${aws:user*}"), "'${aws:user*}' is not a policy variable");
  EXPECT_EQ(error_of("${aws:x, y}"), "the default of '${aws:x, y}' must be in single quotes");
  EXPECT_EQ(error_of("${aws:x,'}"), "the default of '${aws:x,'}' must be in single quotes");
  EXPECT_EQ(error_of("${aws:x,'a'b}"), "the default of '${aws:x,'a'b}' must be in single quotes");
}

TEST(Variables, NeedTheDollar) {
  EXPECT_TRUE(parsed("{aws:username}$").is_fixed());
  EXPECT_TRUE(fits("{aws:username}$", "{aws:username}$"));
}

}  // namespace
}  // namespace hallmark::policy
