#include "base/encoding.h"

#include <array>
#include <utility>

#include <gtest/gtest.h>

namespace hallmark {
namespace {

// RFC 4648 §10.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> rfc_4648 = {{
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
}};

TEST(Base64, FitsTheVectorsOfRfc4648BothWays) {
  for (const auto& [plain, encoded] : rfc_4648) {
    EXPECT_EQ(to_base64(bytes_of(plain)), encoded);
    const auto decoded = from_base64(encoded);
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(text_of(*decoded), plain);
  }
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zh==", "Zm9=", "Zm9v\n",
                           " Zm9v", "Zm 9v", "Zm-v", "Zm_v", "Zg==Zg==", "Zm9vA", "Zm9v===="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  EXPECT_FALSE(from_base64(std::string_view("Zm9\0", 4)));
}

TEST(Base64, CarriesEveryByte) {
  Bytes all;
  for (unsigned i = 0; i < 256; ++i) all.push_back(std::uint8_t(i));
  EXPECT_EQ(from_base64(to_base64(all)), all);
  EXPECT_EQ(from_base64url(to_base64url(all)), all);
}

TEST(Base64, IsWrittenWhereItIsToStand) {
  std::string text = "a=";
  append_base64(text, bytes_of("foob"));
  append_base64url(text, bytes_of("foob"));
  EXPECT_EQ(text, "a=Zm9vYg==Zm9vYg");
}

TEST(Base64Url, UsesItsOwnAlphabetWithoutPadding) {
  const Bytes bytes = {0xfb, 0xff, 0xfe, 0xff};
  EXPECT_EQ(to_base64(bytes), "+//+/w==");
  EXPECT_EQ(to_base64url(bytes), "-__-_w");
  EXPECT_EQ(from_base64url("-__-_w"), bytes);
}

TEST(Base64Url, RefusesPaddingTheOtherAlphabetAndStrayBits) {
  for (const char* text : {"-__-_w==", "+//+", "-__-_x", "A", "-_-\n"}) {
    EXPECT_FALSE(from_base64url(text)) << text;
  }
}

TEST(Hex, IsLowerCaseAndReadInEither) {
  const Bytes bytes = {0x00, 0x9a, 0xff};
  EXPECT_EQ(to_hex(bytes), "009aff");
  EXPECT_EQ(from_hex("009aFF"), bytes);
  EXPECT_EQ(from_hex(""), Bytes());
}

TEST(Hex, RefusesOddLengthsAndOtherCharacters) {
  for (const char* text : {"0", "0g", "0x", " 0", "00 "}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(PercentEncode, KeepsOnlyTheUnreservedCharacters) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("a b/c+%*'\xC3\xA9"), "a%20b%2Fc%2B%25%2A%27%C3%A9");
  EXPECT_EQ(percent_encode(std::string_view("\0", 1)), "%00");
}

TEST(PercentEncode, IsKnownByItsSpelling) {
  for (const char* text : {"", "AZaz09-._~", "a%20b%2Fc%2B", "%00%FF%25", "%25zz"}) {
    EXPECT_TRUE(is_percent_encoded(text)) << text;
  }
  for (const char* text :
       {"a b", "a/b", "a%2fb", "%7E", "%41", "+", "%", "%4", "%zz", "%2G", "\xFF"}) {
    EXPECT_FALSE(is_percent_encoded(text)) << text;
  }
}

// All texts of up to four characters that make or break an escape.
TEST(PercentEncode, IsKnownWhereverDecodingAndEncodingGivesTheSameText) {
  constexpr std::string_view characters = "%27eEaAfFgZ~/-\xE9";
  const std::size_t radix = characters.size() + 1;
  int known = 0;
  for (std::size_t number = 0; number < radix * radix * radix * radix; ++number) {
    std::string text;
    for (std::size_t rest = number; rest > 0; rest /= radix) {
      if (rest % radix > 0) text += characters[rest % radix - 1];
    }
    const auto decoded = percent_decode(text);
    const bool is_known = is_percent_encoded(text);
    ASSERT_EQ(is_known, decoded && percent_encode(*decoded) == text) << text;
    known += is_known ? 1 : 0;
  }
  EXPECT_GT(known, 1000);
}

TEST(PercentDecode, UndoesEscapesInEitherCaseAndNothingElse) {
  EXPECT_EQ(percent_decode("a%20b%2fc%2F+"), "a b/c/+");
  EXPECT_EQ(percent_decode("%41"), "A");
  EXPECT_EQ(percent_decode(""), "");
}

TEST(PercentDecode, RefusesBrokenEscapes) {
  for (const char* text : {"%", "%4", "a%", "%g0", "%0g", "%%41", "% 41"}) {
    EXPECT_FALSE(percent_decode(text)) << text;
  }
}

}  // namespace
}  // namespace hallmark
