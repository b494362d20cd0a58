#include <gtest/gtest.h>

#include "api/test_api.h"

namespace hallmark::api {
namespace {

using hallmark::test::value_of;
using http::Method;
using test::Answer;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class JobOperationsTest : public test::ApiTest {
 protected:
  JobOperationsTest() { put_profile("Release"); }

  // A good body, with one text replaced.
  std::string body(std::string_view replaced = {}, std::string_view by = {}) const {
    std::string text = R"({"source":{"s3":{"bucketName":"bucket","key":"in/a.zip","version":")" +
                       version_ +
                       R"("}},"destination":{"s3":{"bucketName":"bucket","prefix":"out/"}},)"
                       R"("profileName":"Release","clientRequestToken":"token-1"})";
    if (!replaced.empty()) text.replace(text.find(replaced), replaced.size(), by);
    return text;
  }
  std::string refusal(std::string_view replaced, std::string_view by,
                      std::string_view type = "ValidationException") {
    const Answer answer = start_job(body(replaced, by));
    EXPECT_EQ(answer.type(), type) << body(replaced, by);
    return answer.message();
  }

  const std::string version_ = put_object("in/a.zip");
};

// StartSigningJob.

TEST_F(JobOperationsTest, StartAnswersTheJobsIdAndOwner) {
  const Answer answer = start_job(body());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            R"({"jobId":")" + answer.text("jobId") + R"(","jobOwner":"111122223333"})");
}

TEST_F(JobOperationsTest, StartWithTheSameTokenAnswersTheSame) {
  EXPECT_EQ(start_job(body()).body, start_job(body()).body);
}

TEST_F(JobOperationsTest, AMissingMemberIsNamedByItsPath) {
  EXPECT_TRUE(has(refusal(R"("source":)", R"("sauce":)"), "source"));
  EXPECT_TRUE(has(refusal(R"({"s3":{"bucketName":"bucket","key")", R"({"s4":{"a":"b","key")"),
                  "source.s3"));
  EXPECT_TRUE(has(refusal(R"("bucketName":"bucket","key")", R"("key")"), "source.s3.bucketName"));
  EXPECT_TRUE(has(refusal(R"("key":)", R"("k":)"), "source.s3.key"));
  EXPECT_TRUE(has(refusal(R"("version":)", R"("v":)"), "source.s3.version"));
  EXPECT_TRUE(has(refusal(R"("destination":)", R"("d":)"), "destination"));
  EXPECT_TRUE(has(refusal(R"("bucketName":"bucket","prefix")", R"("prefix")"),
                  "destination.s3.bucketName"));
  EXPECT_TRUE(has(refusal(R"("profileName":)", R"("p":)"), "profileName"));
  EXPECT_TRUE(has(refusal(R"("clientRequestToken":)", R"("c":)"), "clientRequestToken"));
}

TEST_F(JobOperationsTest, AMemberOfTheWrongTypeIsNamedByItsPath) {
  const auto wrong = [&](std::string_view replaced, std::string_view by) {
    return refusal(replaced, by, "SerializationException");
  };
  EXPECT_TRUE(has(wrong(R"("key":"in/a.zip")", R"("key":1)"), "source.s3.key"));
  EXPECT_TRUE(has(wrong(R"("prefix":"out/")", R"("prefix":[])"), "destination.s3.prefix"));
  EXPECT_TRUE(has(wrong(R"("profileName":"Release")", R"("profileName":{})"), "profileName"));
  EXPECT_TRUE(has(wrong(R"("token-1")", "1"), "clientRequestToken"));
}

TEST_F(JobOperationsTest, AnEmptySourceVersionIsRefusedInAwssWords) {
  const Answer answer = start_job(body(version_, ""));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body,
            R"({"message":"StartSigningJobRequest:source:version should not be empty",)"
            R"("code":"InvalidJobParameters"})");
}

TEST_F(JobOperationsTest, BucketNamesKeepS3sRules) {
  for (const char* bucket : {"", "..", "../x", "a/b", "Bucket", "169.254.169.254", "x@evil", "%2e",
                             "a..b", "ab", "-abc"}) {
    EXPECT_NE(refusal(R"("bucketName":"bucket","key")",
                      R"("bucketName":")" + std::string(bucket) + R"(","key")"),
              "");
    EXPECT_NE(refusal(R"("bucketName":"bucket","prefix")",
                      R"("bucketName":")" + std::string(bucket) + R"(","prefix")"),
              "");
  }
}

TEST_F(JobOperationsTest, BoundsAreKept) {
  EXPECT_NE(refusal("in/a.zip", ""), "");
  EXPECT_NE(refusal("in/a.zip", std::string(1025, 'k')), "");
  EXPECT_NE(refusal("in/a.zip", R"(a\u0000b)"), "");
  EXPECT_NE(refusal("out/", std::string(901, 'p')), "");
  EXPECT_NE(refusal("token-1", ""), "");
  EXPECT_NE(refusal("token-1", std::string(1025, 't')), "");
  EXPECT_NE(refusal("Release", "a-b"), "");
}

TEST_F(JobOperationsTest, ThePrefixMayBeAbsent) {
  EXPECT_EQ(start_job(body(R"(,"prefix":"out/")", "")).status, 200);
}

