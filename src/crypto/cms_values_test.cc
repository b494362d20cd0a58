#include <gtest/gtest.h>

#include "crypto/cms.h"
#include "crypto/der.h"

namespace hallmark::crypto {
namespace {

Result<Timestamp> time_of(std::string_view text) {
  return generalized_time_from_der(der::value(der::generalized_time_tag, bytes_of(text)));
}

TEST(CmsValues, TextComesBackAsItWent) {
  for (const std::string& text :
       {std::string(), std::string("arn:aws:signer"), std::string("K\xc3\xb6ln"),
        std::string(127, 'a'), std::string(128, 'b'), std::string(70'000, 'c')}) {
    const auto again = utf8_string_from_der(der_utf8_string(text));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, text);
  }
}

TEST(CmsValues, TextOfAnotherTypeOrEncodingIsRefused) {
  EXPECT_FALSE(utf8_string_from_der({}));
  EXPECT_FALSE(utf8_string_from_der(der::printable_string("a")));
  EXPECT_FALSE(utf8_string_from_der(der_utf8_string("\xff")));
  EXPECT_FALSE(utf8_string_from_der(Bytes{0x0c, 0x81, 0x01, 'a'}));  // a length that is too long
  EXPECT_FALSE(utf8_string_from_der(Bytes{0x0c, 0x01, 'a', 'b'}));
  EXPECT_FALSE(utf8_string_from_der(Bytes{0x0c, 0x02, 'a'}));
  EXPECT_FALSE(utf8_string_from_der(Bytes{0x0c}));
}

TEST(CmsValues, TimesComeBackAsTheyWent) {
  for (const auto text : {"2026-09-28T09:19:26.806Z", "2026-09-28T09:19:26.8Z",
                          "2026-09-28T09:19:26.006Z", "2126-01-01T00:00:00Z"}) {
    const Timestamp time = *from_rfc3339(text);
    const auto again = generalized_time_from_der(der_generalized_time(time));
    ASSERT_TRUE(again) << text;
    EXPECT_EQ(*again, time);
  }
}

TEST(CmsValues, ATimeMayKeepTheZerosOfItsFraction) {
  EXPECT_EQ(*time_of("20260928091926.800Z"), *from_rfc3339("2026-09-28T09:19:26.8Z"));
}

TEST(CmsValues, OtherFormsOfTimesAreRefused) {
  for (const auto text :
       {"", "Z", "20260928091926", "20260928091926.Z", "20260928091926.8061Z",
        "20260928091926+0000", "202609280919Z", "20260928091926,8Z", "20260928091926.8",
        "20261328091926Z", "20260931091926Z", "20260928241926Z", "2026092809192xZ",
        "20260928091926.x0Z", "20260928091926ZZ", "+2026092809192Z"}) {
    EXPECT_FALSE(time_of(text)) << text;
  }
  EXPECT_FALSE(generalized_time_from_der(der_utf8_string("20260928091926Z")));
}

}  // namespace
}  // namespace hallmark::crypto
