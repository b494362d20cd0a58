#include "signing/payloads.h"

#include <gtest/gtest.h>

#include "formats/notation_envelope.h"
#include "signing/notation_sealer.h"
#include "signing/test_signing.h"
#include "store/audit.h"

namespace hallmark::signing {
namespace {

using test::account;
using test::error_of;
using test::profile_call;
using test::profile_name;
using test::value_of;

constexpr std::string_view notation = "Notation-OCI-SHA384-ECDSA";

class PayloadsTest : public test::SigningTest {
 protected:
  PayloadsTest() { add(notation); }

  void add(std::string_view platform, std::string_view name = "Release") {
    PutSigningProfile call = profile_call(name);
    call.platform_id = platform;
    value_of(put(call));
  }
  SignPayload call(std::string_view name = "Release") {
    return {.id = Uuid::v7(clock.now(), made.random),
            .profile_name = profile_name(name),
            .profile_owner = {},
            .payload = copy_of(bytes_of("payload"))};
  }
  Result<SignedPayload> sign(access::Permitted<SignPayload> permitted) {
    return sign_with(payloads, std::move(permitted));
  }
  Result<SignedPayload> sign(const SignPayload& call) { return sign(permit(call)); }

  NotationSealer sealer{*made.authority, clock, envelopes_verified_one_in};
  Payloads payloads{store, sealer, clock, {}};
};

TEST_F(PayloadsTest, TheEnvelopeVerifiesAndNamesJobAndProfile) {
  const SignPayload asked = call();
  const SignedPayload answer = value_of(sign(asked));
  EXPECT_EQ(answer.id, asked.id);
  EXPECT_EQ(answer.owner, account());
  const auto verified = value_of(
      formats::verify_notation(answer.envelope, value_of(made.authority->roots()), clock.now()));
  EXPECT_EQ(text_of(verified.payload), "payload");
  EXPECT_EQ(verified.statement.job_arn, model::job_arn({}, account(), asked.id));
  EXPECT_EQ(answer.profile_version_arn, verified.statement.profile_version_arn);
  EXPECT_EQ(answer.job_arn, verified.statement.job_arn);
}

TEST_F(PayloadsTest, TheJobHasSucceededAndAgreesWithTheEnvelope) {
  clock.advance(std::chrono::milliseconds(345));
  const SignPayload asked = call();
  const SignedPayload answer = value_of(sign(asked));
  const auto verified = value_of(
      formats::verify_notation(answer.envelope, value_of(made.authority->roots()), clock.now()));
  const model::Job recorded = job(asked.id);
  EXPECT_EQ(recorded.status, model::JobStatus::succeeded);
  EXPECT_EQ(recorded.platform_id, notation);
  EXPECT_EQ(recorded.requested_by, "arn:aws:iam::111122223333:user/alice");
  EXPECT_FALSE(recorded.source);
  EXPECT_EQ(recorded.request_token, "");
  EXPECT_EQ(recorded.signed_at, verified.statement.signing_time);
  EXPECT_EQ(recorded.signature_expires_at, verified.statement.expires_at);
  EXPECT_EQ(recorded.signature_expires_at, model::expiry(*recorded.signed_at, {}));
}

TEST_F(PayloadsTest, TheAuditRecordHasTheDigestAndNotThePayload) {
  const SignPayload asked = call();
  value_of(sign(asked));
  const auto rows =
      value_of(store.read([](store::Reader& reader) { return store::list_audit(reader, 1, 100); }));
  const std::string& body = rows.back().body;
  EXPECT_NE(body.find(R"("eventName":"SignPayload")"), std::string::npos);
  EXPECT_NE(body.find(asked.id.text()), std::string::npos);
  // sha256("payload")
  EXPECT_NE(body.find("239f59ed55e737c77147cf55ad0c1b030b6d7ee748a7426952f9b852d5a935e5"),
            std::string::npos);
}

TEST_F(PayloadsTest, ASignatureWhoseJobIsNotRecordedIsNotAnswered) {
  const SignPayload asked = call();
  value_of(sign(asked));
  EXPECT_EQ(error_of(sign(asked)).kind, ErrorKind::conflict);  // the id is taken
  auto permitted = permit(call());
  store.close();
  EXPECT_FALSE(sign(std::move(permitted)));
}

TEST_F(PayloadsTest, AnUnknownProfileIsNotFound) {
  const Error error = error_of(sign(call("Missing")));
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.message, "profile with name Missing does not exist");
}

TEST_F(PayloadsTest, ACanceledProfileIsRefused) {
  cancel();
  const Error error = error_of(sign(call()));
  EXPECT_EQ(error.kind, ErrorKind::invalid);
  EXPECT_EQ(error.reason, "ProfileNotActive");
}

TEST_F(PayloadsTest, AProfileCanceledSinceTheJudgementSignsNothing) {
  auto permitted = permit(call());
  const model::JobId id = permitted.call().id;
  cancel();
  EXPECT_EQ(error_of(sign(std::move(permitted))).reason, "ProfileNotActive");
  EXPECT_EQ(error_of(jobs.describe(permit(DescribeSigningJob{id}))).kind, ErrorKind::not_found);
}

TEST_F(PayloadsTest, AProfileOfAJobPlatformIsRefused) {
  add(test::lambda, "Lambda");
  EXPECT_EQ(
      error_of(sign(call("Lambda"))).message,
      "The platform AWSLambda-SHA384-ECDSA signs with StartSigningJob, not with SignPayload.");
}

TEST_F(PayloadsTest, AProfileOfAnotherAccountNeedsItsPermission) {
  SignPayload asked = call();
  asked.profile_owner = account();
  const auto stranger = [&] {
    return access::test::caller(
        access::test::user({access::test::allow_everything}, account("444455556666")));
  };
  EXPECT_EQ(error_of(authorizer.permit(stranger(), asked)).kind, ErrorKind::denied);
  value_of(test::awaited<std::string>([&](auto then) {
    parts.permissions.add(permit(AddProfilePermission{profile_name(),
                                                      {.statement_id = "sign",
                                                       .action = "signer:SignPayload",
                                                       .principal = "444455556666",
                                                       .profile_version = {}},
                                                      {}}),
                          std::move(then));
  }));
  const SignedPayload answer = value_of(sign(permit(asked, "444455556666")));
  EXPECT_EQ(answer.owner, account());
  EXPECT_EQ(job(asked.id).invoker, account("444455556666"));
}

TEST_F(PayloadsTest, ManyAreSignedByOneCertificate) {
  for (int i = 0; i < 70; ++i) value_of(sign(call()));  // two of them are verified
  const auto page = value_of(jobs.list(permit(ListSigningJobs{.results_max = 25})));
  EXPECT_EQ(page.jobs.size(), 25u);
  EXPECT_NE(page.next_token, "");
}

}  // namespace
}  // namespace hallmark::signing
