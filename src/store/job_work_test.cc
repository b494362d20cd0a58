#include "base/limits.h"
#include "store/conformance_test.h"
#include "store/driver.h"
#include "store/jobs.h"

namespace hallmark::store {
namespace {

using model::Job;
using model::JobStatus;
using std::chrono::seconds;

class JobWorkOf : public EachEngine {
 protected:
  JobWorkOf() { add_profile(profile()); }

  static constexpr Timestamp now = start + seconds(100);

  std::optional<ClaimedJob> claim(Timestamp at = now) {
    auto claimed = store().write([at](Transaction& tx) {
      return claim_job(tx, {at, at + limits::job_lease});
    });
    EXPECT_TRUE(claimed);
    return *std::move(claimed);
  }
  ClaimedJob added_and_claimed() {
    add_job(job());
    auto claimed = claim();
    CHECK(claimed.has_value());
    return *claimed;
  }
  static Job ended(Job job, JobStatus status) {
    job.status = status;
    job.status_reason = "because";
    job.completed_at = now + seconds(1);
    return job;
  }
  Result<void> complete(const Job& job, std::int64_t fence) {
    return write([&](Transaction& tx) { return complete_job(tx, job, fence); });
  }
  Result<void> sign(Job job, std::int64_t fence) {
    job.signed_at = now;
    job.signature_expires_at = now + std::chrono::days(1);
    const Bytes block = {7, 8, 9};
    return write([&](Transaction& tx) { return record_signature(tx, job, fence, block, "ab12"); });
  }
  void cancel_profile() {
    EXPECT_TRUE(write([](Transaction& tx) -> Result<void> {
      TRY(execute(tx, "UPDATE profiles SET status = 1"));
      return {};
    }));
  }
  Job get(const Job& wanted) {
    auto found = read([&](Reader& rows) { return find_job(rows, wanted.owner, wanted.id); });
    CHECK(found->has_value());
    return **found;
  }
  static ErrorKind kind(const Result<void>& outcome) {
    EXPECT_FALSE(outcome);
    return outcome ? ErrorKind::internal : outcome.error().kind;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, JobWorkOf, testing::ValuesIn(engines()), engine_name);

TEST_P(JobWorkOf, AnUnclaimedJobIsSeenToWaitAndAClaimedOneIsNot) {
  const auto waits = [&] { return *read([](Reader& rows) { return job_waits(rows, now); }); };
  EXPECT_FALSE(waits());
  add_job(job());
  EXPECT_TRUE(waits());
  ASSERT_TRUE(claim());
  EXPECT_FALSE(waits());
}

TEST_P(JobWorkOf, NothingIsClaimedWhenNothingWaits) {
  add_job(payload_job());
  EXPECT_FALSE(claim());
}

TEST_P(JobWorkOf, AClaimCountsTheAttemptAndRaisesTheFence) {
  const Job added = job();
  add_job(added);
  const auto first = claim();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->job.id, added.id);
  EXPECT_EQ(first->work.fence, 1);
  EXPECT_EQ(first->work.attempts, 1);
  EXPECT_TRUE(first->work.signature_block.empty());
  EXPECT_EQ(first->work.output_sha256, "");
  const auto second = claim(now + limits::job_lease);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->work.fence, 2);
  EXPECT_EQ(second->work.attempts, 2);
}

TEST_P(JobWorkOf, AJobIsClaimedOnceWhileItsLeaseLasts) {
  added_and_claimed();
  EXPECT_FALSE(claim(now + limits::job_lease - seconds(1)));
}

TEST_P(JobWorkOf, TheOldestIsClaimedFirst) {
  const Job first = job();
  const Job second = job();
  add_job(second);
  add_job(first);
  EXPECT_EQ(claim()->job.id, first.id);
  EXPECT_EQ(claim()->job.id, second.id);
  EXPECT_FALSE(claim());
}

TEST_P(JobWorkOf, OwnersHaveTheirTurns) {
  const auto of = [this](const char* account) {
    Job one = job();
    one.owner = JobWorkOf::account(account);
    return one;
  };
  for (const char* account : {"444455556666", "777788889999"}) {
    model::Profile other = profile();
    other.account = JobWorkOf::account(account);
    add_profile(other);
  }
  for (int i = 0; i < 3; ++i) add_job(of("444455556666"));
  add_job(of("777788889999"));
  add_job(job());
  std::string after;
  std::string order;
  for (int i = 0; i < 5; ++i) {
    auto claimed = store().write([&](Transaction& tx) {
      return claim_job(tx, {now, now + limits::job_lease, after});
    });
    ASSERT_TRUE(claimed && *claimed);
    after = (*claimed)->job.owner.text();
    order += after.substr(0, 1);
  }
  EXPECT_EQ(order, "14744");
}

TEST_P(JobWorkOf, AnUnreadableJobDoesNotHoldUpThoseBehindIt) {
  const Job broken = job();
  const Job missing = job();
  const Job good = job();
  for (const Job& one : {broken, missing, good}) add_job(one);
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
    TRY(execute(tx, "UPDATE jobs SET status = 7 WHERE id = $1", broken.id));
    TRY(execute(tx, "DELETE FROM jobs WHERE id = $1", missing.id));
    return {};
  }));
  const auto claimed = claim();
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->job.id, good.id);
  EXPECT_FALSE(claim());  // they are passed over for as long as a lease
}

TEST_P(JobWorkOf, ARenewedLeaseLastsLonger) {
  const auto held = added_and_claimed();
  ASSERT_TRUE(write([&](Transaction& tx) {
    return renew_lease(tx, held.job, held.work.fence, now + 2 * limits::job_lease);
  }));
  EXPECT_FALSE(claim(now + limits::job_lease));
  EXPECT_TRUE(claim(now + 2 * limits::job_lease));
}

