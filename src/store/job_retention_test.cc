#include "store/job_retention.h"

#include "store/conformance_test.h"
#include "store/driver.h"
#include "store/jobs.h"

namespace hallmark::store {
namespace {

using model::Job;
using model::JobId;

class JobRetention : public EachEngine {
 protected:
  JobRetention() { add_profile(profile()); }

  Job added(Job job) {
    add_job(job);
    return job;
  }
  std::optional<model::AccountId> next(const std::optional<model::AccountId>& after) {
    return *read([&](Reader& rows) { return find_next_owner(rows, after); });
  }
  std::vector<JobId> list(const JobStretch& stretch, std::size_t count) {
    std::vector<JobId> ids;
    const auto found =
        *read([&](Reader& rows) { return list_kept_jobs(rows, account(), stretch, count); });
    for (const KeptJob& job : found) ids.push_back(job.id);
    return ids;
  }
  std::size_t remove(const std::vector<JobId>& ids) {
    auto removed = store().write([&](Transaction& tx) { return remove_jobs(tx, account(), ids); });
    EXPECT_TRUE(removed);
    return *removed;
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, JobRetention, testing::ValuesIn(engines()), engine_name);

using Ids = std::vector<JobId>;

TEST_P(JobRetention, OwnersFollowEachOther) {
  EXPECT_EQ(next({}), std::nullopt);
  add_job(payload_job());
  add_job(payload_job());
  model::Profile other = profile();
  other.account = account("999999999999");
  add_profile(other);
  Job theirs = payload_job();
  theirs.owner = other.account;
  add_job(theirs);
  EXPECT_EQ(next({}), account());
  EXPECT_EQ(next(account()), other.account);
  EXPECT_EQ(next(other.account), std::nullopt);
}

TEST_P(JobRetention, AStretchIsBetweenItsEndsOldestFirst) {
  const JobId a = added(payload_job()).id;
  const JobId b = added(payload_job()).id;
  const JobId c = added(payload_job()).id;
  const JobId end = next_id();
  EXPECT_EQ(list({{}, end}, 10), (Ids{a, b, c}));
  EXPECT_EQ(list({{}, end}, 2), (Ids{a, b}));
  EXPECT_EQ(list({a, c}, 10), Ids{b});
}

TEST_P(JobRetention, AJobOfAnUnreadableStatusIsListedAsOneThatStays) {
  const Job broken = added(payload_job());
  ASSERT_TRUE(write([&](Transaction& tx) -> Result<void> {
    TRY(execute(tx, "UPDATE jobs SET status = 9 WHERE id = $1", broken.id));
    return {};
  }));
  const auto found = *read([&](Reader& rows) {
    return list_kept_jobs(rows, account(), {{}, next_id()}, 10);
  });
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].status, model::JobStatus::in_progress);
}

TEST_P(JobRetention, OnlyWhatHasEndedIsRemoved) {
  const JobId done = added(payload_job()).id;
  const JobId waiting = added(job()).id;
  EXPECT_EQ(remove({done, waiting, next_id()}), 1u);
  EXPECT_EQ(list({{}, next_id()}, 10), Ids{waiting});
  EXPECT_TRUE(store().check());
}

}  // namespace
}  // namespace hallmark::store
