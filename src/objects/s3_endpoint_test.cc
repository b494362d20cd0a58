#include "objects/s3_endpoint.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/test_support.h"

namespace hallmark::objects {
namespace {

using test::error_of;
using test::value_of;

TEST(S3EndpointTest, IsReadFromAUrl) {
  const auto endpoint =
      value_of(S3Endpoint::parse("s3:https://s3.example.com:8443?region=eu-central-1"));
  EXPECT_EQ(endpoint.scheme, "https");
  EXPECT_EQ(endpoint.authority, "s3.example.com:8443");
  EXPECT_EQ(endpoint.region, "eu-central-1");
  EXPECT_EQ(endpoint.addressing, Addressing::path);
}

TEST(S3EndpointTest, HasADefaultRegion) {
  EXPECT_EQ(value_of(S3Endpoint::parse("s3:https://s3.example.com/")).region, "us-east-1");
}

TEST(S3EndpointTest, LeavesThePortOfItsSchemeOut) {
  EXPECT_EQ(value_of(S3Endpoint::parse("s3:https://a.example:443")).authority, "a.example");
  EXPECT_EQ(value_of(S3Endpoint::parse("s3:http://localhost:80")).authority, "localhost");
  EXPECT_EQ(value_of(S3Endpoint::parse("s3:https://a.example:80")).authority, "a.example:80");
}

TEST(S3EndpointTest, IsReachedInPlainTextOnThisMachineOnly) {
  for (const char* url : {"s3:http://127.0.0.1:9000", "s3:http://localhost", "s3:http://[::1]:1"}) {
    EXPECT_TRUE(S3Endpoint::parse(url)) << url;
  }
  for (const char* url : {"s3:http://10.0.0.1", "s3:http://127.0.0.1.example.com",
                          "s3:http://localhost.example.com", "s3:http://[2001:db8::1]"}) {
    EXPECT_EQ(error_of(S3Endpoint::parse(url)).kind, ErrorKind::invalid) << url;
  }
}

TEST(S3EndpointTest, IsNothingElse) {
  for (const char* url :
       {"", "s3:", "https://a", "s3:ftp://a", "s3:https://", "s3:https:///", "s3:https://a/b",
        "s3:https://user@a", "s3:https://a:", "s3:https://a:x", "s3:https://a:123456",
        "s3:https://a?", "s3:https://a?x=y", "s3:https://a?region=", "s3:https://a?region=A",
        "s3:https://a?region=a&b=c", "s3:https://A.example", "s3:https://a b", "s3:https://a#b"}) {
    EXPECT_EQ(error_of(S3Endpoint::parse(url)).kind, ErrorKind::invalid) << url;
  }
}

S3Endpoint endpoint_of(Addressing addressing) {
  return {.scheme = "https", .authority = "s3.example", .region = "r", .addressing = addressing};
}

TEST(S3EndpointTest, NamesABucketInThePath) {
  const auto endpoint = endpoint_of(Addressing::path);
  EXPECT_EQ(endpoint.authority_of("bucket"), "s3.example");
  EXPECT_EQ(endpoint.path_of("bucket", "a/b"), "/bucket/a/b");
  EXPECT_EQ(endpoint.path_of("bucket", ""), "/bucket");
}

TEST(S3EndpointTest, NamesABucketInTheHost) {
  const auto endpoint = endpoint_of(Addressing::virtual_host);
  EXPECT_EQ(endpoint.authority_of("bucket"), "bucket.s3.example");
  EXPECT_EQ(endpoint.path_of("bucket", "a/b"), "/a/b");
  EXPECT_EQ(endpoint.path_of("bucket", ""), "/");
}

TEST(S3EndpointTest, NamesABucketWithADotInThePathAlways) {
  const auto endpoint = endpoint_of(Addressing::virtual_host);
  EXPECT_EQ(endpoint.authority_of("a.bucket"), "s3.example");
  EXPECT_EQ(endpoint.path_of("a.bucket", "k"), "/a.bucket/k");
}

TEST(S3EndpointTest, EncodesAKeyButNotItsSlashes) {
  const auto endpoint = endpoint_of(Addressing::path);
  EXPECT_EQ(endpoint.path_of("bucket", "/a b+c//?#%2e/.."), "/bucket//a%20b%2Bc//%3F%23%252e/..");
}

TEST(BucketName, FollowsTheRulesOfS3) {
  for (const std::string& name :
       std::vector<std::string>{"abc", "a-b.c", "1bucket9", std::string(63, 'b')}) {
    EXPECT_TRUE(is_bucket_name(name)) << name;
  }
  for (const std::string& name : std::vector<std::string>{
           "", "ab", "Bucket", "-abc", "abc-", ".abc", "abc.", "a..b", "a/b", "a_b", "x@evil",
           "a%2eb", "169.254.169.254", "a.b/../..", "..", "abc\n", std::string(64, 'b')}) {
    EXPECT_FALSE(is_bucket_name(name)) << name;
  }
}

}  // namespace
}  // namespace hallmark::objects
