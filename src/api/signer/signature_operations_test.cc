#include <gtest/gtest.h>

#include "api/test_api.h"
#include "base/encoding.h"

namespace hallmark::api {
namespace {

using hallmark::test::value_of;
using http::Method;
using test::Answer;

constexpr std::string_view put_notation = R"({"platformId":"Notation-OCI-SHA384-ECDSA"})";
constexpr std::string_view format = "application/vnd.cncf.notary.payload.v1+json";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class SignatureOperationsTest : public test::ApiTest {
 protected:
  SignatureOperationsTest() { put_profile("Release", put_notation); }

  Answer sign_body(std::string body) {
    return ask(Method::post, "/signing-jobs/with-payload", {}, std::move(body));
  }
  static std::string body(std::string_view payload = "cGF5bG9hZA==",
                          std::string_view payload_format = format) {
    return R"({"payload":")" + std::string(payload) + R"(","payloadFormat":")" +
           std::string(payload_format) + R"(","profileName":"Release"})";
  }
  std::string signed_payload() { return sign_body(body()).text("jobId"); }
  Answer revoke(const std::string& id, std::string text = R"({"reason":"leaked"})") {
    return ask(Method::put, "/signing-jobs/" + id + "/revoke", {}, std::move(text));
  }
  std::string version_arn() { return get("/signing-profiles/Release").text("profileVersionArn"); }
  static std::string job_arn(const std::string& id) {
    return "arn:aws:signer:us-east-1:111122223333:/signing-jobs/" + id;
  }
  // The query of a verifier, with one parameter replaced or left out.
  std::string question(const std::string& id, std::string_view name = {},
                       std::string_view by = {}) {
    std::vector<std::pair<std::string, std::string>> parameters = {
        {"certificateHashes", std::string(192, 'a')},
        {"certificateHashes", std::string(192, 'b')},
        {"jobArn", job_arn(id)},
        {"platformId", "Notation-OCI-SHA384-ECDSA"},
        {"profileVersionArn", version_arn()},
        {"signatureTimestamp", "2026-11-22T09:00:00Z"}};
    std::string query;
    for (const auto& [key, value] : parameters) {
      const std::string_view text = key == name ? by : std::string_view(value);
      if (text.empty()) continue;
      if (!query.empty()) query += '&';
      query += key + "=" + percent_encode(text);
    }
    return query;
  }
  std::string ids(const std::string& query) {
    std::string found;
    const auto document = get("/signing-jobs", query).json();
    const auto jobs = value_of(value_of(document.root().object()).get("jobs"));
    for (const auto& job : value_of(jobs.array())) {
      found += std::string(value_of(value_of(job.object()).get_text("jobId"))) + " ";
    }
    return found;
  }
};

// SignPayload.

TEST_F(SignatureOperationsTest, SignPayloadAnswersTheSignatureAndItsNames) {
  const Answer answer = sign_body(body());
  EXPECT_EQ(answer.status, 200) << answer.body;
  const std::string id = answer.text("jobId");
  EXPECT_EQ(answer.body, R"({"jobId":")" + id +
                             R"(","jobOwner":"111122223333","metadata":{)"
                             R"("com.amazonaws.signer.signingProfileVersion":")" +
                             version_arn() + R"(","com.amazonaws.signer.signingJob":")" +
                             job_arn(id) + R"("},"signature":"cGF5bG9hZA=="})");
}

TEST_F(SignatureOperationsTest, ASignedPayloadIsListedAndDescribedWithoutObjects) {
  const std::string id = signed_payload();
  const std::string version = get("/signing-profiles/Release").text("profileVersion");
  const std::string names = R"("platformId":"Notation-OCI-SHA384-ECDSA",)"
                            R"("platformDisplayName":"Notation for container registries")";
  const std::string profile = R"("profileName":"Release","profileVersion":")" + version + R"(")";
  const std::string accounts = R"("jobOwner":"111122223333","jobInvoker":"111122223333")";
  EXPECT_EQ(get("/signing-jobs").body,
            R"({"jobs":[{"jobId":")" + id +
                R"(","signingMaterial":{},"createdAt":1795338000,"status":"Succeeded",)"
                R"("isRevoked":false,)" +
                profile + "," + names + R"(,"signatureExpiresAt":2150442000,)" + accounts + "}]}");
  EXPECT_EQ(get("/signing-jobs/" + id).body,
            R"({"jobId":")" + id + R"(",)" + names + "," + profile +
                R"(,"createdAt":1795338000,"completedAt":1795338000,)"
                R"("signatureExpiresAt":2150442000,)"
                R"("requestedBy":"arn:aws:iam::111122223333:user/admin","status":"Succeeded",)"
                R"("statusReason":"Signing Succeeded",)" +
                accounts + "}");
}

