#include <gtest/gtest.h>

#include "api/test_api.h"

namespace hallmark::api {
namespace {

using hallmark::test::value_of;
using http::Method;
using test::Answer;

class ProfileOperationsTest : public test::ApiTest {
 protected:
  // The message of a body that PutSigningProfile refuses.
  std::string refusal(std::string_view body, std::string_view type = "ValidationException") {
    const Answer answer = put_profile("Release", body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.type(), type) << body;
    return answer.message();
  }
  // Of a body with one member beside a good platformId.
  std::string refusal_of(std::string_view member, std::string_view type = "ValidationException") {
    return refusal(R"({"platformId":"AWSLambda-SHA384-ECDSA",)" + std::string(member) + "}", type);
  }
  std::string wrong_type(std::string_view member) {
    return refusal_of(member, "SerializationException");
  }
};

bool names(const std::string& message, std::string_view field) {
  return message.find(field) != std::string::npos;
}

// PutSigningProfile.

TEST_F(ProfileOperationsTest, PutAnswersArnVersionAndVersionArn) {
  const Answer answer = put_profile("Release");
  EXPECT_EQ(answer.status, 200);
  const std::string version = answer.text("profileVersion");
  EXPECT_EQ(version.size(), 10u);
  EXPECT_EQ(answer.body,
            R"({"arn":"arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release",)"
            R"("profileVersion":")" +
                version +
                R"(","profileVersionArn":"arn:aws:signer:us-east-1:111122223333:)"
                R"(/signing-profiles/Release/)" +
                version + R"("})");
}

TEST_F(ProfileOperationsTest, PutOfATakenNameSaysWhy) {
  put_profile("Release");
  const Answer answer = put_profile("Release");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"message":"Profile with name Release already exists",)"
                         R"("code":"ProfileAlreadyExists"})");
}

TEST_F(ProfileOperationsTest, UnknownMembersAreIgnoredAndNullIsAbsent) {
  EXPECT_EQ(put_profile("Release",
                        R"({"platformId":"AWSLambda-SHA384-ECDSA","profileName":"Other","x":[{}],)"
                        R"("tags":null,"overrides":null,"signatureValidityPeriod":null,)"
                        R"("signingMaterial":null,"signingParameters":null})")
                .status,
            200);
}

TEST_F(ProfileOperationsTest, BadNamesAreRefusedAndTheFieldIsNamed) {
  for (const std::string name : {"a", "a-b", "a%20b", "a%2Fb", "a%00b", "%C3%A4%C3%A4"}) {
    const Answer answer = put_profile(name);
    EXPECT_EQ(answer.type(), "ValidationException") << name;
    EXPECT_TRUE(names(answer.message(), "profileName")) << answer.message();
  }
  EXPECT_EQ(put_profile(std::string(65, 'a')).type(), "ValidationException");
}

TEST_F(ProfileOperationsTest, AMissingPlatformIsNamed) {
  EXPECT_TRUE(names(refusal("{}"), "platformId"));
  EXPECT_TRUE(names(refusal(""), "platformId"));
  EXPECT_TRUE(names(refusal(R"({"platformId":null})"), "platformId"));
  EXPECT_TRUE(names(refusal(R"({"platformId":""})"), "platformId"));
}

TEST_F(ProfileOperationsTest, MembersOfTheWrongTypeAreNamedByTheirPath) {
  EXPECT_TRUE(names(refusal(R"({"platformId":1})", "SerializationException"), "platformId"));
  for (const char* member :
       {"signatureValidityPeriod", "overrides", "signingMaterial", "signingParameters", "tags"}) {
    for (const char* value : {"1", "[]", "\"a\"", "true"}) {
      const std::string said = wrong_type("\"" + std::string(member) + "\":" + value);
      EXPECT_TRUE(names(said, member)) << said;
    }
  }
  EXPECT_TRUE(names(wrong_type(R"("signatureValidityPeriod":{"type":1,"value":1})"),
                    "signatureValidityPeriod.type"));
  EXPECT_TRUE(names(wrong_type(R"("signatureValidityPeriod":{"type":"DAYS","value":"1"})"),
                    "signatureValidityPeriod.value"));
  EXPECT_TRUE(names(wrong_type(R"("overrides":{"signingConfiguration":[]})"),
                    "overrides.signingConfiguration"));
  EXPECT_TRUE(names(wrong_type(R"("overrides":{"signingImageFormat":{}})"),
                    "overrides.signingImageFormat"));
  EXPECT_TRUE(names(wrong_type(R"("tags":{"stage":1})"), "tags.stage"));
}

