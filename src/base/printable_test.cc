#include "base/printable.h"

#include <gtest/gtest.h>

namespace hallmark {
namespace {

TEST(Printable, IsTextOfAnyLanguage) {
  for (const std::string_view text : {"", "a b~", "é", "日本語", "Ω", "🙂", "שלום", "\u00A0"}) {
    EXPECT_TRUE(is_printable(text)) << text;
  }
}

TEST(Printable, IsNoControl) {
  for (const std::string_view text : {"\n", "\x1b[31m", "\x7f", "\u0080", "a\u009b31m", "\u009f"}) {
    EXPECT_FALSE(is_printable(text)) << text.size();
  }
  EXPECT_FALSE(is_printable(std::string_view("\0", 1)));
}

TEST(Printable, IsNothingThatTurnsOrHidesText) {
  for (const std::string_view text :
       {"\u200b", "\u200e", "\u200f", "\u202a", "a\u202egpj.exe", "\u2028", "\u2066", "\u2069",
        "\u061c", "\ufeff", "\u00ad", "\U000e0041"}) {
    EXPECT_FALSE(is_printable(text));
  }
}

TEST(Printable, IsNothingThatIsNotWellFormed) {
  for (const std::string_view text :
       {"\x80", "\xff", "\xc3", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
        "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe2\x82", "a\x9b"}) {
    EXPECT_FALSE(is_printable(text)) << int(text.front());
  }
}

}  // namespace
}  // namespace hallmark
