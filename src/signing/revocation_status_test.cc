#include "signing/revocation_status.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "signing/jobs.h"
#include "signing/test_signing.h"
#include "store/certificate_revocation.h"
#include "store/job_retention.h"

namespace hallmark::signing {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using test::account;
using test::error_of;
using test::expect_done;
using test::profile_call;
using test::profile_name;
using test::value_of;

constexpr std::string_view notation = "Notation-OCI-SHA384-ECDSA";
using Entities = std::vector<std::string>;

class RevocationStatusTest : public test::SigningTest {
 protected:
  RevocationStatusTest() {
    clock.advance(milliseconds(500));  // so that fractions of seconds count
    add_profile("Release", notation);
  }

  void add_profile(std::string_view name, std::string_view platform) {
    PutSigningProfile call = profile_call(name);
    call.platform_id = platform;
    value_of(put(call));
  }
  model::Profile profile(std::string_view name = "Release") {
    return *value_of(store.read([&](store::Reader& reader) {
      return store::find_profile(reader, account(), profile_name(name));
    }));
  }
  model::JobId signed_payload(std::string_view name = "Release") {
    const SignPayload call{.id = Uuid::v7(clock.now(), made.random),
                           .profile_name = profile_name(name),
                           .profile_owner = {},
                           .payload = {1}};
    return value_of(sign_with(parts.payloads, permit(call))).id;
  }
  // What a verifier asks of the job's signature.
  GetRevocationStatus question(const model::JobId& id, std::string_view name = "Release") {
    const std::string job_arn = model::job_arn({}, account(), id);
    const std::string profile_arn =
        model::profile_version_arn({}, account(), profile_name(name), profile(name).version);
    return {.signature_time = from_unix_seconds(unix_seconds(clock.now())),
            .platform_id = std::string(notation),
            .job_arn = job_arn,
            .job = value_of(GetRevocationStatus::parse_job({}, job_arn)),
            .profile_version_arn = profile_arn,
            .profile = value_of(GetRevocationStatus::parse_profile({}, profile_arn)),
            .certificate_hashes = {"aa", "bb"}};
  }
  Result<Entities> ask(const GetRevocationStatus& call, std::string_view of = "111122223333") {
    return parts.revocations.find_revoked(permit(call, of));
  }
  void revoke_profile_from(Timestamp time) {
    expect_done(store.write([&](store::Transaction& tx) -> Result<void> {
      auto revoked = profile();
      revoked.status = model::ProfileStatus::revoked;
      revoked.revocation = {time, clock.now(), "arn:aws:iam::111122223333:user/alice"};
      return store::update_status(tx, revoked);
    }));
  }
  void revoke_job(const model::JobId& id) {
    value_of(test::awaited<std::string>([&](auto then) {
      jobs.revoke_signature(permit(RevokeSignature{id, {}, "leaked"}), std::move(then));
    }));
  }
};

TEST_F(RevocationStatusTest, OfAGoodSignatureIsEmpty) {
  EXPECT_EQ(value_of(ask(question(signed_payload()))), Entities());
}

TEST_F(RevocationStatusTest, NamesARevokedJob) {
  const auto call = question(signed_payload());
  revoke_job(call.job.id);
  EXPECT_EQ(value_of(ask(call)), Entities{call.job_arn});
}

TEST_F(RevocationStatusTest, OfAnotherJobOfTheProfileIsNotTouched) {
  const model::JobId revoked = signed_payload();
  const auto call = question(signed_payload());
  revoke_job(revoked);
  EXPECT_EQ(value_of(ask(call)), Entities());
}

TEST_F(RevocationStatusTest, NamesTheProfileFromTheEffectiveSecondOn) {
  const auto before = question(signed_payload());
  clock.advance(seconds(1));
  const auto at = question(signed_payload());
  clock.advance(seconds(1));
  const auto after = question(signed_payload());
  revoke_profile_from(at.signature_time + milliseconds(999));
  EXPECT_EQ(value_of(ask(before)), Entities());
  EXPECT_EQ(value_of(ask(at)), Entities{at.profile_version_arn});
  EXPECT_EQ(value_of(ask(after)), Entities{at.profile_version_arn});
}

TEST_F(RevocationStatusTest, TheLaterOfTheTwoSigningTimesCounts) {
  auto call = question(signed_payload());
  const Timestamp signed_at = call.signature_time;
  clock.advance(minutes(2));
  revoke_profile_from(signed_at + minutes(1));
  EXPECT_EQ(value_of(ask(call)), Entities());
  call.signature_time = signed_at + minutes(1);  // what the verifier read is later
  EXPECT_EQ(value_of(ask(call)), Entities{call.profile_version_arn});
  revoke_profile_from(signed_at);
  call.signature_time = signed_at - minutes(1);  // a claim to be older does not help
  EXPECT_EQ(value_of(ask(call)), Entities{call.profile_version_arn});
}

TEST_F(RevocationStatusTest, NamesProfileAndJobTogether) {
  const auto call = question(signed_payload());
  revoke_job(call.job.id);
  revoke_profile_from(call.signature_time);
  EXPECT_EQ(value_of(ask(call)), (Entities{call.profile_version_arn, call.job_arn}));
}

TEST_F(RevocationStatusTest, TheNextQuestionSeesWhatWasRevokedSinceTheLastOne) {
  const auto call = question(signed_payload());
  const auto other = question(signed_payload());
  EXPECT_EQ(value_of(ask(call)), Entities());
  revoke_job(call.job.id);
  EXPECT_EQ(value_of(ask(call)), Entities{call.job_arn});
  EXPECT_EQ(value_of(ask(other)), Entities());
  revoke_profile_from(other.signature_time);
  EXPECT_EQ(value_of(ask(other)), Entities{other.profile_version_arn});
}

TEST_F(RevocationStatusTest, TheNextQuestionSeesThatAJobWasRemoved) {
  const auto call = question(signed_payload());
  value_of(ask(call));
  value_of(store.write([&](store::Transaction& tx) {
    return store::remove_jobs(tx, account(), std::span(&call.job.id, 1));
  }));
  EXPECT_FALSE(ask(call));
}

TEST_F(RevocationStatusTest, AJobIsAnsweredForAsSoonAsItSucceeds) {
  model::Job job = this->job(signed_payload());
  job.id = Uuid::v7(clock.now(), made.random);
  const auto call = question(job.id);
  EXPECT_FALSE(ask(call));
  value_of(store.write(
      [&](store::Transaction& tx) { return store::insert_job(tx, job, profile().revision); }));
  EXPECT_EQ(value_of(ask(call)), Entities());
}

TEST_F(RevocationStatusTest, ACanceledProfileRevokesNothing) {
  const auto call = question(signed_payload());
  cancel();
  EXPECT_EQ(value_of(ask(call)), Entities());
}

TEST_F(RevocationStatusTest, IsAnsweredToAnyAccountThatItsOwnPolicyAllows) {
  const auto call = question(signed_payload());
  EXPECT_EQ(value_of(ask(call, "999999999999")), Entities());
  const auto only = [&](std::string_view resource) {
    const std::string policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow",)"
                               R"("Action":"signer:GetRevocationStatus","Resource":")" +
                               std::string(resource) + R"("}]})";
    const auto user = access::test::user({policy}, account("999999999999"));
    return authorizer.permit(access::test::caller(user), call).has_value();
  };
  EXPECT_FALSE(only(call.job_arn));
  EXPECT_FALSE(only("arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release"));
  EXPECT_TRUE(only("arn:aws:signer:us-east-1:111122223333:/signing-*"));
}