TEST_F(ProfileOperationsTest, AValidityIsATypeAndAValue) {
  EXPECT_TRUE(names(refusal_of(R"("signatureValidityPeriod":{"value":1})"),
                    "signatureValidityPeriod.type"));
  EXPECT_TRUE(names(refusal_of(R"("signatureValidityPeriod":{"type":"DAYS"})"),
                    "signatureValidityPeriod.value"));
  EXPECT_TRUE(names(refusal_of(R"("signatureValidityPeriod":{"type":"WEEKS","value":1})"),
                    "signatureValidityPeriod.type"));
  for (const char* value : {"0", "-1", "136", "1000001", "9223372036854775807"}) {
    EXPECT_EQ(refusal_of(R"("signatureValidityPeriod":{"type":"MONTHS","value":)" +
                         std::string(value) + "}"),
              "signatureValidityPeriod must be at least 1 day and at most 135 months.");
  }
}

TEST_F(ProfileOperationsTest, ACertificateIsAnArn) {
  EXPECT_TRUE(names(refusal_of(R"("signingMaterial":{})"), "signingMaterial.certificateArn"));
  refusal_of(R"("signingMaterial":{"certificateArn":"not an arn"})");
}

TEST_F(ProfileOperationsTest, PutNeedsItsPermission) {
  const Uuid principal = value_of(made.store->read([&](store::Reader& reader) {
                           return store::find_access_key(reader, made.admin.id);
                         }))->principal;
  test::expect_done(made.store->write([&](store::Transaction& tx) {
    return store::put_policy(
        tx, {principal, "allow-everything",
             R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"signer:List*",)"
             R"("Resource":"*"}]})"});
  }));
  const Answer answer = put_profile("Release");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.type(), "AccessDeniedException");
  EXPECT_EQ(answer.text("Message"),
            "User: arn:aws:iam::111122223333:user/admin is not authorized to perform: "
            "signer:PutSigningProfile on resource: * because no identity-based policy allows the "
            "signer:PutSigningProfile action");
  EXPECT_EQ(get("/signing-profiles").status, 200);
}

// GetSigningProfile.

TEST_F(ProfileOperationsTest, GetAnswersTheWholeProfile) {
  const std::string version =
      put_profile("Release", R"({"platformId":"AWSLambda-SHA384-ECDSA","tags":{"stage":"prod"},)"
                             R"("signatureValidityPeriod":{"type":"DAYS","value":7},)"
                             R"("overrides":{"signingConfiguration":{"hashAlgorithm":"SHA384"}}})")
          .text("profileVersion");
  EXPECT_EQ(get("/signing-profiles/Release").body,
            R"({"profileName":"Release","profileVersion":")" + version +
                R"(","profileVersionArn":"arn:aws:signer:us-east-1:111122223333:)"
                R"(/signing-profiles/Release/)" +
                version +
                R"(","arn":"arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release",)"
                R"("platformId":"AWSLambda-SHA384-ECDSA","platformDisplayName":"AWS Lambda",)"
                R"("signatureValidityPeriod":{"type":"DAYS","value":7},)"
                R"("overrides":{"signingConfiguration":{"hashAlgorithm":"SHA384"}},)"
                R"("status":"Active","tags":{"stage":"prod"}})");
}

TEST_F(ProfileOperationsTest, AProfileWithoutTagsHasAnEmptyMap) {
  put_profile("Release");
  EXPECT_TRUE(get("/signing-profiles/Release").body.ends_with(R"("tags":{}})"));
}

TEST_F(ProfileOperationsTest, GetOfAnUnknownProfileIsNotFound) {
  const Answer answer = get("/signing-profiles/Missing");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.type(), "ResourceNotFoundException");
  EXPECT_EQ(answer.body, R"({"message":"Signing Profile with name Missing does not exist.",)"
                         R"("code":"ProfileNotFound"})");
}

TEST_F(ProfileOperationsTest, GetTakesTheOwnAccountAsOwner) {
  put_profile("Release");
  EXPECT_EQ(get("/signing-profiles/Release", "profileOwner=111122223333").status, 200);
}

TEST_F(ProfileOperationsTest, AForeignOwnersProfileIsDeniedWhetherItExistsOrNot) {
  put_profile("Release");
  for (const char* name : {"Release", "Missing"}) {
    EXPECT_EQ(get("/signing-profiles/" + std::string(name), "profileOwner=999999999999").status,
              403);
  }
}

