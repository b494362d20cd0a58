#include <gtest/gtest.h>

#include "api/sts/errors.h"
#include "api/sts/test_sts.h"

namespace hallmark::api {
namespace {

using http::Method;

class StsProtocolTest : public test::StsApiTest {
 protected:
  static std::string code_of(ErrorKind kind, std::string_view reason = {}) {
    const http::Response response =
        render_sts_error({kind, "message", "secret detail", reason}, test::request_id);
    EXPECT_EQ(response.body.find("secret detail"), std::string::npos);
    return code(test::Answer{response.status, response.headers, response.body});
  }
};

TEST_F(StsProtocolTest, AnAnswerIsTheXmlOfSts) {
  const auto answer = call("GetCallerIdentity");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.find("Content-Type"), "text/xml");
  EXPECT_EQ(answer.headers.find("x-amzn-RequestId"), test::request_id);
  const std::string user_id = element(answer, "UserId");
  EXPECT_EQ(answer.body,
            R"(<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">)"
            "<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/admin</Arn><UserId>" +
                user_id +
                "</UserId><Account>111122223333</Account></GetCallerIdentityResult>"
                "<ResponseMetadata><RequestId>0192f0c1-0000-7000-8000-000000000001</RequestId>"
                "</ResponseMetadata></GetCallerIdentityResponse>");
}

TEST_F(StsProtocolTest, AnErrorIsTheXmlOfSts) {
  const auto answer = call("GetNothing");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.headers.find("Content-Type"), "text/xml");
  EXPECT_EQ(answer.body,
            R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>)"
            "<Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation "
            "GetNothing for version 2011-06-15</Message></Error>"
            "<RequestId>0192f0c1-0000-7000-8000-000000000001</RequestId></ErrorResponse>");
}

TEST_F(StsProtocolTest, ParametersMayStandInTheQueryString) {
  http::Request request =
      auth::test::unsigned_request(Method::get, "/", "Action=GetCallerIdentity&Version=2011-06-15");
  auth::test::sign(request, sts_client());
  EXPECT_EQ(send(std::move(request)).status, 200);
}

TEST_F(StsProtocolTest, AParameterIsNeverThereTwice) {
  EXPECT_EQ(code(ask("Action=GetCallerIdentity&Version=2011-06-15&Action=AssumeRole")),
            "400 MalformedQueryString");
  http::Request request =
      unsigned_form("Action=GetCallerIdentity&Version=2011-06-15", "Action=AssumeRole");
  auth::test::sign(request, sts_client());
  EXPECT_EQ(code(send(std::move(request))), "400 MalformedQueryString");
}

TEST_F(StsProtocolTest, APlusInAFormIsASpace) {
  EXPECT_EQ(message(ask("Action=Get+Caller&Version=2011-06-15")),
            "Could not find operation Get Caller for version 2011-06-15");
  EXPECT_EQ(message(ask("Action=Get%2BCaller&Version=2011-06-15")),
            "Could not find operation Get+Caller for version 2011-06-15");
}

TEST_F(StsProtocolTest, AnActionAndItsVersionAreNeeded) {
  EXPECT_EQ(code(ask("Version=2011-06-15")), "400 MissingAction");
  EXPECT_EQ(code(ask("Action=GetCallerIdentity")), "400 MissingParameter");
  EXPECT_EQ(code(ask("Action=GetCallerIdentity&Version=2017-08-25")), "400 InvalidAction");
  EXPECT_EQ(code(ask("")), "400 MissingAction");
}

TEST_F(StsProtocolTest, ActionsDifferByCase) {
  EXPECT_EQ(code(call("getcalleridentity")), "400 InvalidAction");
}

TEST_F(StsProtocolTest, ABodyThatIsNoFormIsRefused) {
  http::Request request = auth::test::unsigned_request(
      Method::post, "/", "Action=GetCallerIdentity&Version=2011-06-15", "{}");
  auth::test::sign(request, sts_client());
  EXPECT_EQ(code(send(std::move(request))), "400 MalformedInput");
}

TEST_F(StsProtocolTest, ABrokenFormIsRefused) {
  EXPECT_EQ(code(ask("Action=%zz")), "400 MalformedQueryString");
  std::string many = "Action=GetCallerIdentity&Version=2011-06-15";
  for (int i = 0; i < 300; ++i) many += fmt::format("&p{}=x", i);
  EXPECT_EQ(code(ask(many)), "400 MalformedQueryString");
}

