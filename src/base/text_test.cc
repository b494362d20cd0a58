#include "base/text.h"

#include <unordered_set>

#include <gtest/gtest.h>

namespace hallmark {
namespace {

struct ShortRule {
  static Result<void> check(std::string_view text) {
    if (text.empty() || text.size() > 3) return invalid("short must have 1 to 3 characters.");
    return {};
  }
};
using Short = Text<ShortRule>;

struct OtherRule : ShortRule {};

TEST(Text, IsMadeOfWhatKeepsItsRule) {
  const auto text = Short::parse("abc");
  ASSERT_TRUE(text);
  EXPECT_EQ(text->text(), "abc");
  EXPECT_EQ(text->view(), "abc");
}

TEST(Text, RefusesTheRestWithTheErrorOfItsRule) {
  const auto text = Short::parse("abcd");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message, "short must have 1 to 3 characters.");
}

TEST(Text, KeepsABytewiseOrder) {
  EXPECT_LT(*Short::parse("Z"), *Short::parse("a"));
  EXPECT_EQ(*Short::parse("a"), *Short::parse("a"));
}

TEST(Text, CanBeAKeyOfAHashTable) {
  std::unordered_set<Short> set = {*Short::parse("a"), *Short::parse("b"), *Short::parse("a")};
  EXPECT_EQ(set.size(), 2U);
}

TEST(Text, IsMadeNeitherFromAStringNorFromTextOfAnotherRule) {
  static_assert(!std::is_constructible_v<Short, std::string>);
  static_assert(!std::is_constructible_v<Short, Text<OtherRule>>);
  static_assert(!std::is_default_constructible_v<Short>);
}

}  // namespace
}  // namespace hallmark
