#include "pki/imported_tags.h"

#include <gtest/gtest.h>

namespace hallmark::pki {
namespace {

std::string_view reason(const model::StringMap& tags) {
  const auto fit = check_certificate_tags(tags);
  return fit ? "fit" : fit.error().reason;
}

TEST(CertificateTags, HaveKeysAndValuesOfTheirCharacters) {
  EXPECT_EQ(reason({{"Team one_.:/=+-@", "Größe 日本"}}), "fit");
  EXPECT_EQ(reason({{"empty", ""}}), "fit");
  EXPECT_EQ(reason({{"", "v"}}), "InvalidTagException");
  EXPECT_EQ(reason({{"a*b", "v"}}), "InvalidTagException");
  EXPECT_EQ(reason({{"a", "1;2"}}), "InvalidTagException");
  EXPECT_EQ(reason({{"a", "\x1b[2J"}}), "InvalidTagException");
  EXPECT_EQ(reason({{"a", "\xff"}}), "InvalidTagException");
}

TEST(CertificateTags, HaveBoundsInCharacters) {
  EXPECT_EQ(reason({{std::string(128, 'k'), std::string(256, 'v')}}), "fit");
  EXPECT_EQ(reason({{std::string(129, 'k'), "v"}}), "InvalidTagException");
  EXPECT_EQ(reason({{"k", std::string(257, 'v')}}), "InvalidTagException");
}

TEST(CertificateTags, DoNotBeginAsThoseOfAwsDo) {
  EXPECT_EQ(reason({{"aws:team", "v"}}), "InvalidTagException");
  EXPECT_EQ(reason({{"AWS:team", "v"}}), "InvalidTagException");
}

TEST(CertificateTags, DifferInMoreThanCase) {
  EXPECT_EQ(reason({{"team", "1"}, {"Team", "2"}}), "InvalidTagException");
}

TEST(CertificateTags, GoWithTheirValueOrWithoutOne) {
  const model::StringMap tags = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  EXPECT_EQ(without(tags, {{"a", {}}, {"b", "2"}, {"c", "other"}}), (model::StringMap{{"c", "3"}}));
}

}  // namespace
}  // namespace hallmark::pki