TEST_F(StsProtocolTest, OtherPathsAndMethodsAreNone) {
  http::Request request = auth::test::unsigned_request(
      Method::get, "/x", "Action=GetCallerIdentity&Version=2011-06-15");
  auth::test::sign(request, sts_client());
  EXPECT_EQ(send(std::move(request)).status, 404);
  request =
      auth::test::unsigned_request(Method::put, "/", "Action=GetCallerIdentity&Version=2011-06-15");
  auth::test::sign(request, sts_client());
  EXPECT_EQ(code(send(std::move(request))), "400 InvalidAction");
}

TEST_F(StsProtocolTest, AnOperationOfSignerIsNoneOfSts) {
  EXPECT_EQ(code(call("PutSigningProfile")), "400 InvalidAction");
}

TEST_F(StsProtocolTest, ARequestSignedForSignerDoesNotReachSts) {
  const auto answer = ask_as(client(), action_form("GetCallerIdentity"));
  EXPECT_EQ(code(answer), "400 InvalidAction");
}

TEST_F(StsProtocolTest, AnUnsignedRequestIsRefusedInXml) {
  const auto answer = send(unsigned_form(action_form("GetCallerIdentity")));
  EXPECT_EQ(code(answer), "403 MissingAuthenticationToken");
}

TEST_F(StsProtocolTest, AWrongSignatureIsRefusedInXml) {
  auto who = sts_client();
  who.secret += "x";
  EXPECT_EQ(code(ask_as(who, action_form("GetCallerIdentity"))), "403 SignatureDoesNotMatch");
  who.access_key_id = "AKIANOBODY";
  const auto unknown = ask_as(who, action_form("GetCallerIdentity"));
  EXPECT_EQ(code(unknown), "403 InvalidClientTokenId");
  EXPECT_EQ(message(unknown), "The security token included in the request is invalid.");
}

TEST_F(StsProtocolTest, AnOldRequestIsOneWithAWrongSignature) {
  auto who = sts_client();
  who.time = made.clock.now() - std::chrono::minutes(20);
  const auto answer = ask_as(who, action_form("GetCallerIdentity"));
  EXPECT_EQ(code(answer), "403 SignatureDoesNotMatch");
  EXPECT_TRUE(message(answer).starts_with("Signature expired: "));
}

TEST_F(StsProtocolTest, EveryErrorHasItsNameInSts) {
  EXPECT_EQ(code_of(ErrorKind::invalid), "400 ValidationError");
  EXPECT_EQ(code_of(ErrorKind::invalid, "MalformedPolicyDocument"), "400 MalformedPolicyDocument");
  EXPECT_EQ(code_of(ErrorKind::invalid, "IDPCommunicationError"), "400 IDPCommunicationError");
  EXPECT_EQ(code_of(ErrorKind::denied), "403 AccessDenied");
  EXPECT_EQ(code_of(ErrorKind::session_expired), "403 ExpiredToken");
  EXPECT_EQ(code_of(ErrorKind::incomplete_signature), "403 IncompleteSignature");
  EXPECT_EQ(code_of(ErrorKind::throttled), "400 Throttling");
  EXPECT_EQ(code_of(ErrorKind::too_large), "413 RequestEntityTooLarge");
  EXPECT_EQ(code_of(ErrorKind::unavailable), "503 ServiceUnavailable");
}

TEST_F(StsProtocolTest, OurFaultsAreNotToldToCallers) {
  const http::Response response = render_sts_error(internal_error("SQL"), test::request_id);
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body.find("SQL"), std::string::npos);
  EXPECT_NE(response.body.find("<Type>Receiver</Type><Code>InternalFailure</Code>"),
            std::string::npos);
}

TEST_F(StsProtocolTest, ARetryIsAskedForWhereItHelps) {
  EXPECT_EQ(render_sts_error(unavailable("x"), "id").headers.find("Retry-After"), "1");
  EXPECT_EQ(render_sts_error(Error{ErrorKind::throttled, "Rate exceeded", {}}, "id")
                .headers.find("Retry-After"),
            "1");
  EXPECT_FALSE(render_sts_error(invalid("x"), "id").headers.find("Retry-After"));
}

}  // namespace
}  // namespace hallmark::api
