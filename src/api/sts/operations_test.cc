#include <gtest/gtest.h>

#include "api/sts/test_sts.h"

namespace hallmark::api {
namespace {

using StsOperationsTest = test::StsApiTest;

constexpr std::string_view token = "&WebIdentityToken=header.claims.signature";

// GetSessionToken.

TEST_F(StsOperationsTest, GetSessionTokenGivesCredentialsThatWork) {
  const auto answer = call("GetSessionToken", "&DurationSeconds=900");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(element(answer, "AccessKeyId").starts_with("ASIA"));
  EXPECT_EQ(element(answer, "Expiration"),
            to_rfc3339(from_unix_seconds(unix_seconds(made.clock.now()) + 900)));
  EXPECT_EQ(element(call_with(answer, "GetCallerIdentity"), "Arn"),
            "arn:aws:iam::111122223333:user/admin");
}

TEST_F(StsOperationsTest, TheCredentialsOfASessionServeForSignerToo) {
  const auto credentials = call("GetSessionToken");
  auth::test::TestClient who = client();
  who.access_key_id = element(credentials, "AccessKeyId");
  who.secret = element(credentials, "SecretAccessKey");
  http::Request request = auth::test::unsigned_request(http::Method::get, "/signing-platforms");
  request.headers.add("X-Amz-Security-Token", element(credentials, "SessionToken"));
  auth::test::sign(request, who);
  EXPECT_EQ(send(std::move(request)).status, 200);
}

TEST_F(StsOperationsTest, ASessionGetsNoFurtherSession) {
  const auto answer = call_with(call("GetSessionToken"), "GetSessionToken");
  EXPECT_EQ(code(answer), "403 AccessDenied");
  EXPECT_EQ(message(answer), "Cannot call GetSessionToken with session credentials");
}

TEST_F(StsOperationsTest, AnExpiredSessionIsToldSo) {
  const auto credentials = call("GetSessionToken", "&DurationSeconds=900");
  made.clock.advance(std::chrono::seconds(900));
  EXPECT_EQ(code(call_with(credentials, "GetCallerIdentity")), "403 ExpiredToken");
}

TEST_F(StsOperationsTest, ADurationIsBounded) {
  const auto with = [&](std::string_view duration) {
    return call("GetSessionToken", fmt::format("&DurationSeconds={}", duration));
  };
  EXPECT_EQ(with("129600").status, 200);
  EXPECT_EQ(message(with("899")),
            "1 validation error detected: Value at &apos;durationSeconds&apos; failed to satisfy "
            "constraint: Member must have value greater than or equal to 900");
  for (const char* duration :
       {"129601", "0", "-1", "1e3", "900.0", "x", "%20900", "0x400", "99999999999999999999"}) {
    EXPECT_EQ(code(with(duration)), "400 ValidationError") << duration;
  }
}

TEST_F(StsOperationsTest, WhatWouldNotBeHonouredIsRefused) {
  EXPECT_EQ(message(call("GetSessionToken", "&SerialNumber=GAHT12345678")),
            "The parameter SerialNumber is not supported.");
  add_role("Builder", trust_the_account);
  for (const char* parameter :
       {"PolicyArns.member.1.arn=arn", "Tags.member.1.Key=a", "Tags.member.2.Key=a",
        "TransitiveTagKeys.member.1=a", "ProvidedContexts.member.1.ProviderArn=a",
        "SerialNumber=GAHT12345678", "TokenCode=123456", "SourceIdentity=alice"}) {
    EXPECT_EQ(code(call("AssumeRole", fmt::format("{}&{}", role_parameters, parameter))),
              "400 ValidationError")
        << parameter;
  }
  EXPECT_EQ(call("AssumeRole", fmt::format("{}&Tags=&PolicyArns=", role_parameters)).status, 200);
}

// AssumeRole.

TEST_F(StsOperationsTest, AssumeRoleGivesCredentialsOfTheRole) {
  add_role("Builder", trust_the_account);
  const auto answer = call("AssumeRole", role_parameters);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(answer.body.find("<AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROABuilder:"
                             "release-7</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/"
                             "Builder/release-7</Arn></AssumedRoleUser><Credentials><AccessKeyId>"),
            std::string::npos);
  EXPECT_EQ(answer.body.find("PackedPolicySize"), std::string::npos);
  const auto identity = call_with(answer, "GetCallerIdentity");
  EXPECT_EQ(element(identity, "UserId"), "AROABuilder:release-7");
}

TEST_F(StsOperationsTest, ASessionPolicyIsPacked) {
  add_role("Builder", trust_the_account);
  const auto answer = call(
      "AssumeRole",
      fmt::format("{}&Policy=%7B%22Version%22%3A+%222012-10-17%22%2C+%22Statement%22%3A+%7B%22"
                  "Effect%22%3A+%22Allow%22%2C+%22Action%22%3A+%22s3%3A%2A%22%2C+%22Resource%22%3A+"
                  "%22%2A%22%7D%7D",
                  role_parameters));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(element(answer, "PackedPolicySize"), "5");
}

TEST_F(StsOperationsTest, AMalformedSessionPolicyIsRefused) {
  add_role("Builder", trust_the_account);
  EXPECT_EQ(code(call("AssumeRole", fmt::format("{}&Policy=%7B%7D", role_parameters))),
            "400 MalformedPolicyDocument");
}

TEST_F(StsOperationsTest, ARoleThatTrustsSomebodyElseIsRefused) {
  add_role("Builder", trust_the_pipeline);
  const auto answer = call("AssumeRole", role_parameters);
  EXPECT_EQ(code(answer), "403 AccessDenied");
  EXPECT_TRUE(message(answer).starts_with(
      "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: sts:AssumeRole on "
      "resource: arn:aws:iam::111122223333:role/Builder"));
}

TEST_F(StsOperationsTest, ARoleAndASessionNameAreNeeded) {
  EXPECT_EQ(message(call("AssumeRole", "&RoleSessionName=release-7")),
            "1 validation error detected: Value null at &apos;roleArn&apos; failed to satisfy "
            "constraint: Member must not be null");
  EXPECT_EQ(code(call("AssumeRole", "&RoleArn=arn:aws:iam::111122223333:role/Builder")),
            "400 ValidationError");
  EXPECT_EQ(code(call("AssumeRole", "&RoleArn=Builder&RoleSessionName=release-7")),
            "400 ValidationError");
  EXPECT_EQ(code(call("AssumeRole", fmt::format("{}&ExternalId=x", role_parameters))),
            "400 ValidationError");
}

// AssumeRoleWithWebIdentity.

TEST_F(StsOperationsTest, APipelineAssumesARoleByItsToken) {
  add_role("Builder", trust_the_pipeline);
  const auto answer = send(unsigned_form(
      action_form("AssumeRoleWithWebIdentity", fmt::format("{}{}", role_parameters, token))));
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(element(answer, "SubjectFromWebIdentityToken"), "project_path:group/app:ref:main");
  EXPECT_EQ(element(answer, "Audience"), "hallmark");
  EXPECT_EQ(element(answer, "Provider"), "https://gitlab.example.com");
  EXPECT_EQ(element(call_with(answer, "GetCallerIdentity"), "Arn"),
            "arn:aws:sts::111122223333:assumed-role/Builder/release-7");
}

TEST_F(StsOperationsTest, ATokenInTheQueryStringServesToo) {
  add_role("Builder", trust_the_pipeline);
  EXPECT_EQ(
      send(auth::test::unsigned_request(http::Method::get, "/",
                                        action_form("AssumeRoleWithWebIdentity",
                                                    fmt::format("{}{}", role_parameters, token))))
          .status,
      200);
}

TEST_F(StsOperationsTest, ATokenThatIsNotTrustedIsRefused) {
  add_role("Builder", trust_the_pipeline);
  for (const char* other : {"&WebIdentityToken=other", "&WebIdentityToken=", ""}) {
    EXPECT_NE(send(unsigned_form(action_form("AssumeRoleWithWebIdentity",
                                             fmt::format("{}{}", role_parameters, other))))
                  .status,
              200);
  }
}

TEST_F(StsOperationsTest, ATokenOpensNoOtherOperation) {
  add_role("Builder", trust_the_account);
  for (const char* action : {"AssumeRole", "GetSessionToken", "GetCallerIdentity",
                             "XAssumeRoleWithWebIdentity", "assumerolewithwebidentity"}) {
    EXPECT_EQ(
        code(send(unsigned_form(action_form(action, fmt::format("{}{}", role_parameters, token))))),
        "403 MissingAuthenticationToken")
        << action;
  }
  http::Request signer = auth::test::unsigned_request(
      http::Method::get, "/signing-platforms",
      action_form("AssumeRoleWithWebIdentity", fmt::format("{}{}", role_parameters, token)));
  EXPECT_EQ(send(std::move(signer)).status, 403);
}

TEST_F(StsOperationsTest, ATokenBesideASignatureIsRefused) {
  add_role("Builder", trust_the_pipeline);
  EXPECT_EQ(code(call("AssumeRoleWithWebIdentity", fmt::format("{}{}", role_parameters, token))),
            "400 MalformedQueryString");
}

TEST_F(StsOperationsTest, AProviderThatIsNamedIsRefused) {
  add_role("Builder", trust_the_pipeline);
  EXPECT_EQ(message(send(unsigned_form(action_form(
                "AssumeRoleWithWebIdentity",
                fmt::format("{}{}&ProviderId=www.amazon.com", role_parameters, token))))),
            "The parameter ProviderId is not supported.");
}

}  // namespace
}  // namespace hallmark::api
