#include "model/names.h"

#include <gtest/gtest.h>

namespace hallmark::model {
namespace {

template <class Name>
std::string refusal(std::string_view text) {
  const auto parsed = Name::parse(text);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
  return parsed.error().message;
}

TEST(Names, AProfileNameHasTwoTo64LettersDigitsAndUnderscores) {
  EXPECT_EQ(refusal<ProfileName>("ab"), "accepted");
  EXPECT_EQ(refusal<ProfileName>("Release_2026"), "accepted");
  EXPECT_EQ(refusal<ProfileName>(std::string(64, 'a')), "accepted");
  for (const std::string& text :
       {std::string(), std::string("a"), std::string(65, 'a'), std::string("my-profile"),
        std::string("pr\u00f6"), std::string("ab\n"), std::string("ab\0", 3)}) {
    EXPECT_EQ(refusal<ProfileName>(text), "profileName must match ^[a-zA-Z0-9_]{2,64}$.") << text;
  }
}

TEST(Names, AProfileVersionHasTenAlphanumerics) {
  EXPECT_EQ(refusal<ProfileVersion>("IrwHQeF7XW"), "accepted");  // of a live answer
  for (const char* text : {"", "IrwHQeF7X", "IrwHQeF7XWa", "IrwHQeF7X_"}) {
    EXPECT_EQ(refusal<ProfileVersion>(text), "profileVersion must match ^[a-zA-Z0-9]{10}$.");
  }
}

TEST(Names, AnAccountIdHasTwelveDigits) {
  EXPECT_EQ(refusal<AccountId>("012345678901"), "accepted");
  for (const char* text : {"", "12345678901", "1234567890123", "12345678901a", "-12345678901"}) {
    EXPECT_EQ(refusal<AccountId>(text), "accountId must match ^[0-9]{12}$.");
  }
}

// The examples of "Bucket naming rules" in the Amazon S3 user guide, and their neighbours.
TEST(Names, ABucketNameKeepsTheRulesOfS3) {
  for (const char* text : {"amzn-s3-demo-bucket1-a1b2c3d4", "example.com", "a1b", "1-2"}) {
    EXPECT_EQ(refusal<BucketName>(text), "accepted") << text;
  }
  for (const std::string& text :
       {std::string("ab"), std::string(64, 'a'), std::string("amzn_s3_demo_bucket"),
        std::string("AmznS3DemoBucket"), std::string("-bucket"), std::string("bucket-"),
        std::string(".bucket"), std::string("bucket."), std::string("doc..bucket"),
        std::string("192.168.5.4"), std::string("999.999.999.999")}) {
    EXPECT_TRUE(refusal<BucketName>(text).starts_with("bucketName must be")) << text;
  }
  EXPECT_EQ(refusal<BucketName>("192.168.5.4.a"), "accepted");
  EXPECT_EQ(refusal<BucketName>("192.168.5"), "accepted");
}

TEST(Names, AnObjectKeyIsUtf8WithoutNul) {
  EXPECT_EQ(refusal<ObjectKey>("a"), "accepted");
  EXPECT_EQ(refusal<ObjectKey>("../odd/\u00fcber key\n"), "accepted");
  EXPECT_EQ(refusal<ObjectKey>(std::string(1024, 'k')), "accepted");
  for (const std::string& text :
       {std::string(), std::string(1025, 'k'), std::string("a\0b", 3), std::string("\xff")}) {
    EXPECT_EQ(refusal<ObjectKey>(text), "key must be 1 to 1024 bytes of UTF-8 without NUL.");
  }
}

TEST(Names, AnObjectVersionIsPrintable) {
  EXPECT_EQ(refusal<ObjectVersion>("null"), "accepted");
  EXPECT_EQ(refusal<ObjectVersion>("L4kqtJlcpXroDTDmpUMLUo"), "accepted");
  for (const std::string& text : {std::string(), std::string(1025, 'v'), std::string("a b"),
                                  std::string("a\n"), std::string("\xc3\xa9")}) {
    EXPECT_EQ(refusal<ObjectVersion>(text),
              "version must be 1 to 1024 printable ASCII characters.");
  }
}

TEST(Names, ANameKeepsItsTextToTheLetter) {
  EXPECT_EQ((*ProfileName::parse("MixedCase_1")).text(), "MixedCase_1");
}

}  // namespace
}  // namespace hallmark::model