TEST_F(ProfileOperationsTest, AnOwnerIsTwelveDigits) {
  for (const char* owner : {"1", "11112222333a", "1111222233334"}) {
    EXPECT_EQ(get("/signing-profiles/Release", "profileOwner=" + std::string(owner)).type(),
              "ValidationException");
  }
}

// ListSigningProfiles.

TEST_F(ProfileOperationsTest, ListAnswersEachProfileWithItsShape) {
  const std::string version = put_profile("Release").text("profileVersion");
  EXPECT_EQ(get("/signing-profiles").body,
            R"({"profiles":[{"profileName":"Release","profileVersion":")" + version +
                R"(","profileVersionArn":"arn:aws:signer:us-east-1:111122223333:)"
                R"(/signing-profiles/Release/)" +
                version +
                R"(","arn":"arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release",)"
                R"("signingMaterial":{},"signatureValidityPeriod":{"type":"MONTHS","value":135},)"
                R"("platformId":"AWSLambda-SHA384-ECDSA","platformDisplayName":"AWS Lambda",)"
                R"("status":"Active","tags":{}}]})");
}

TEST_F(ProfileOperationsTest, AnEmptyListIsAList) {
  EXPECT_EQ(get("/signing-profiles").body, R"({"profiles":[]})");
}

TEST_F(ProfileOperationsTest, ANextTokenGoesOn) {
  put_profile("A1");
  put_profile("B2");
  const std::string token = get("/signing-profiles", "maxResults=1").text("nextToken");
  const Answer second = get("/signing-profiles", "maxResults=1&nextToken=" + token);
  EXPECT_TRUE(names(second.body, R"("profileName":"B2")"));
  EXPECT_FALSE(names(second.body, "nextToken"));
}

TEST_F(ProfileOperationsTest, BadParametersOfAListAreNamed) {
  const auto refused = [&](std::string query) {
    const Answer answer = get("/signing-profiles", std::move(query));
    EXPECT_EQ(answer.type(), "ValidationException");
    return answer.message();
  };
  for (const char* value : {"0", "26", "-1", "a", "1a", "99999999999", "1.0", "+1"}) {
    EXPECT_EQ(refused("maxResults=" + std::string(value)), "maxResults must be between 1 and 25.");
  }
  EXPECT_TRUE(names(refused("includeCanceled=yes"), "includeCanceled"));
  EXPECT_TRUE(names(refused("statuses=Active&statuses=active"), "statuses"));
  EXPECT_TRUE(names(refused("nextToken=x"), "nextToken"));
}

TEST_F(ProfileOperationsTest, EmptyParametersOfAListAreAbsent) {
  EXPECT_EQ(get("/signing-profiles", "maxResults=&nextToken=&platformId=&includeCanceled=").status,
            200);
}

// Platforms.

TEST_F(ProfileOperationsTest, APlatformHasTheShapeOfTheModel) {
  EXPECT_EQ(get("/signing-platforms/AWSLambda-SHA384-ECDSA").body,
            R"({"platformId":"AWSLambda-SHA384-ECDSA","displayName":"AWS Lambda",)"
            R"("partner":"AWSLambda","target":"SHA384-ECDSA","category":"AWS",)"
            R"("signingConfiguration":{"encryptionAlgorithmOptions":{"allowedValues":["ECDSA"],)"
            R"("defaultValue":"ECDSA"},"hashAlgorithmOptions":{"allowedValues":["SHA384"],)"
            R"("defaultValue":"SHA384"}},"signingImageFormat":{"supportedFormats":)"
            R"(["JSONDetached"],"defaultFormat":"JSONDetached"},"maxSizeInMB":250,)"
            R"("revocationSupported":true})");
}

TEST_F(ProfileOperationsTest, AnUnknownPlatformIsNotFound) {
  const Answer answer = get("/signing-platforms/a%2F..%2F%00b");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.type(), "ResourceNotFoundException");
}

TEST_F(ProfileOperationsTest, PlatformsAreListedInPages) {
  const std::string token = get("/signing-platforms", "maxResults=4").text("nextToken");
  const Answer second = get("/signing-platforms", "maxResults=4&nextToken=" + token);
  EXPECT_TRUE(names(second.body, "Notation-OCI-SHA384-ECDSA"));
  EXPECT_FALSE(names(second.body, "nextToken"));
}

}  // namespace
}  // namespace hallmark::api
