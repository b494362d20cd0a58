#include "policy/wildcard.h"

#include <string>

#include <gtest/gtest.h>

#include "policy/policy.h"

namespace hallmark::policy {
namespace {

TEST(Wildcard, WithoutWildcardsOnlyTheSameTextMatches) {
  EXPECT_TRUE(matches_wildcard("signer:SignPayload", "signer:SignPayload"));
  EXPECT_FALSE(matches_wildcard("signer:SignPayload", "signer:SignPayloads"));
  EXPECT_FALSE(matches_wildcard("signer:SignPayload", "signer:SignPayloa"));
  EXPECT_FALSE(matches_wildcard("", "a"));
  EXPECT_TRUE(matches_wildcard("", ""));
}

TEST(Wildcard, StarMatchesAnyRunAndNothing) {
  EXPECT_TRUE(matches_wildcard("*", ""));
  EXPECT_TRUE(matches_wildcard("*", "anything"));
  EXPECT_TRUE(matches_wildcard("s3:Get*", "s3:Get"));
  EXPECT_TRUE(matches_wildcard("*Payload", "signer:SignPayload"));
  EXPECT_TRUE(matches_wildcard("a*b*c", "aXXbYYbZZc"));
  EXPECT_FALSE(matches_wildcard("a*b*c", "aXXbYY"));
  EXPECT_FALSE(matches_wildcard("s3:Get*", "s3:Put"));
}

TEST(Wildcard, StarSpansColonsAndSlashes) {
  EXPECT_TRUE(matches_wildcard("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b:c"));
  EXPECT_TRUE(matches_wildcard("arn:*", "arn:aws:s3:::b"));
}

TEST(Wildcard, QuestionMarkMatchesExactlyOneCharacter) {
  EXPECT_TRUE(matches_wildcard("a?c", "abc"));
  EXPECT_FALSE(matches_wildcard("a?c", "ac"));
  EXPECT_FALSE(matches_wildcard("a?c", "abbc"));
  EXPECT_FALSE(matches_wildcard("abc?", "abc"));
  EXPECT_TRUE(matches_wildcard("?*", "a"));
  EXPECT_FALSE(matches_wildcard("*??", "a"));
}

TEST(Wildcard, QuestionMarkMatchesOneCharacterOfSeveralBytes) {
  EXPECT_TRUE(matches_wildcard("x?y", "x\xE2\x82\xACy"));
  EXPECT_FALSE(matches_wildcard("x??y", "x\xE2\x82\xACy"));
  EXPECT_FALSE(matches_wildcard("*??", "\xE2\x82\xAC"));
}

TEST(Wildcard, CaseCountsUnlessIgnored) {
  EXPECT_FALSE(matches_wildcard("S3:*", "s3:GetObject"));
  EXPECT_TRUE(matches(pattern_of("S3:get*"), "s3:GetObject", LetterCase::ignored));
  EXPECT_FALSE(matches(pattern_of("["), "{", LetterCase::ignored));
}

TEST(Wildcard, LiteralSymbolsAreNoWildcards) {
  Pattern pattern;
  append_literal(pattern, "a*?");
  EXPECT_TRUE(matches(pattern, "a*?", LetterCase::exact));
  EXPECT_FALSE(matches(pattern, "abc", LetterCase::exact));
}

TEST(Wildcard, EqualsTakesWildcardsAsTheyAreWritten) {
  EXPECT_TRUE(equals(pattern_of("a*?"), "a*?", LetterCase::exact));
  EXPECT_FALSE(equals(pattern_of("a*?"), "abc", LetterCase::exact));
  EXPECT_TRUE(equals(pattern_of("Team"), "tEAM", LetterCase::ignored));
  EXPECT_FALSE(equals(pattern_of("Team"), "tEAM", LetterCase::exact));
}

// A matcher that tries every place of every star does not end within the age of the universe.
TEST(Wildcard, ManyStarsAgainstALongTextComeToAnEnd) {
  std::string pattern;
  for (int i = 0; i < 512; ++i) pattern += "*a";
  pattern += "*b";
  EXPECT_FALSE(matches_wildcard(pattern, std::string(2048, 'a')));
}

}  // namespace
}  // namespace hallmark::policy
