#include "objects/s3_xml.h"

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::objects {
namespace {

using test::error_of;
using test::value_of;

// The texts are the samples of the Amazon S3 API Reference and of the AWS STS API Reference.

TEST(S3Xml, FindsTheFaultOfS3) {
  const auto fault = find_fault(R"(<?xml version="1.0" encoding="UTF-8"?>
<Error>
  <Code>NoSuchKey</Code>
  <Message>The resource you requested does not exist</Message>
  <Resource>/mybucket/myfoto.jpg</Resource>
  <RequestId>4442587FB7D0A2F9</RequestId>
</Error>)");
  EXPECT_EQ(fault, (S3Fault{"NoSuchKey", "The resource you requested does not exist"}));
}

TEST(S3Xml, FindsTheFaultOfSts) {
  const auto fault = find_fault(
      "<ErrorResponse "
      "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
      "<Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>");
  EXPECT_EQ(fault, (S3Fault{"AccessDenied", "no"}));
}

TEST(S3Xml, FindsNoFaultInOtherTexts) {
  for (const char* text : {"", "x", "<a/>", "{}", "<Error", "<Errors><Error/></Errors>"}) {
    EXPECT_EQ(find_fault(text), std::nullopt) << text;
  }
}

TEST(S3Xml, ReadsTheVersioningOfABucket) {
  const auto of = [](std::string_view inside) {
    return value_of(parse_versioning(
        "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
        std::string(inside) + "</VersioningConfiguration>"));
  };
  EXPECT_EQ(of("<Status>Enabled</Status>"), Versioning::enabled);
  EXPECT_EQ(of("<Status>Suspended</Status>"), Versioning::suspended);
  EXPECT_EQ(of(""), Versioning::never);
}

TEST(S3Xml, ReadsAPageOfVersionsWithoutDeleteMarkers) {
  const auto page = value_of(parse_versions(R"(<?xml version="1.0" encoding="UTF-8"?>
<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
    <Name>bucket</Name><Prefix>my</Prefix><KeyMarker/><VersionIdMarker/><MaxKeys>5</MaxKeys>
    <IsTruncated>true</IsTruncated>
    <NextKeyMarker>my+key</NextKeyMarker><NextVersionIdMarker>v9</NextVersionIdMarker>
    <EncodingType>url</EncodingType>
    <Version><Key>my%2Fimage+1.jpg</Key><VersionId>3/L4kqtJl40Nr8X8gdRQBpUMLUo</VersionId>
      <IsLatest>true</IsLatest></Version>
    <DeleteMarker><Key>my-second-image.jpg</Key><VersionId>03jpff543dhffds434rfdsFDN943fdsFkdmqnh892
      </VersionId></DeleteMarker>
</ListVersionsResult>)"));
  ASSERT_EQ(page.entries.size(), 1u);
  EXPECT_EQ(page.entries[0].key, "my/image 1.jpg");
  EXPECT_EQ(page.entries[0].id, "3/L4kqtJl40Nr8X8gdRQBpUMLUo");
  EXPECT_FALSE(page.is_last);
  EXPECT_EQ(page.next_key, "my key");
  EXPECT_EQ(page.next_id, "v9");
}

TEST(S3Xml, TakesKeysAsTheyAreWhenTheyAreNotEncoded) {
  const auto page = value_of(
      parse_uploads("<ListMultipartUploadsResult><Upload><Key>a+b%20c</Key><UploadId>1</UploadId>"
                    "</Upload></ListMultipartUploadsResult>"));
  EXPECT_EQ(page.entries.at(0).key, "a+b%20c");
  EXPECT_TRUE(page.is_last);
}

TEST(S3Xml, WantsWhatItNeeds) {
  EXPECT_EQ(error_of(parse_upload_id("<InitiateMultipartUploadResult/>")).kind, ErrorKind::corrupt);
  EXPECT_EQ(error_of(parse_upload_id("<Other/>")).kind, ErrorKind::corrupt);
  EXPECT_EQ(error_of(parse_versions("<ListVersionsResult><Version/></ListVersionsResult>")).kind,
            ErrorKind::corrupt);
  EXPECT_EQ(error_of(parse_versioning("")).kind, ErrorKind::corrupt);
}

TEST(S3Xml, ExpandsNoEntitiesOfADoctype) {
  const auto id = parse_upload_id(
      "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y SYSTEM \"file:///etc/passwd\">]>"
      "<InitiateMultipartUploadResult><UploadId>&x;&y;</UploadId></InitiateMultipartUploadResult>");
  EXPECT_EQ(value_of(id), "&x;&y;");
}

TEST(S3Xml, SurvivesADeepDocument) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_FALSE(parse_upload_id(deep));
}

TEST(S3Xml, WritesACompletion) {
  EXPECT_EQ(completion_of({{"\"e1\"", "c1"}, {"e2", "c2"}}),
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<Part><ETag>&quot;e1&quot;</ETag><ChecksumSHA256>c1</ChecksumSHA256>"
            "<PartNumber>1</PartNumber></Part>"
            "<Part><ETag>e2</ETag><ChecksumSHA256>c2</ChecksumSHA256><PartNumber>2</PartNumber>"
            "</Part></CompleteMultipartUpload>");
}

TEST(S3Xml, LeavesAChecksumOutThatTheServerDoesNotKeep) {
  EXPECT_EQ(completion_of({{"e", ""}}).find("Checksum"), std::string::npos);
}

TEST(S3Xml, ReadsTheCredentialsOfARole) {
  const auto credentials = value_of(parse_sts_credentials(
      R"(<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <SourceIdentity>DevUser123</SourceIdentity>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456789012:assumed-role/demo/TestAR</Arn>
      <AssumedRoleId>ARO123EXAMPLE123:TestAR</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY</SecretAccessKey>
      <SessionToken>AQoDYXdzEPT</SessionToken>
      <Expiration>2019-11-09T13:34:41Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
</AssumeRoleResponse>)"));
  EXPECT_EQ(credentials.access_key_id, "ASIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(text_of(credentials.secret_access_key.reveal()),
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  EXPECT_EQ(credentials.session_token, "AQoDYXdzEPT");
  EXPECT_EQ(to_rfc3339(credentials.expires_at), "2019-11-09T13:34:41Z");
}

TEST(S3Xml, WantsCredentialsWhole) {
  EXPECT_FALSE(parse_sts_credentials("<AssumeRoleResponse/>"));
  EXPECT_FALSE(
      parse_sts_credentials("<R><RResult><Credentials><AccessKeyId>a</AccessKeyId>"
                            "</Credentials></RResult></R>"));
  EXPECT_FALSE(parse_sts_credentials(""));
}

}  // namespace
}  // namespace hallmark::objects