// Fail closed.

class Refusals : public RevocationStatusTest {
 protected:
  void expect_refused(const GetRevocationStatus& call) {
    const Error error = error_of(ask(call));
    EXPECT_EQ(error.kind, ErrorKind::invalid);
    EXPECT_EQ(error.message,
              "jobArn, profileVersionArn and platformId do not name a signature that was made "
              "here.");
  }
};

TEST_F(Refusals, APlatformWithoutRevocation) {
  auto call = question(signed_payload());
  call.platform_id = "AmazonFreeRTOS-Default";
  EXPECT_EQ(error_of(ask(call)).message, "Invalid platformId: AmazonFreeRTOS-Default");
  call.platform_id = "nonsense";
  EXPECT_EQ(error_of(ask(call)).message, "Invalid platformId: nonsense");
}

TEST_F(Refusals, AnotherPlatformThanTheJobs) {
  auto call = question(signed_payload());
  call.platform_id = test::lambda;
  expect_refused(call);
}

TEST_F(Refusals, AnUnknownJob) {
  signed_payload();
  expect_refused(question(Uuid::v7(clock.now(), made.random)));
}

TEST_F(Refusals, AJobOfAnotherProfile) {
  add_profile("Other", notation);
  expect_refused(question(signed_payload("Other"), "Release"));
}

