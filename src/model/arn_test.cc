#include "model/arn.h"

#include <gtest/gtest.h>

namespace hallmark::model {
namespace {

const Home& home() {
  static const Home value;
  return value;
}
AccountId account() { return *AccountId::parse("123456789012"); }
ProfileName name() { return *ProfileName::parse("MyProfile"); }

TEST(Arn, TakesTheFormApart) {
  const auto arn = Arn::parse("arn:aws:signer:us-east-1:123456789012:/signing-profiles/MyProfile");
  ASSERT_TRUE(arn);
  EXPECT_EQ(*arn, (Arn{.partition = "aws",
                       .service = "signer",
                       .region = "us-east-1",
                       .account = "123456789012",
                       .resource = "/signing-profiles/MyProfile"}));
}

TEST(Arn, TextIsTheInverseOfParse) {
  for (const char* text : {"arn:aws:iam::123456789012:role/team/deploy", "arn:aws:s3:::bucket/key",
                           "arn:aws-us-gov:sts::123456789012:assumed-role/r/s",
                           "arn:aws:acm:eu-west-1:123456789012:certificate/a:b:c"}) {
    const auto arn = Arn::parse(text);
    ASSERT_TRUE(arn) << text;
    EXPECT_EQ(arn->text(), text);
  }
}

TEST(Arn, EverythingElseIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("arn"), std::string("arn:aws:iam"),
        std::string("arn:aws:iam::123456789012"), std::string("arn:aws:iam::123456789012:"),
        std::string("ARN:aws:iam::123456789012:root"),
        std::string(" arn:aws:iam::123456789012:root"), std::string("arn::iam::123456789012:root"),
        std::string("arn:aws:::123456789012:root"), std::string("arn:aws:IAM::123456789012:root"),
        std::string("arn:aws:iam::12345678901:root"), std::string("arn:aws:iam::aws:policy/x"),
        std::string("arn:aws:iam:us east:123456789012:x"),
        std::string("arn:aws:iam::123456789012:ro\not"),
        std::string("arn:aws:iam::123456789012:\xff"), "arn:aws:s3:::" + std::string(2048, 'k')}) {
    const auto arn = Arn::parse(text);
    ASSERT_FALSE(arn) << text;
    EXPECT_EQ(arn.error().kind, ErrorKind::invalid);
  }
}

TEST(Arn, OfAProfileHasALeadingSlash) {
  EXPECT_EQ(profile_arn(home(), account(), name()),
            "arn:aws:signer:us-east-1:123456789012:/signing-profiles/MyProfile");
}

TEST(Arn, OfAProfileVersionEndsInTheVersion) {
  EXPECT_EQ(profile_version_arn(home(), account(), name(), *ProfileVersion::parse("IrwHQeF7XW")),
            "arn:aws:signer:us-east-1:123456789012:/signing-profiles/MyProfile/IrwHQeF7XW");
}

TEST(Arn, OfAJobEndsInItsId) {
  const Home china = {.partition = "aws-cn", .region = "cn-north-1"};
  EXPECT_EQ(job_arn(china, account(), *Uuid::parse("0192f0c1-0000-7000-8000-000000000001")),
            "arn:aws-cn:signer:cn-north-1:123456789012:"
            "/signing-jobs/0192f0c1-0000-7000-8000-000000000001");
}

TEST(Arn, OfAnObjectHasNoRegionAndNoAccount) {
  EXPECT_EQ(object_arn(home(), "bucket", "folder/key"), "arn:aws:s3:::bucket/folder/key");
}

TEST(Arn, OfABucketHasNoKey) { EXPECT_EQ(object_arn(home(), "bucket", ""), "arn:aws:s3:::bucket"); }

constexpr std::string_view certificate_text =
    "arn:aws:acm:us-east-1:123456789012:certificate/0192f0c1-0000-7000-8000-00000000000a";

TEST(Arn, OfACertificateEndsInItsId) {
  const auto id = *Uuid::parse("0192f0c1-0000-7000-8000-00000000000a");
  EXPECT_EQ(certificate_arn(home(), account(), id), certificate_text);
  EXPECT_EQ(certificates_arn(home(), account()),
            "arn:aws:acm:us-east-1:123456789012:certificate/*");
}

TEST(Arn, OfACertificateIsReadBack) {
  const auto found = find_certificate_reference(home(), certificate_text);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account, account());
  EXPECT_EQ(certificate_arn(home(), found->account, found->id), certificate_text);
}

TEST(Arn, OfSomethingElseIsNoCertificate) {
  for (const std::string_view text :
       {"arn:aws:acm:eu-west-1:123456789012:certificate/0192f0c1-0000-7000-8000-00000000000a",
        "arn:aws-cn:acm:us-east-1:123456789012:certificate/0192f0c1-0000-7000-8000-00000000000a",
        "arn:aws:iam:us-east-1:123456789012:certificate/0192f0c1-0000-7000-8000-00000000000a",
        "arn:aws:acm:us-east-1:123456789012:certificate/0192F0C1-0000-7000-8000-00000000000A",
        "arn:aws:acm:us-east-1:123456789012:certificate/one",
        "arn:aws:acm:us-east-1::certificate/0192f0c1-0000-7000-8000-00000000000a",
        "arn:aws:acm:us-east-1:123456789012:/certificate/0192f0c1-0000-7000-8000-00000000000a"}) {
    EXPECT_FALSE(find_certificate_reference(home(), text)) << text;
  }
}

}  // namespace
}  // namespace hallmark::model