TEST_F(SignatureOperationsTest, ThePayloadHasOneTo4096Bytes) {
  EXPECT_EQ(sign_body(body(to_base64(Bytes(4096, 'x')))).status, 200);
  EXPECT_EQ(sign_body(body(to_base64(Bytes(1, 'x')))).status, 200);
  for (const std::string& payload :
       {std::string(), to_base64(Bytes(4097, 'x')), std::string("*"), std::string("cGF5bG9hZA")}) {
    const Answer answer = sign_body(body(payload));
    EXPECT_EQ(answer.type(), "ValidationException");
    EXPECT_TRUE(has(answer.message(), "payload ")) << answer.message();
  }
}

TEST_F(SignatureOperationsTest, ThePayloadFormatHasOneValue) {
  for (const char* other : {"", "json", "application/vnd.cncf.notary.payload.v2+json"}) {
    const Answer answer = sign_body(body("eA==", other));
    EXPECT_EQ(answer.type(), "ValidationException");
    EXPECT_TRUE(has(answer.message(), "payloadFormat")) << answer.message();
  }
}

TEST_F(SignatureOperationsTest, SignPayloadNamesWhatIsMissingOrOfTheWrongType) {
  for (const char* name : {"payload", "payloadFormat", "profileName"}) {
    std::string text = body();
    text.replace(text.find(name), 1, "P");
    EXPECT_TRUE(has(sign_body(text).message(), name)) << text;
  }
  EXPECT_EQ(sign_body(R"({"profileName":1})").type(), "SerializationException");
  EXPECT_EQ(sign_body(R"({"profileName":"Release","profileOwner":"1"})").type(),
            "ValidationException");
}

TEST_F(SignatureOperationsTest, SignPayloadWithAnotherAccountsProfileNeedsItsPermission) {
  std::string text = body();
  text.insert(1, R"("profileOwner":"999999999999",)");
  EXPECT_EQ(sign_body(text).status, 403);
}

// RevokeSignature.

TEST_F(SignatureOperationsTest, ARevocationIsAnsweredWithNothingAndShown) {
  const std::string id = signed_payload();
  made.clock.advance(std::chrono::seconds(7));
  const Answer answer = revoke(id);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
  EXPECT_TRUE(has(get("/signing-jobs/" + id).body,
                  R"("revocationRecord":{"reason":"leaked","revokedAt":1795338007,)"
                  R"("revokedBy":"arn:aws:iam::111122223333:user/admin"})"));
  EXPECT_TRUE(has(get("/signing-jobs").body, R"("isRevoked":true)"));
}

TEST_F(SignatureOperationsTest, AReasonHasOneTo500Characters) {
  const std::string id = signed_payload();
  for (const std::string& text :
       {std::string("{}"), std::string(R"({"reason":""})"), std::string(R"({"reason":null})"),
        R"({"reason":")" + std::string(501, 'r') + R"("})"}) {
    const Answer answer = revoke(id, text);
    EXPECT_EQ(answer.type(), "ValidationException") << text;
    EXPECT_TRUE(has(answer.message(), "reason")) << answer.message();
  }
  std::string characters;
  for (int i = 0; i < 500; ++i) characters += "\u00e9";
  EXPECT_EQ(revoke(id, R"({"reason":")" + characters + R"("})").status, 200);
}

TEST_F(SignatureOperationsTest, RevokingWhatIsNotThereIsNotFound) {
  EXPECT_EQ(revoke("0192f0c1-0000-7000-8000-000000000001").type(), "ResourceNotFoundException");
  EXPECT_EQ(revoke("nothing").type(), "ResourceNotFoundException");
}

TEST_F(SignatureOperationsTest, AnOwnerOfAnotherFormIsRefusedAndAForeignOneDenied) {
  const std::string id = signed_payload();
  EXPECT_EQ(revoke(id, R"({"reason":"r","jobOwner":"1"})").type(), "ValidationException");
  EXPECT_EQ(revoke(id, R"({"reason":"r","jobOwner":"999999999999"})").status, 403);
  EXPECT_EQ(revoke(id, R"({"reason":"r","jobOwner":"111122223333"})").status, 200);
}

// GetRevocationStatus.

TEST_F(SignatureOperationsTest, AGoodSignatureHasNoRevokedEntities) {
  const Answer answer = get("/revocations", question(signed_payload()));
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, R"({"revokedEntities":[]})");
}

TEST_F(SignatureOperationsTest, ARevokedJobIsARevokedEntity) {
  const std::string id = signed_payload();
  revoke(id);
  EXPECT_EQ(get("/revocations", question(id)).body,
            R"({"revokedEntities":[")" + job_arn(id) + R"("]})");
}

TEST_F(SignatureOperationsTest, EachParameterOfAVerifierIsNeeded) {
  const std::string id = signed_payload();
  for (const char* name :
       {"certificateHashes", "jobArn", "platformId", "profileVersionArn", "signatureTimestamp"}) {
    const Answer answer = get("/revocations", question(id, name));
    EXPECT_EQ(answer.type(), "ValidationException") << name;
    EXPECT_EQ(answer.message(), std::string(name) + " is required.");
  }
}