TEST_F(Refusals, AnotherVersion) {
  auto call = question(signed_payload());
  call.profile.version = value_of(model::ProfileVersion::parse("AAAAAAAAAA"));
  expect_refused(call);
}

TEST_F(Refusals, JobAndProfileOfTwoAccounts) {
  auto call = question(signed_payload());
  call.profile.account = account("999999999999");
  expect_refused(call);
}

TEST_F(Refusals, AJobThatDidNotSucceed) {
  add_profile("Lambda", test::lambda);
  StartSigningJob start_call = job_call(source(test::package()));
  start_call.profile_name = profile_name("Lambda");
  value_of(start(start_call));
  auto call = question(start_call.id, "Lambda");
  call.platform_id = test::lambda;
  expect_refused(call);
}

TEST_F(Refusals, ArnsThatAreNotOfHere) {
  const auto job = [](std::string_view arn) {
    return GetRevocationStatus::parse_job({}, arn).has_value();
  };
  const auto version = [](std::string_view arn) {
    return GetRevocationStatus::parse_profile({}, arn).has_value();
  };
  const std::string id = Uuid().text();
  EXPECT_TRUE(job("arn:aws:signer:us-east-1:111122223333:/signing-jobs/" + id));
  EXPECT_FALSE(job("arn:aws:signer:eu-west-1:111122223333:/signing-jobs/" + id));
  EXPECT_FALSE(job("arn:aws-cn:signer:us-east-1:111122223333:/signing-jobs/" + id));
  EXPECT_FALSE(job("arn:aws:signer:us-east-1:111122223333:/signing-jobs/1"));
  EXPECT_TRUE(
      version("arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release/Ab3dEf6h1J"));
  EXPECT_FALSE(version("arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release"));
  EXPECT_FALSE(
      version("arn:aws:signer:eu-west-1:111122223333:/signing-profiles/Release/Ab3dEf6h1J"));
}

// Certificates.

// A certificate's half of a composite hash.
std::string half(char digit) { return std::string(96, digit); }

class RevokedCertificates : public RevocationStatusTest {
 protected:
  void revoke_certificate(const std::string& tbs) {
    expect_done(store.write([&](store::Transaction& tx) {
      return store::insert_certificate_revocation(tx, {tbs, "UNSPECIFIED", clock.now(), "arn"});
    }));
  }
  GetRevocationStatus asking(std::vector<std::string> hashes) {
    auto call = question(signed_payload());
    call.certificate_hashes = std::move(hashes);
    return call;
  }
};

TEST_F(RevokedCertificates, AreSeenByTheNextQuestion) {
  const auto call = asking({half('a') + half('b')});
  EXPECT_EQ(value_of(ask(call)), Entities());
  revoke_certificate(half('a'));
  EXPECT_EQ(value_of(ask(call)), call.certificate_hashes);
}

TEST_F(RevokedCertificates, AreNamedAsTheyWereAskedForInWhateverOrder) {
  const std::string leaf = half('a') + half('b');
  const std::string intermediate = half('b') + half('c');
  revoke_certificate(half('b'));
  auto call = asking({leaf, intermediate});
  EXPECT_EQ(value_of(ask(call)), Entities{intermediate});
  std::ranges::reverse(call.certificate_hashes);
  EXPECT_EQ(value_of(ask(call)), Entities{intermediate});
  revoke_job(call.job.id);
  EXPECT_EQ(value_of(ask(call)), (Entities{call.job_arn, intermediate}));
}

TEST_F(RevokedCertificates, AreRevokedWhoeverIsSaidToHaveIssuedThem) {
  revoke_certificate(half('a'));
  EXPECT_EQ(value_of(ask(asking({half('a') + half('f')}))), Entities{half('a') + half('f')});
}

TEST_F(RevokedCertificates, AreNotThoseOfOtherHashes) {
  revoke_certificate(half('a'));
  EXPECT_EQ(value_of(ask(asking({half('A') + half('b'), "aa", half('b') + half('a')}))),
            Entities{});
}

}  // namespace
}  // namespace hallmark::signing
