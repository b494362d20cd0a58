#include "store/job_revocation.h"

#include "store/conformance_test.h"
#include "store/driver.h"
#include "store/jobs.h"

namespace hallmark::store {
namespace {

using model::Job;
using std::chrono::seconds;

class JobRevocations : public EachEngine {
 protected:
  JobRevocations() { add_profile(profile()); }

  Job added(Job job) {
    add_job(job);
    return job;
  }
  Result<void> revoke(const Job& job, std::string reason = "leaked") {
    return write([&](Transaction& tx) {
      return revoke_job(tx, job.owner, job.id, {reason, start + seconds(9), "arn:alice"});
    });
  }
  static SignatureName name_of(const Job& job) {
    return {job.owner, job.id, job.profile_name, job.profile_version};
  }
  std::optional<SignatureState> find(const SignatureName& name) {
    return *read([&](Reader& rows) { return find_signature(rows, name); });
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, JobRevocations, testing::ValuesIn(engines()), engine_name);

TEST_P(JobRevocations, AreReadBackWithTheJob) {
  const Job job = added(payload_job());
  ASSERT_TRUE(revoke(job));
  const auto found = *read([&](Reader& rows) { return find_job(rows, job.owner, job.id); });
  ASSERT_TRUE(found->revocation);
  EXPECT_EQ(found->revocation->reason, "leaked");
  EXPECT_EQ(found->revocation->revoked_at, start + seconds(9));
  EXPECT_EQ(found->revocation->revoked_by, "arn:alice");
}

TEST_P(JobRevocations, AreWrittenOnceAndToASucceededJobAlone) {
  const Job job = added(payload_job());
  ASSERT_TRUE(revoke(job));
  EXPECT_EQ(revoke(job, "again").error().kind, ErrorKind::conflict);
  EXPECT_EQ(revoke(added(this->job())).error().kind, ErrorKind::conflict);
  EXPECT_EQ(revoke(payload_job()).error().kind, ErrorKind::conflict);
}

TEST_P(JobRevocations, ASignatureIsFoundByAllOfItsNames) {
  const Job job = added(payload_job());
  const auto state = find(name_of(job));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->platform_id, job.platform_id);
  EXPECT_EQ(state->signed_at, *job.signed_at);
  EXPECT_FALSE(state->job_revoked);
  EXPECT_EQ(state->profile_revoked_from, std::nullopt);

  SignatureName wrong = name_of(job);
  wrong.owner = account("999999999999");
  EXPECT_FALSE(find(wrong));
  wrong = name_of(job);
  wrong.job = next_id();
  EXPECT_FALSE(find(wrong));
  wrong = name_of(job);
  wrong.profile = name("Other");
  EXPECT_FALSE(find(wrong));
  wrong = name_of(job);
  wrong.version = *model::ProfileVersion::parse("AAAAAAAAAA");
  EXPECT_FALSE(find(wrong));
}

TEST_P(JobRevocations, AJobThatDidNotSucceedHasNoSignature) {
  EXPECT_FALSE(find(name_of(added(job()))));
}

TEST_P(JobRevocations, ASignatureShowsWhatIsRevokedOfIt) {
  const Job job = added(payload_job());
  ASSERT_TRUE(revoke(job));
  EXPECT_TRUE(find(name_of(job))->job_revoked);
  model::Profile revoked = profile();
  revoked.status = model::ProfileStatus::revoked;
  revoked.revocation = {start + seconds(3), start + seconds(4), "arn:alice"};
  ASSERT_TRUE(write([&](Transaction& tx) { return update_status(tx, revoked); }));
  EXPECT_EQ(find(name_of(job))->profile_revoked_from, start + seconds(3));
}

}  // namespace
}  // namespace hallmark::store
