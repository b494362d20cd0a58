#include "model/text_rules.h"

#include <gtest/gtest.h>

namespace hallmark::model {
namespace {

TEST(TextRules, CharactersAreCountedNotBytes) {
  EXPECT_EQ(count_characters(""), 0u);
  EXPECT_EQ(count_characters("abc"), 3u);
  EXPECT_EQ(count_characters("\u00e9\u20ac\U0001f512"), 3u);
}

TEST(TextRules, TheLastCodePointOfEachLengthIsUtf8) {
  EXPECT_EQ(count_characters("\x7f\xdf\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf"), 4u);
}

// The kinds of ill-formed sequences of RFC 3629 §3 and §10.
TEST(TextRules, IllFormedUtf8HasNoLength) {
  for (const char* text :
       {"\x80", "\xbf", "\xc3", "\xc3(", "\xe2\x82", "\xf0\x9f\x94", "\xff", "\xfe", "\xc0\x80",
        "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",
        "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_EQ(count_characters(text), std::nullopt) << text;
  }
}

TEST(TextRules, ASequenceMayNotEndWithTheText) {
  EXPECT_EQ(count_characters(std::string_view("\xe2\x82\xac", 2)), std::nullopt);
}

TEST(TextRules, LengthAndSetAreBothChecked) {
  EXPECT_TRUE(consists_of("12", 2, 3, is_digit));
  EXPECT_TRUE(consists_of("123", 2, 3, is_digit));
  EXPECT_FALSE(consists_of("1", 2, 3, is_digit));
  EXPECT_FALSE(consists_of("1234", 2, 3, is_digit));
  EXPECT_FALSE(consists_of("1x", 2, 3, is_digit));
}

TEST(TextRules, BytesAbove7fAreNeitherLettersNorControls) {
  EXPECT_FALSE(is_alphanumeric('\xe9'));
  EXPECT_FALSE(is_control('\xe9'));
  EXPECT_TRUE(is_control('\n'));
  EXPECT_TRUE(is_control('\x7f'));
}

}  // namespace
}  // namespace hallmark::model
