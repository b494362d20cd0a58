#include <algorithm>

#include "base/limits.h"
#include "store/conformance_test.h"
#include "store/driver.h"
#include "store/jobs.h"

namespace hallmark::store {
namespace {

using model::AccountId;
using model::Job;
using model::JobId;
using model::JobStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;

class JobList : public EachEngine {
 protected:
  JobList() {
    add_profile(profile());
    model::Profile foreign = profile();
    foreign.account = other;
    add_profile(foreign);
  }

  // One of the account's profile, that it started itself.
  Job own() {
    Job made = payload_job();
    made.invoker = account();
    return made;
  }
  // One that the account started with a profile of the other account.
  Job invoked() {
    Job made = own();
    made.owner = other;
    return made;
  }
  Job with_status(JobStatus status) {
    Job made = job();
    made.status = status;
    if (status == JobStatus::failed) made.completed_at = made.created_at;
    return made;
  }
  Job added(Job job) {
    add_job(job);
    return job;
  }
  void add_many(const std::vector<Job>& jobs) {
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
      for (const Job& one : jobs) TRY(insert_job(tx, one, 0));
      return {};
    }));
  }
  void revoke(const Job& job) {
    ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
      TRY(execute(tx,
                  "UPDATE jobs SET revoked_at = 1, revoked_by = '', revocation_reason = '' "
                  "WHERE owner = $1 AND id = $2",
                  job.owner, job.id));
      return {};
    }));
  }
  JobPage page(const JobFilter& filter, const std::optional<JobId>& before, std::size_t count,
               const AccountId& of = account()) {
    return *read([&](Reader& rows) { return list_jobs(rows, of, filter, before, count); });
  }
  using Ids = std::vector<JobId>;
  Ids ids(const JobFilter& filter, const AccountId& of = account()) {
    Ids found;
    for (const Job& one : page(filter, {}, 25, of).jobs) found.push_back(one.id);
    return found;
  }
  // Every job, page by page.
  Ids walk(const JobFilter& filter, std::size_t count) {
    Ids found;
    std::optional<JobId> before;
    do {
      const JobPage part = page(filter, before, count);
      for (const Job& one : part.jobs) found.push_back(one.id);
      before = part.continue_before;
    } while (before);
    return found;
  }

  const AccountId other = account("999999999999");
};
INSTANTIATE_TEST_SUITE_P(Engines, JobList, testing::ValuesIn(engines()), engine_name);

TEST_P(JobList, HoldsWhatTheAccountOwnsAndWhatItInvokedInOneOrder) {
  const Job first = added(own());
  const Job second = added(invoked());
  const Job third = added(job());  // invoked by somebody else
  const Job fourth = added(invoked());
  EXPECT_EQ(ids({}), (Ids{fourth.id, third.id, second.id, first.id}));
}

TEST_P(JobList, OfTheInvokerHasOnlyItsOwnJobs) {
  const Job theirs = added(job());
  added(own());
  EXPECT_EQ(ids({}, theirs.invoker), Ids{theirs.id});
}

TEST_P(JobList, PagesGoThroughBothSidesWithoutGapOrRepeat) {
  Ids expected;
  std::vector<Job> jobs;
  for (int i = 0; i < 9; ++i) jobs.push_back(i % 3 == 1 ? invoked() : own());
  add_many(jobs);
  for (const Job& one : jobs) expected.insert(expected.begin(), one.id);
  for (const std::size_t count : {1u, 2u, 4u, 9u}) EXPECT_EQ(walk({}, count), expected);
}

TEST_P(JobList, IsFilteredByRevocation) {
  const Job revoked = added(own());
  revoke(revoked);
  const Job invoked_and_revoked = added(invoked());
  revoke(invoked_and_revoked);
  const Job good = added(own());
  EXPECT_EQ(ids({.revoked = true}), (Ids{invoked_and_revoked.id, revoked.id}));
  EXPECT_EQ(ids({.revoked = false}), Ids{good.id});
}

