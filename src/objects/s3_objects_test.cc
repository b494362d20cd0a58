// What is S3's own: versions, owners, addresses, credentials and clocks. What every back end does
// is in conformance_test.cc, what can go wrong in s3_faults_test.cc.
#include "objects/s3_objects.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "objects/test_s3.h"

namespace hallmark::objects {
namespace {

using hallmark::test::error_of;
using hallmark::test::expect_done;
using hallmark::test::value_of;
using test::FakeS3;
using test::TestS3;

Result<void> always() { return {}; }

class S3ObjectsTest : public testing::Test {
 protected:
  TestS3 s3_;
};

TEST_F(S3ObjectsTest, AVersionIsPinnedWithOneRequest) {
  const std::string version = s3_.server.put("bucket", "a", "content");
  value_of(s3_->pin({"bucket", "a", version}));
  EXPECT_EQ(s3_.server.requests(), std::vector<std::string>{"HEAD /bucket/a?versionId=" + version});
}

TEST_F(S3ObjectsTest, ABucketWithoutVersionsIsNoSource) {
  s3_.server.put("plain", "a", "content");
  for (const char* version : {"null", "v1", ""}) {
    EXPECT_EQ(error_of(s3_->pin({"plain", "a", version})).kind, ErrorKind::invalid) << version;
  }
}

TEST_F(S3ObjectsTest, AVersionThatCanBeReplacedIsNoSource) {
  s3_.server.with([](auto& buckets) { buckets["bucket"].versioning = "Suspended"; });
  s3_.server.with([](auto& buckets) { buckets["bucket"].keys["a"] = {{"null", "x", {}}}; });
  EXPECT_EQ(error_of(s3_->pin({"bucket", "a", "null"})).kind, ErrorKind::invalid);
  EXPECT_EQ(error_of(s3_->pin({"bucket", "a"})).kind, ErrorKind::invalid);
}

TEST_F(S3ObjectsTest, ABucketWithoutVersionsIsADestination) {
  const Artifact artifact{{copy_of(bytes_of("signed"))}};
  const MemoryReadAt nothing{ByteView()};
  const auto put = [&] { return s3_->put_once({"plain", "out"}, artifact, nothing, always); };
  EXPECT_EQ(value_of(put()).size, 6u);
  EXPECT_EQ(value_of(put()).size, 6u);
  EXPECT_EQ(s3_.server.versions("plain", "out"), 1u);
}

TEST_F(S3ObjectsTest, ABucketThatTheConfigurationDoesNotNameIsNotAskedFor) {
  s3_.server.with([](auto& buckets) { buckets["others"] = {}; });
  EXPECT_EQ(error_of(s3_->pin({"others", "a", "v1"})).kind, ErrorKind::not_found);
  EXPECT_EQ(error_of(s3_->check_bucket("others")).kind, ErrorKind::not_found);
  EXPECT_EQ(error_of(s3_->snapshot({{"others", "a", "v1"}, 1, ""})).kind, ErrorKind::not_found);
  EXPECT_EQ(error_of(s3_->remove_content({"others", "a"}, "")).kind, ErrorKind::not_found);
  EXPECT_TRUE(s3_.server.requests().empty());
}

TEST_F(S3ObjectsTest, AConfiguredBucketThatIsNotThereIsNotFound) {
  const Error error = error_of(s3_->pin({"lost", "a", "v1"}));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.message, "The bucket lost does not exist.");
  EXPECT_EQ(error_of(s3_->check_bucket("lost")).kind, ErrorKind::not_found);
}

TEST_F(S3ObjectsTest, AKeyThatCouldLeadToAnotherIsNotAskedFor) {
  const MemoryReadAt nothing{ByteView()};
  for (const std::string key : {".", "..", "../plain/a", "a/./b", "a/../b", "a/..", "//.."}) {
    EXPECT_EQ(error_of(s3_->pin({"bucket", key, "v1"})).kind, ErrorKind::invalid) << key;
    const auto put = s3_->put_once({"bucket", key}, {}, nothing, always);
    EXPECT_EQ(error_of(put).kind, ErrorKind::invalid) << key;
    EXPECT_EQ(error_of(s3_->remove_content({"bucket", key}, "")).kind, ErrorKind::invalid) << key;
  }
  EXPECT_TRUE(s3_.server.requests().empty());
}

TEST(S3Removal, DoesNotReadMoreThanItsLimitToFindAVersion) {
  TestS3 s3({.limits = {.removal_bytes_max = 5}});
  s3.server.put("bucket", "a", "123456");
  const auto hash = to_hex(crypto::sha256(bytes_of("123456")));
  EXPECT_EQ(error_of(s3->remove_content({"bucket", "a"}, hash)).kind, ErrorKind::denied);
  for (const std::string& request : s3.server.requests()) {
    EXPECT_FALSE(request.starts_with("GET /bucket/a")) << request;
  }
}

TEST_F(S3ObjectsTest, TheHashOfAnObjectIsKnownWhereTheServerKeepsIt) {
  const std::string version = s3_.server.put("bucket", "a", "abc");
  EXPECT_EQ(value_of(s3_->pin({"bucket", "a", version})).sha256_hex, "");
  const auto hash = crypto::sha256(bytes_of("abc"));
  s3_.server.with(
      [&](auto& buckets) { buckets["bucket"].keys["a"].back().sha256_base64 = to_base64(hash); });
  EXPECT_EQ(value_of(s3_->pin({"bucket", "a", version})).sha256_hex, to_hex(hash));
}

TEST_F(S3ObjectsTest, AHashOverTheHashesOfPartsIsNotTheObjects) {
  for (const char* type : {"COMPOSITE", ""}) {
    s3_.server.set_script([=](const http::Request&, int) {
      http::Response response = FakeS3::xml("abc");
      response.headers.add("x-amz-version-id", "v1");
      response.headers.add("x-amz-checksum-sha256", to_base64(crypto::sha256(bytes_of("others"))));
      response.headers.add("x-amz-checksum-type", type);
      response.headers.add("etag", "\"d316408c159ea701ab954894bd3a92c2-2\"");
      return response;
    });
    EXPECT_EQ(value_of(s3_->pin({"bucket", "a", "v1"})).sha256_hex, "");
  }
}

TEST_F(S3ObjectsTest, NothingIsLeftInTheFolderOfTemporaryFiles) {
  const auto pinned = value_of(s3_->pin({"bucket", "a", s3_.server.put("bucket", "a", "content")}));
  const auto source = value_of(s3_->snapshot(pinned));
  Bytes content(7);
  expect_done(source->read_at(0, content));
  for (const auto& entry : std::filesystem::directory_iterator(s3_.folder())) {
    EXPECT_EQ(entry.path().filename(), "secret");
  }
}

// Whose the bucket must be.

std::string expected_owner_of(OwnerCheck check) {
  TestS3 s3({.owner_check = check});
  std::string told = "nothing";
  s3.server.set_script([&](const http::Request& request, int) -> std::optional<http::Response> {
    told = request.headers.find("x-amz-expected-bucket-owner").value_or("nothing");
    return std::nullopt;
  });
  expect_done(s3->check_bucket("bucket"));
  return told;
}

TEST(S3Owner, IsToldToTheServer) { EXPECT_EQ(expected_owner_of(OwnerCheck::told), "111122223333"); }

TEST(S3Owner, IsNotToldToAServerWithOtherAccounts) {
  EXPECT_EQ(expected_owner_of(OwnerCheck::not_told), "nothing");
}

// Addresses. *.localhost is this machine (RFC 6761 §6.3); libcurl knows that by itself.

TEST(S3Addressing, ABucketCanBeInTheHost) {
  TestS3 s3(
      {.url_of = [](unsigned short port) { return fmt::format("s3:http://localhost:{}", port); },
       .addressing = Addressing::virtual_host});
  std::string host, path;
  s3.server.set_script([&](const http::Request& request, int) -> std::optional<http::Response> {
    host = request.headers.find("host").value_or("");
    path = request.path;
    return FakeS3::empty(200);
  });
  expect_done(s3->check_bucket("bucket"));
  EXPECT_EQ(host, fmt::format("bucket.localhost:{}", s3.server.port()));
  EXPECT_EQ(path, "/");
}

// Clocks.

class S3Clock : public S3ObjectsTest, public testing::WithParamInterface<int> {};

TEST_P(S3Clock, IsRepairedByTheServersTime) {
  s3_.clock.advance(std::chrono::hours(GetParam()));
  const std::string version = s3_.server.put("bucket", "a", "content");
  value_of(s3_->pin({"bucket", "a", version}));
  EXPECT_EQ(s3_.server.requests().size(), 2u);
  value_of(s3_->pin({"bucket", "a", version}));
  EXPECT_EQ(s3_.server.requests().size(), 3u) << "it is remembered";
  EXPECT_EQ(s3_.waits, 0);
}

INSTANTIATE_TEST_SUITE_P(Hours, S3Clock, testing::Values(-30, -1, 1, 30));

TEST_F(S3ObjectsTest, AServerWhoseClockIsWildIsNotBelieved) {
  s3_.clock.advance(std::chrono::hours(24 * 365));
  EXPECT_FALSE(s3_->check_bucket("bucket"));
  EXPECT_EQ(s3_.server.requests().size(), 1u);
}

}  // namespace
}  // namespace hallmark::objects