TEST_F(SignatureOperationsTest, AParameterOfAnotherFormIsRefusedAndNamed) {
  const std::string id = signed_payload();
  const std::string profile = "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release";
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"certificateHashes", std::string(191, 'a')},
           {"certificateHashes", std::string(193, 'a')},
           {"certificateHashes", std::string(96, 'a')},
           {"certificateHashes", std::string(192, 'A')},
           {"certificateHashes", std::string(192, 'g')},
           {"jobArn", "arn:aws:signer"},
           {"jobArn", std::string(2049, 'a')},
           {"jobArn", profile},
           {"jobArn", "arn:aws:signer:eu-west-1:111122223333:/signing-jobs/" + id},
           {"platformId", "a b"},
           {"profileVersionArn", profile},
           {"profileVersionArn", job_arn(id)},
           {"signatureTimestamp", "yesterday"}}) {
    const Answer answer = get("/revocations", question(id, name, value));
    EXPECT_EQ(answer.type(), "ValidationException") << name << value;
    EXPECT_TRUE(has(answer.message(), name)) << answer.message();
  }
}

TEST_F(SignatureOperationsTest, APlatformWithoutRevocationIsRefusedInAwssWords) {
  const std::string id = signed_payload();
  EXPECT_EQ(get("/revocations", question(id, "platformId", "AmazonFreeRTOS-Default")).message(),
            "Invalid platformId: AmazonFreeRTOS-Default");
}

TEST_F(SignatureOperationsTest, ATimeMayHaveMillisecondsOrBeInSeconds) {
  const std::string id = signed_payload();
  for (const char* time : {"2026-11-22T09:00:00.123Z", "1795338000", "1795338000.5"}) {
    EXPECT_EQ(get("/revocations", question(id, "signatureTimestamp", time)).status, 200) << time;
  }
}

TEST_F(SignatureOperationsTest, TheNumberOfHashesIsBounded) {
  std::string query = question(signed_payload());
  const std::string one = "certificateHashes=" + std::string(192, 'c') + "&";
  for (int i = 0; i < 62; ++i) query = one + query;
  EXPECT_EQ(get("/revocations", query).status, 200);
  EXPECT_TRUE(has(get("/revocations", one + query).message(), "certificateHashes"));
}

// ListSigningJobs.

TEST_F(SignatureOperationsTest, ListAppliesEachFilter) {
  const std::string first = signed_payload();
  made.clock.advance(std::chrono::seconds(10));
  const std::string second = signed_payload();
  revoke(first);
  const std::string both = second + " " + first + " ";
  EXPECT_EQ(ids("isRevoked=true"), first + " ");
  EXPECT_EQ(ids("isRevoked=false"), second + " ");
  EXPECT_EQ(ids("jobInvoker=111122223333"), both);
  EXPECT_EQ(ids("jobInvoker=999999999999"), "");
  EXPECT_EQ(ids("requestedBy=arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fadmin"), both);
  EXPECT_EQ(ids("requestedBy=arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fbob"), "");
  EXPECT_EQ(ids("platformId=Notation-OCI-SHA384-ECDSA&status=Succeeded"), both);
  EXPECT_EQ(ids("status=Failed"), "");
  // The first expires at 2150442000, 135 months after it was made.
  EXPECT_EQ(ids("signatureExpiresAfter=2150442000"), second + " ");
  EXPECT_EQ(ids("signatureExpiresAfter=2038-02-22T09%3A00%3A00Z"), second + " ");
  EXPECT_EQ(ids("signatureExpiresBefore=2150442000.001"), first + " ");
  EXPECT_EQ(ids("signatureExpiresBefore=2038-02-22T09%3A00%3A00.001Z&isRevoked=true"), first + " ");
  EXPECT_EQ(ids("signatureExpiresBefore=2150442000&isRevoked=true"), "");
}

TEST_F(SignatureOperationsTest, APageTokenIsBoundToEachFilter) {
  signed_payload();
  signed_payload();
  const std::string token = get("/signing-jobs", "maxResults=1").text("nextToken");
  ASSERT_EQ(get("/signing-jobs", "nextToken=" + token).status, 200);
  for (const char* filter :
       {"isRevoked=true", "isRevoked=false", "jobInvoker=111122223333", "platformId=x",
        "requestedBy=arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fadmin", "signatureExpiresAfter=1",
        "signatureExpiresBefore=1", "status=Succeeded"}) {
    EXPECT_EQ(get("/signing-jobs", std::string(filter) + "&nextToken=" + token).type(),
              "ValidationException")
        << filter;
  }
}

}  // namespace
}  // namespace hallmark::api