TEST_F(JobOperationsTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(refusal("Release", "Missing", "ResourceNotFoundException"),
            "profile with name Missing does not exist");
  refusal("in/a.zip", "in/b.zip", "ResourceNotFoundException");
  refusal(version_, "null", "ResourceNotFoundException");
  refusal(R"("bucketName":"bucket","prefix")", R"("bucketName":"nowhere","prefix")",
          "ResourceNotFoundException");
}

TEST_F(JobOperationsTest, AForeignProfileOwnerIsDenied) {
  const Answer answer =
      start_job(body(R"("profileName")", R"("profileOwner":"999999999999","profileName")"));
  EXPECT_EQ(answer.status, 403);
}

TEST_F(JobOperationsTest, AForeignBucketIsDeniedWithoutALook) {
  test::expect_done(parts.objects.create_bucket("theirs", "999999999999"));
  const Answer answer =
      start_job(body(R"("bucketName":"bucket","key")", R"("bucketName":"theirs","key")"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.type(), "AccessDeniedException");
}

// DescribeSigningJob.

TEST_F(JobOperationsTest, DescribeAnswersAJobInProgress) {
  const std::string id = start_job(body()).text("jobId");
  const std::string profile_version = get("/signing-profiles/Release").text("profileVersion");
  EXPECT_EQ(get("/signing-jobs/" + id).body,
            R"({"jobId":")" + id +
                R"(","source":{"s3":{"bucketName":"bucket","key":"in/a.zip","version":")" +
                version_ +
                R"("}},"platformId":"AWSLambda-SHA384-ECDSA","platformDisplayName":"AWS Lambda",)"
                R"("profileName":"Release","profileVersion":")" +
                profile_version +
                R"(","createdAt":1795338000,)"
                R"("requestedBy":"arn:aws:iam::111122223333:user/admin","status":"InProgress",)"
                R"("jobOwner":"111122223333","jobInvoker":"111122223333"})");
}

TEST_F(JobOperationsTest, DescribeOfAnUnknownJobIsNotFound) {
  for (const char* id : {"0192f0c1-0000-7000-8000-000000000001", "nothing", "%00", "..%2fx"}) {
    const Answer answer = get("/signing-jobs/" + std::string(id));
    EXPECT_EQ(answer.status, 404) << id;
    EXPECT_EQ(answer.type(), "ResourceNotFoundException") << id;
  }
}

// ListSigningJobs.

TEST_F(JobOperationsTest, ListAnswersEachJobWithItsShape) {
  const std::string id = start_job(body()).text("jobId");
  const std::string profile_version = get("/signing-profiles/Release").text("profileVersion");
  EXPECT_EQ(get("/signing-jobs").body,
            R"({"jobs":[{"jobId":")" + id +
                R"(","source":{"s3":{"bucketName":"bucket","key":"in/a.zip","version":")" +
                version_ +
                R"("}},"signingMaterial":{},"createdAt":1795338000,"status":"InProgress",)"
                R"("isRevoked":false,"profileName":"Release","profileVersion":")" +
                profile_version +
                R"(","platformId":"AWSLambda-SHA384-ECDSA","platformDisplayName":"AWS Lambda",)"
                R"("jobOwner":"111122223333","jobInvoker":"111122223333"}]})");
}

TEST_F(JobOperationsTest, AnEmptyListIsAList) {
  EXPECT_EQ(get("/signing-jobs").body, R"({"jobs":[]})");
}

TEST_F(JobOperationsTest, BadParametersOfAListAreNamed) {
  for (const char* query : {"maxResults=0", "maxResults=26", "status=inprogress", "nextToken=x"}) {
    const Answer answer = get("/signing-jobs", query);
    EXPECT_EQ(answer.type(), "ValidationException") << query;
    const std::string_view pair = query;
    EXPECT_TRUE(has(answer.message(), pair.substr(0, pair.find('=')))) << answer.message();
  }
}

TEST_F(JobOperationsTest, AFilterOfAnotherFormIsRefusedAndNamed) {
  for (const char* query : {"isRevoked=x", "isRevoked=True", "jobInvoker=x",
                            "jobInvoker=11112222333", "requestedBy=alice",
                            "signatureExpiresAfter=x", "signatureExpiresAfter=2026-13-01T00:00:00Z",
                            "signatureExpiresBefore=-1", "signatureExpiresBefore=1.",
                            "signatureExpiresBefore=.5", "signatureExpiresBefore=999999999999"}) {
    const Answer answer = get("/signing-jobs", query);
    EXPECT_EQ(answer.type(), "ValidationException") << query;
    const std::string_view pair = query;
    EXPECT_TRUE(has(answer.message(), pair.substr(0, pair.find('=')))) << answer.message();
  }
}

TEST_F(JobOperationsTest, ATokenOfAnotherListIsRefused) {
  start_job(body());
  start_job(body("token-1", "token-2"));
  const std::string token = get("/signing-jobs", "maxResults=1").text("nextToken");
  EXPECT_EQ(get("/signing-jobs", "nextToken=" + token).status, 200);
  EXPECT_EQ(get("/signing-profiles", "nextToken=" + token).type(), "ValidationException");
  EXPECT_EQ(get("/signing-jobs", "status=Failed&nextToken=" + token).type(), "ValidationException");
}

}  // namespace
}  // namespace hallmark::api
