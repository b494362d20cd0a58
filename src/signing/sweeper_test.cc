#include "signing/sweeper.h"

#include <gtest/gtest.h>

#include "signing/test_signing.h"
#include "store/answered_requests.h"
#include "store/audit.h"

namespace hallmark::signing {
namespace {

using std::chrono::milliseconds;
using test::account;
using test::expect_done;
using test::value_of;

class SweeperTest : public test::SigningTest {
 protected:
  SweeperTest() { add_profile(); }

  // A job that ended now, with a signature until `expires_at`.
  model::Job ended(model::JobStatus status, std::optional<Timestamp> expires_at) {
    model::Job job = made_job();
    job.status = status;
    job.completed_at = clock.now();
    if (status == model::JobStatus::succeeded) job.signed_at = clock.now();
    job.signature_expires_at = expires_at;
    return job;
  }
  model::Job made_job() {
    const auto profile = *value_of(store.read([](store::Reader& rows) {
      return store::find_profile(rows, account(), test::profile_name());
    }));
    return {.id = Uuid::v7(clock.now(), made.random),
            .owner = account(),
            .invoker = account(),
            .profile_name = profile.name,
            .profile_version = profile.version,
            .platform_id = profile.platform_id,
            .requested_by = "arn:aws:iam::111122223333:user/alice",
            .request_token = {},
            .source = {},
            .destination_bucket = {},
            .destination_key = {},
            .status_reason = {},
            .created_at = clock.now(),
            .completed_at = {},
            .signed_at = {},
            .signature_expires_at = {},
            .certificate_arn = {},
            .revocation = {}};
  }
  model::JobId add(const model::Job& job) {
    value_of(store.write([&](store::Transaction& tx) { return store::insert_job(tx, job, 0); }));
    return job.id;
  }
  void add_many(std::size_t count, Timestamp expires_at) {
    std::vector<model::Job> many;
    while (many.size() < count) many.push_back(ended(model::JobStatus::succeeded, expires_at));
    expect_done(store.write(store::Work([&](store::Transaction& tx) -> Result<void> {
      for (const auto& job : many) TRY(store::insert_job(tx, job, 0));
      return {};
    })));
  }
  bool is_there(const model::JobId& id) {
    return value_of(store.read(
                        [&](store::Reader& rows) { return store::find_job(rows, account(), id); }))
        .has_value();
  }
  // Steps until the round is over; how many it took.
  int round() {
    int steps = 1;
    while (value_of(sweeper.step())) ++steps;
    return steps;
  }
  void expect_kept_until(const model::JobId& id, Timestamp time) {
    clock.set(time - milliseconds(1));
    round();
    EXPECT_TRUE(is_there(id));
    clock.set(time);
    round();
    EXPECT_FALSE(is_there(id));
  }
  std::size_t audit_records() {
    return value_of(
               store.read([](store::Reader& rows) { return store::list_audit(rows, 1, 10'000); }))
        .size();
  }

  Sweeper sweeper{store, clock, {}};
};

TEST_F(SweeperTest, AJobIsKeptSixMonthsAfterItsSignaturesExpiry) {
  const Timestamp expiry = plus_months(clock.now(), 135);
  const auto id = add(ended(model::JobStatus::succeeded, expiry));
  expect_kept_until(id, plus_months(expiry, 6));
}

TEST_F(SweeperTest, AJobWhoseSignatureDoesNotExpireIsKeptTwentyMonths) {
  const Timestamp end = clock.now();
  expect_kept_until(add(ended(model::JobStatus::succeeded, {})), plus_months(end, 20));
}

TEST_F(SweeperTest, AFailedJobIsKeptSixMonthsAfterItIsHidden) {
  const Timestamp end = clock.now();
  expect_kept_until(add(ended(model::JobStatus::failed, {})), plus_months(end, 30));
}

TEST_F(SweeperTest, AJobInProgressStays) {
  const auto id = add(made_job());
  clock.set(plus_months(clock.now(), 1000));
  round();
  EXPECT_TRUE(is_there(id));
}

TEST_F(SweeperTest, ARemovalIsAuditedAndAnIdleRoundWritesNothing) {
  add(ended(model::JobStatus::failed, {}));
  const std::size_t before = audit_records();
  round();
  EXPECT_EQ(audit_records(), before);
  clock.set(plus_months(clock.now(), 30));
  round();
  EXPECT_EQ(audit_records(), before + 1);
  const auto rows = value_of(
      store.read([&](store::Reader& reader) { return store::list_audit(reader, 1, 10'000); }));
  EXPECT_NE(rows.back().body.find("RemoveSigningJobs"), std::string::npos);
}

TEST_F(SweeperTest, ARoundGoesInSmallSteps) {
  const Timestamp expiry = clock.now() + std::chrono::days(1);
  add_many(limits::sweep_rows_examined_max + 10, expiry);
  const auto kept = add(ended(model::JobStatus::succeeded, plus_months(expiry, 100)));
  clock.set(plus_months(expiry, 6));
  EXPECT_TRUE(value_of(sweeper.step()));
  EXPECT_GT(round(), 0);
  const auto page = value_of(store.read(
      [](store::Reader& rows) { return store::list_jobs(rows, account(), {}, {}, 25); }));
  ASSERT_EQ(page.jobs.size(), 1u);
  EXPECT_EQ(page.jobs[0].id, kept);
}

TEST_F(SweeperTest, YoungJobsAreNotExamined) {
  add_many(limits::sweep_rows_examined_max + 10, clock.now() + std::chrono::days(1));
  EXPECT_FALSE(value_of(sweeper.step()));
}

TEST_F(SweeperTest, EveryOwnersTurnComes) {
  for (const std::string_view of : {"000000000001", "222222222222", "999999999999"}) {
    value_of(put(test::profile_call(), of));
    model::Job job = ended(model::JobStatus::failed, {});
    job.owner = account(of);
    const auto profile = *value_of(store.read([&](store::Reader& rows) {
      return store::find_profile(rows, account(of), test::profile_name());
    }));
    job.profile_version = profile.version;
    add(job);
  }
  clock.set(plus_months(clock.now(), 30));
  EXPECT_EQ(round(), 1);
  for (const std::string_view of : {"000000000001", "222222222222", "999999999999"}) {
    EXPECT_TRUE(value_of(store.read([&](store::Reader& rows) {
                  return store::list_jobs(rows, account(of), {}, {}, 25);
                })).jobs.empty());
  }
}

TEST_F(SweeperTest, RoundsFollowEachOther) {
  EXPECT_EQ(round(), 1);
  const auto id = add(ended(model::JobStatus::failed, {}));
  EXPECT_EQ(round(), 1);
  clock.set(plus_months(clock.now(), 30));
  EXPECT_EQ(round(), 1);
  EXPECT_FALSE(is_there(id));
}

TEST_F(SweeperTest, AnswersGoWhenTheirSignatureHasPassed) {
  expect_done(store.write(store::Work([&](store::Transaction& tx) {
    return store::insert_answered_request(tx, {"5eed", clock.now(), "answer"});
  })));
  const auto is_known = [&] {
    return value_of(
               store.read([](store::Reader& rows) { return store::find_answer(rows, "5eed"); }))
        .has_value();
  };
  clock.advance(limits::answered_request_kept);
  round();
  EXPECT_TRUE(is_known());
  clock.advance(milliseconds(1));
  round();
  EXPECT_FALSE(is_known());
}

TEST_F(SweeperTest, StopsAtOnceThoughItRests) {
  const auto id = add(ended(model::JobStatus::failed, {}));
  clock.set(plus_months(clock.now(), 30));
  Sweeper running(store, clock, {});
  running.start();
  EXPECT_TRUE(test::comes_true([&] { return !is_there(id); }));
  running.stop();  // the rest would be ten minutes
}

TEST_F(SweeperTest, AStepThatFailsSaysSo) {
  store.close();
  EXPECT_FALSE(sweeper.step());
}

}  // namespace
}  // namespace hallmark::signing
