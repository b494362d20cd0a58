#include "store/jobs.h"

#include "base/limits.h"
#include "store/conformance_test.h"

namespace hallmark::store {
namespace {

using model::Job;
using model::JobStatus;

class Jobs : public EachEngine {
 protected:
  Jobs() { add_profile(profile()); }

  Job get(const Job& wanted) {
    auto found = read([&](Reader& rows) { return find_job(rows, wanted.owner, wanted.id); });
    CHECK(found->has_value());
    return **found;
  }
  // Many, in one unit.
  std::vector<Job> add_jobs(std::size_t count) {
    std::vector<Job> added;
    while (added.size() < count) added.push_back(payload_job());
    EXPECT_TRUE(write([&](Transaction& tx) -> Result<void> {
      for (const Job& one : added) TRY(insert_job(tx, one, 0));
      return {};
    }));
    return added;
  }
  // The job that has the token of `repeat` already.
  std::optional<Job> earlier_than(const Job& repeat) {
    auto earlier = store().write([&repeat](Transaction& tx) { return insert_job(tx, repeat, 0); });
    EXPECT_TRUE(earlier);
    EXPECT_TRUE(*earlier);
    return *std::move(earlier);
  }
  JobPage list(const JobFilter& filter, const std::optional<model::JobId>& before,
               std::size_t count) {
    auto page =
        read([&](Reader& rows) { return list_jobs(rows, account(), filter, before, count); });
    return *std::move(page);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Jobs, testing::ValuesIn(engines()), engine_name);

TEST_P(Jobs, AreFoundAsTheyWereInserted) {
  Job inserted = job();
  inserted.certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/1";
  add_job(inserted);
  const Job found = get(inserted);
  EXPECT_EQ(found.id, inserted.id);
  EXPECT_EQ(found.owner, inserted.owner);
  EXPECT_EQ(found.invoker, inserted.invoker);
  EXPECT_EQ(found.profile_name, inserted.profile_name);
  EXPECT_EQ(found.profile_version, inserted.profile_version);
  EXPECT_EQ(found.platform_id, inserted.platform_id);
  EXPECT_EQ(found.requested_by, inserted.requested_by);
  EXPECT_EQ(found.request_token, inserted.request_token);
  EXPECT_EQ(found.source, inserted.source);
  EXPECT_EQ(found.destination_bucket, inserted.destination_bucket);
  EXPECT_EQ(found.destination_key, inserted.destination_key);
  EXPECT_EQ(found.status, JobStatus::in_progress);
  EXPECT_EQ(found.created_at, inserted.created_at);
  EXPECT_EQ(found.completed_at, std::nullopt);
  EXPECT_EQ(found.signed_at, std::nullopt);
  EXPECT_EQ(found.signature_expires_at, std::nullopt);
  EXPECT_EQ(found.certificate_arn, inserted.certificate_arn);
  EXPECT_FALSE(found.revocation);
}

TEST_P(Jobs, OfSignPayloadHaveNoSourceAndNoToken) {
  const Job inserted = payload_job();
  add_job(inserted);
  const Job found = get(inserted);
  EXPECT_EQ(found.source, std::nullopt);
  EXPECT_EQ(found.request_token, "");
  EXPECT_EQ(found.status, JobStatus::succeeded);
  EXPECT_EQ(found.status_reason, "Signing Succeeded");
  EXPECT_EQ(found.signed_at, inserted.signed_at);
  EXPECT_EQ(found.completed_at, inserted.completed_at);
  EXPECT_EQ(found.signature_expires_at, inserted.signature_expires_at);
}

TEST_P(Jobs, OfAnotherOwnerAreNotFound) {
  const Job inserted = job();
  add_job(inserted);
  const auto found =
      read([&](Reader& rows) { return find_job(rows, account("999999999999"), inserted.id); });
  EXPECT_FALSE(*found);
}

TEST_P(Jobs, AreFoundByTheInvokersToken) {
  const Job inserted = job();
  add_job(inserted);
  const auto by = [&](const model::AccountId& invoker, std::string_view token) {
    return *read([&](Reader& rows) { return find_job_by_token(rows, invoker, token); });
  };
  ASSERT_TRUE(by(inserted.invoker, inserted.request_token));
  EXPECT_EQ(by(inserted.invoker, inserted.request_token)->id, inserted.id);
  EXPECT_FALSE(by(inserted.owner, inserted.request_token));
  EXPECT_FALSE(by(inserted.invoker, "other"));
  EXPECT_FALSE(by(inserted.invoker, ""));
}

TEST_P(Jobs, ATokenIsUsedOnceByOneInvoker) {
  const Job first = job();
  add_job(first);
  Job second = job();
  second.request_token = first.request_token;
  EXPECT_EQ(earlier_than(second)->id, first.id);
  EXPECT_FALSE(*read([&](Reader& rows) { return find_job(rows, second.owner, second.id); }));
  second.invoker = account("777788889999");
  add_job(second);
}

TEST_P(Jobs, ManyMayHaveNoToken) {
  add_job(payload_job());
  add_job(payload_job());
}

TEST_P(Jobs, AreDeniedWithoutAnActiveProfileOfThatVersion) {
  const auto kind = [&](const Job& one) {
    const auto outcome = store().write([one](Transaction& tx) { return insert_job(tx, one, 0); });
    return outcome ? ErrorKind::internal : outcome.error().kind;
  };
  Job other = payload_job();
  other.profile_name = name("Other");
  EXPECT_EQ(kind(other), ErrorKind::denied);
  other = payload_job();
  other.profile_version = *model::ProfileVersion::parse("AAAAAAAAAA");
  EXPECT_EQ(kind(other), ErrorKind::denied);
  other = payload_job();
  other.owner = account("999999999999");
  EXPECT_EQ(kind(other), ErrorKind::denied);
  model::Profile revoked = profile("Revoked");
  revoked.status = model::ProfileStatus::revoked;
  add_profile(revoked);
  other = payload_job();
  other.profile_name = revoked.name;
  EXPECT_EQ(kind(other), ErrorKind::denied);
}

TEST_P(Jobs, ARepeatedTokenGetsItsFirstJobBeforeTheProfileIsJudged) {
  const Job first = job();
  add_job(first);
  Job repeat = job();
  repeat.request_token = first.request_token;
  repeat.profile_name = name("Other");
  EXPECT_EQ(earlier_than(repeat)->id, first.id);
}

TEST_P(Jobs, AreListedNewestFirst) {
  const auto added = add_jobs(3);
  const JobPage page = list({}, {}, 10);
  ASSERT_EQ(page.jobs.size(), 3u);
  EXPECT_EQ(page.jobs[0].id, added[2].id);
  EXPECT_EQ(page.jobs[2].id, added[0].id);
  EXPECT_EQ(page.continue_before, std::nullopt);
}

TEST_P(Jobs, PagesFollowEachOtherWithoutGapOrRepeat) {
  const auto added = add_jobs(5);
  std::vector<model::JobId> seen;
  std::optional<model::JobId> before;
  int pages = 0;
  do {
    const JobPage page = list({}, before, 2);
    for (const Job& one : page.jobs) seen.push_back(one.id);
    before = page.continue_before;
    ++pages;
  } while (before && pages < 10);
  EXPECT_EQ(pages, 3);
  ASSERT_EQ(seen.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(seen[i], added[4 - i].id);
}

TEST_P(Jobs, APageThatEndsWithTheLastJobIsTheLastPage) {
  add_jobs(2);
  EXPECT_EQ(list({}, {}, 2).continue_before, std::nullopt);
}

TEST_P(Jobs, OfOthersAreNotListed) {
  model::Profile foreign = profile();
  foreign.account = account("999999999999");
  add_profile(foreign);
  Job other = payload_job();
  other.owner = foreign.account;
  add_job(other);
  EXPECT_TRUE(list({}, {}, 10).jobs.empty());
}

TEST_P(Jobs, AreFilteredByStatusAndPlatform) {
  add_jobs(2);
  const Job waiting = job();
  add_job(waiting);
  Job notation = payload_job();
  notation.platform_id = "Notation-OCI-SHA384-ECDSA";
  add_job(notation);
  const JobPage in_progress = list({.status = JobStatus::in_progress, .platform_id = {}}, {}, 10);
  ASSERT_EQ(in_progress.jobs.size(), 1u);
  EXPECT_EQ(in_progress.jobs[0].id, waiting.id);
  const JobPage by_platform = list({.status = {}, .platform_id = notation.platform_id}, {}, 10);
  ASSERT_EQ(by_platform.jobs.size(), 1u);
  EXPECT_EQ(by_platform.jobs[0].id, notation.id);
}

TEST_P(Jobs, AListExaminesABoundedNumberAndGoesOnFromThere) {
  Job oldest = payload_job();
  oldest.requested_by = "arn:aws:iam::444455556666:user/first";
  add_job(oldest);
  const auto added = add_jobs(limits::list_rows_examined_max);
  const JobFilter filter = {.requested_by = oldest.requested_by};
  const JobPage empty = list(filter, {}, 10);
  EXPECT_TRUE(empty.jobs.empty());
  EXPECT_EQ(empty.continue_before, added.front().id);
  const JobPage last = list(filter, empty.continue_before, 10);
  ASSERT_EQ(last.jobs.size(), 1u);
  EXPECT_EQ(last.jobs[0].id, oldest.id);
  EXPECT_EQ(last.continue_before, std::nullopt);
}

}  // namespace
}  // namespace hallmark::store
