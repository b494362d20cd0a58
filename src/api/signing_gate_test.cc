// While nothing may be signed, everything else is answered.
#include <fmt/format.h>

#include "api/test_api.h"

namespace hallmark::api {
namespace {

using signing::SigningGate;
using test::Method;

class ClosedGate : public test::ApiTest {
 protected:
  test::Answer sign() {
    return ask(Method::post, "/signing-jobs/with-payload", {},
               fmt::format(R"({{"profileName":"Missing","payload":"e30=","payloadFormat":"{}"}})",
                           signing::payload_format));
  }
};

TEST_F(ClosedGate, SigningPayloadsIsUnavailableAndSaysWhy) {
  EXPECT_EQ(put_profile("Missing", R"({"platformId":"Notation-OCI-SHA384-ECDSA"})").status, 200);
  signing_gate.close(SigningGate::Closed::history);
  const auto refused = sign();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.type(), "ServiceUnavailable");
  EXPECT_NE(refused.message().find("put back"), std::string::npos);
  EXPECT_TRUE(refused.headers.find("Retry-After"));
}

TEST_F(ClosedGate, JobsAreNotAccepted) {
  put_profile("Release");
  signing_gate.close(SigningGate::Closed::space);
  const auto refused = start_job(
      fmt::format(R"({{"source":{{"s3":{{"bucketName":"bucket","key":"app.zip","version":"{}"}}}},)"
                  R"("destination":{{"s3":{{"bucketName":"bucket","prefix":"p"}}}},)"
                  R"("profileName":"Release","clientRequestToken":"token"}})",
                  put_object("app.zip")));
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.message().find("disk"), std::string::npos);
}

TEST_F(ClosedGate, WhoMayNotSignLearnsNothing) {
  signing_gate.close(SigningGate::Closed::history);
  http::Request request = auth::test::unsigned_request(Method::post, "/signing-jobs/with-payload");
  EXPECT_EQ(send(std::move(request)).status, 403);
}

TEST_F(ClosedGate, ProfilesAreMadeShownAndRevokedAllTheSame) {
  signing_gate.close(SigningGate::Closed::history);
  EXPECT_EQ(put_profile("Release").status, 200);
  EXPECT_EQ(get("/signing-profiles/Release").status, 200);
  EXPECT_EQ(ask(Method::del, "/signing-profiles/Release").status, 200);
}

TEST_F(ClosedGate, OnADiskThatIsAlmostFullNothingIsAddedAndWhatIsThereIsRevoked) {
  put_profile("Release");
  signing_gate.close(SigningGate::Closed::space);
  EXPECT_EQ(put_profile("Other").status, 503);
  EXPECT_EQ(ask(Method::post, "/signing-profiles/Release/permissions", {},
                R"({"action":"signer:SignPayload","principal":"111122223333","statementId":"s"})")
                .status,
            503);
  EXPECT_EQ(get("/signing-profiles/Release").status, 200);
  EXPECT_EQ(ask(Method::del, "/signing-profiles/Release").status, 200);
}

TEST_F(ClosedGate, OnADiskThatIsAlmostFullReadsLeaveNoRecordAndAreCounted) {
  signing_gate.close(SigningGate::Closed::space);
  EXPECT_EQ(get("/signing-platforms").status, 200);
  EXPECT_EQ(reads.not_recorded(), 1u);
}

TEST_F(ClosedGate, ByAClockThatWasSetBackNothingIsChangedAndReadsGoOn) {
  put_profile("Release");
  signing_gate.close(SigningGate::Closed::clock);
  EXPECT_EQ(put_profile("Other").status, 503);
  const auto refused = ask(Method::del, "/signing-profiles/Release");
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.message().find("clock"), std::string::npos);
  EXPECT_EQ(sign().status, 503);
  EXPECT_EQ(get("/signing-profiles/Release").status, 200);
}

TEST_F(ClosedGate, OpensAgain) {
  signing_gate.close(SigningGate::Closed::space);
  signing_gate.open(SigningGate::Closed::space);
  EXPECT_NE(sign().status, 503);
}

}  // namespace
}  // namespace hallmark::api