TEST_P(JobList, IsFilteredByInvoker) {
  const Job mine = added(own());
  const Job mine_elsewhere = added(invoked());
  const Job theirs = added(job());
  Job unrelated = job();  // the same invoker, another owner
  unrelated.owner = other;
  add_job(unrelated);
  EXPECT_EQ(ids({.invoker = account()}), (Ids{mine_elsewhere.id, mine.id}));
  EXPECT_EQ(ids({.invoker = theirs.invoker}), Ids{theirs.id});
  EXPECT_TRUE(ids({.invoker = account("123412341234")}).empty());
}

TEST_P(JobList, OfAnInvokerTellsNothingOfItsJobsElsewhere) {
  const Job theirs = added(job());
  std::vector<Job> elsewhere;  // the same invoker, another owner
  while (elsewhere.size() <= limits::list_rows_examined_max) {
    elsewhere.push_back(payload_job());
    elsewhere.back().invoker = theirs.invoker;
    elsewhere.back().owner = other;
  }
  add_many(elsewhere);
  const JobPage first = page({.invoker = theirs.invoker}, {}, 10);
  ASSERT_EQ(first.jobs.size(), 1u);
  EXPECT_EQ(first.jobs[0].id, theirs.id);
  EXPECT_EQ(first.continue_before, std::nullopt);
}

TEST_P(JobList, IsFilteredByRequester) {
  Job bobs = own();
  bobs.requested_by = "arn:aws:iam::111122223333:user/bob";
  add_job(bobs);
  added(own());
  EXPECT_EQ(ids({.requested_by = bobs.requested_by}), Ids{bobs.id});
}

TEST_P(JobList, IsFilteredByExpiryWithoutItsBounds) {
  Job early = own();
  early.signature_expires_at = start + seconds(100);
  add_job(early);
  Job late = own();
  late.signature_expires_at = start + seconds(200);
  add_job(late);
  Job endless = own();
  endless.signature_expires_at.reset();
  add_job(endless);
  EXPECT_EQ(ids({.expires_after = start + seconds(100)}), Ids{late.id});
  EXPECT_EQ(ids({.expires_after = start + seconds(99)}), (Ids{late.id, early.id}));
  EXPECT_EQ(ids({.expires_before = start + seconds(200)}), Ids{early.id});
  EXPECT_EQ(ids({.expires_after = start, .expires_before = start + seconds(201)}),
            (Ids{late.id, early.id}));
}

TEST_P(JobList, AnExpiryOfAJobThatDidNotSucceedDoesNotCount) {
  Job waiting = job();
  waiting.signature_expires_at = start + seconds(100);
  add_job(waiting);
  EXPECT_TRUE(ids({.expires_after = start}).empty());
}

TEST_P(JobList, IsFilteredByEachStatus) {
  const Job waiting = added(job());
  const Job failed = added(with_status(JobStatus::failed));
  const Job succeeded = added(own());
  EXPECT_EQ(ids({.status = JobStatus::in_progress}), Ids{waiting.id});
  EXPECT_EQ(ids({.status = JobStatus::failed}), Ids{failed.id});
  EXPECT_EQ(ids({.status = JobStatus::succeeded}), Ids{succeeded.id});
}