TEST_P(JobWorkOf, AReleasedJobWaitsForItsTime) {
  const auto held = added_and_claimed();
  ASSERT_TRUE(write([&](Transaction& tx) {
    return release_job(tx, held.job, held.work.fence, now + seconds(5));
  }));
  EXPECT_FALSE(claim(now + seconds(4)));
  const auto again = claim(now + seconds(5));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->work.attempts, 2);
}

TEST_P(JobWorkOf, AReturnedJobIsAsIfItHadNotBeenClaimed) {
  const auto held = added_and_claimed();
  ASSERT_TRUE(
      write([&](Transaction& tx) { return return_job(tx, held.job, held.work.fence, now); }));
  const auto again = claim(now);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->work.attempts, 1);
  EXPECT_GT(again->work.fence, held.work.fence);
}

TEST_P(JobWorkOf, AStaleFenceChangesNothing) {
  const auto stale = added_and_claimed();
  const auto fresh = claim(now + limits::job_lease);
  ASSERT_TRUE(fresh);
  const auto fence = stale.work.fence;
  EXPECT_EQ(kind(write([&](Transaction& tx) {
              return renew_lease(tx, stale.job, fence, now + seconds(999));
            })),
            ErrorKind::conflict);
  EXPECT_EQ(kind(write([&](Transaction& tx) { return release_job(tx, stale.job, fence, now); })),
            ErrorKind::conflict);
  EXPECT_EQ(kind(write([&](Transaction& tx) { return return_job(tx, stale.job, fence, now); })),
            ErrorKind::conflict);
  EXPECT_EQ(kind(sign(stale.job, fence)), ErrorKind::conflict);
  EXPECT_EQ(kind(complete(ended(stale.job, JobStatus::failed), fence)), ErrorKind::conflict);
  EXPECT_EQ(kind(complete(ended(stale.job, JobStatus::succeeded), fence)), ErrorKind::conflict);
  EXPECT_EQ(get(stale.job).status, JobStatus::in_progress);
  EXPECT_EQ(get(stale.job).signed_at, std::nullopt);
  EXPECT_TRUE(sign(fresh->job, fresh->work.fence));
}

TEST_P(JobWorkOf, ASignatureIsRecordedOnce) {
  const auto held = added_and_claimed();
  ASSERT_TRUE(sign(held.job, held.work.fence));
  EXPECT_EQ(kind(sign(held.job, held.work.fence)), ErrorKind::conflict);
  EXPECT_EQ(get(held.job).signed_at, now);
  EXPECT_EQ(get(held.job).signature_expires_at, now + std::chrono::days(1));
}

TEST_P(JobWorkOf, TheNextClaimSeesTheSignature) {
  const auto held = added_and_claimed();
  ASSERT_TRUE(sign(held.job, held.work.fence));
  const auto next = claim(now + limits::job_lease);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->work.signature_block, (Bytes{7, 8, 9}));
  EXPECT_EQ(next->work.output_sha256, "ab12");
  EXPECT_EQ(kind(sign(next->job, next->work.fence)), ErrorKind::conflict);
}

TEST_P(JobWorkOf, ASucceededJobIsOver) {
  const auto held = added_and_claimed();
  ASSERT_TRUE(sign(held.job, held.work.fence));
  ASSERT_TRUE(complete(ended(held.job, JobStatus::succeeded), held.work.fence));
  const Job found = get(held.job);
  EXPECT_EQ(found.status, JobStatus::succeeded);
  EXPECT_EQ(found.status_reason, "because");
  EXPECT_EQ(found.completed_at, now + seconds(1));
  EXPECT_EQ(found.signed_at, now);
  EXPECT_FALSE(claim(now + 2 * limits::job_lease));
  EXPECT_EQ(kind(complete(ended(held.job, JobStatus::failed), held.work.fence)),
            ErrorKind::conflict);
  EXPECT_TRUE(store().check());
}

TEST_P(JobWorkOf, AFailedJobIsOver) {
  const auto held = added_and_claimed();
  ASSERT_TRUE(sign(held.job, held.work.fence));
  ASSERT_TRUE(complete(ended(held.job, JobStatus::failed), held.work.fence));
  EXPECT_EQ(get(held.job).status, JobStatus::failed);
  EXPECT_EQ(get(held.job).signature_expires_at, std::nullopt);
  EXPECT_FALSE(claim(now + 2 * limits::job_lease));
  EXPECT_TRUE(store().check());
}

TEST_P(JobWorkOf, SuccessIsDeniedWhenTheProfileWasCanceledInBetween) {
  const auto held = added_and_claimed();
  ASSERT_TRUE(sign(held.job, held.work.fence));
  cancel_profile();
  EXPECT_EQ(kind(complete(ended(held.job, JobStatus::succeeded), held.work.fence)),
            ErrorKind::denied);
  EXPECT_EQ(get(held.job).status, JobStatus::in_progress);
  EXPECT_TRUE(complete(ended(held.job, JobStatus::failed), held.work.fence));
}

TEST_P(JobWorkOf, TheSameUnitMayFailTheJobWhenSuccessIsDenied) {
  const auto held = added_and_claimed();
  cancel_profile();
  EXPECT_TRUE(write([&](Transaction& tx) -> Result<void> {
    const auto outcome = complete_job(tx, ended(held.job, JobStatus::succeeded), held.work.fence);
    EXPECT_EQ(kind(outcome), ErrorKind::denied);
    return complete_job(tx, ended(held.job, JobStatus::failed), held.work.fence);
  }));
  EXPECT_EQ(get(held.job).status, JobStatus::failed);
  EXPECT_TRUE(store().check());
}

}  // namespace
}  // namespace hallmark::store