// Every combination of the filters answers what a look at each job answers.
TEST_P(JobList, FiltersTogetherLetThroughWhatEachLetsThrough) {
  std::vector<Job> jobs;
  for (int i = 0; i < 64; ++i) {
    Job one = (i & 1) != 0 ? own() : job();
    if ((i & 2) != 0) one.platform_id = "Notation-OCI-SHA384-ECDSA";
    if ((i & 4) != 0) one.requested_by = "arn:aws:iam::111122223333:user/bob";
    one.signature_expires_at = start + seconds(i);
    one.status = (i & 8) != 0 ? JobStatus::succeeded : JobStatus::failed;
    one.completed_at = one.created_at;
    jobs.push_back(one);
  }
  add_many(jobs);
  for (std::size_t i = 0; i < jobs.size(); i += 16) revoke(jobs[i + 9]);
  for (int mask = 0; mask < 64; ++mask) {
    JobFilter filter;
    if ((mask & 1) != 0) filter.invoker = account();
    if ((mask & 2) != 0) filter.platform_id = "Notation-OCI-SHA384-ECDSA";
    if ((mask & 4) != 0) filter.requested_by = "arn:aws:iam::111122223333:user/bob";
    if ((mask & 8) != 0) filter.status = JobStatus::succeeded;
    if ((mask & 16) != 0) filter.expires_after = start + seconds(20);
    if ((mask & 32) != 0) filter.revoked = true;
    Ids expected;
    for (int i = 63; i >= 0; --i) {
      const bool passes = (i & mask & 15) == (mask & 15) &&
                          ((mask & 16) == 0 || ((i & 8) != 0 && i > 20)) &&
                          ((mask & 32) == 0 || i % 16 == 9);
      if (passes) expected.push_back(jobs[std::size_t(i)].id);
    }
    EXPECT_EQ(walk(filter, 5), expected) << "filters " << mask;
  }
}

TEST_P(JobList, CompletedJobsOfTheTimeBeforeAreLeftOut) {
  const Job old = added(own());
  const Job young = added(own());
  EXPECT_EQ(ids({.completed_after = *old.completed_at}), Ids{young.id});
  EXPECT_EQ(ids({.completed_after = *old.completed_at - milliseconds(1)}), (Ids{young.id, old.id}));
}

TEST_P(JobList, WhatWasCreatedLongBeforeThatTimeIsNotEvenExamined) {
  std::vector<Job> jobs;
  while (jobs.size() <= limits::list_rows_examined_max) jobs.push_back(own());
  add_many(jobs);
  const Timestamp later = *jobs.back().completed_at + limits::job_age_max;
  EXPECT_EQ(page({.completed_after = later + milliseconds(1)}, {}, 10).continue_before,
            std::nullopt);
  EXPECT_NE(page({.completed_after = *jobs.back().completed_at}, {}, 10).continue_before,
            std::nullopt);
}

TEST_P(JobList, BothSidesTogetherExamineABoundedNumber) {
  std::vector<Job> jobs;
  while (jobs.size() < limits::list_rows_examined_max) {
    jobs.push_back(own());
    jobs.push_back(invoked());
  }
  add_many(jobs);
  const Job last = added(own());
  const JobFilter filter{.requested_by = "nobody"};
  const JobPage first = page(filter, {}, 10);
  EXPECT_TRUE(first.jobs.empty());
  EXPECT_EQ(first.continue_before, jobs.at(1).id);
  EXPECT_EQ(page(filter, first.continue_before, 10).continue_before, std::nullopt);
}

TEST_P(JobList, AnIndexFindsWhatAScanWouldNotReach) {
  const Job revoked = added(own());
  revoke(revoked);
  const Job failed = added(with_status(JobStatus::failed));
  const Job by_other = added(job());
  std::vector<Job> jobs;
  while (jobs.size() <= limits::list_rows_examined_max) jobs.push_back(own());
  add_many(jobs);
  EXPECT_EQ(ids({.revoked = true}), Ids{revoked.id});
  EXPECT_EQ(ids({.status = JobStatus::failed}), Ids{failed.id});
  EXPECT_EQ(ids({.invoker = by_other.invoker}), (Ids{by_other.id, failed.id}));
}

TEST_P(JobList, TheFirstIdOfATimeIsBeforeThoseMadeThenAndAfterEarlierOnes) {
  const JobId id = next_id();
  EXPECT_LE(first_id_of(id.time()), id);
  EXPECT_GT(first_id_of(id.time() + milliseconds(1)), id);
  EXPECT_EQ(first_id_of(Timestamp(milliseconds(-5))), JobId());
}

}  // namespace
}  // namespace hallmark::store
