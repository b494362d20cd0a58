#include "signing/worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "formats/test_zip.h"
#include "signing/test_faults.h"
#include "signing/test_signing.h"

namespace hallmark::signing {
namespace {

using formats::test::build;
using formats::test::TestEntry;
using model::JobStatus;
using test::comes_true;
using test::package;
using test::value_of;

class WorkerTest : public test::SigningTest {
 protected:
  WorkerTest() {
    add_profile();
    jobs.set_listener(&worker);
  }

  // Works until the job is over.
  model::Job ended(const model::JobId& id) {
    EXPECT_TRUE(comes_true([&] {
      if (is_over(id)) return true;
      clock.advance(std::chrono::seconds(1));  // for those that wait for another attempt
      worker.job_waits();
      return false;
    }));
    return job(id);
  }
  // The statusReason that a source leads to.
  std::string failure(const Bytes& content) {
    worker.start(1);
    const model::JobId id = started(content);
    const model::Job over = ended(id);
    EXPECT_EQ(over.status, JobStatus::failed);
    EXPECT_TRUE(uploaded(id).empty());
    EXPECT_EQ(over.signature_expires_at, std::nullopt);
    return over.status_reason;
  }

  test::Hooks hooks;
  test::HookedStore hooked_store{store, hooks};
  test::HookedObjects hooked_objects{objects, hooks};
  Worker worker{{hooked_store, hooked_objects, *made.authority, certificates, clock, made.home}};
};

TEST_F(WorkerTest, AJobSucceeds) {
  worker.start(2);
  const model::JobId id = started();
  EXPECT_EQ(ended(id).status, JobStatus::succeeded);
  EXPECT_EQ(uploaded(id).size(), 1u);
}

TEST_F(WorkerTest, JobsThatWaitedBeforeTheStartAreTakenUp) {
  const model::JobId first = started();
  const model::JobId second = started();
  worker.start(1);
  EXPECT_EQ(ended(first).status, JobStatus::succeeded);
  EXPECT_EQ(ended(second).status, JobStatus::succeeded);
}

TEST_F(WorkerTest, ManyJobsSucceedOnSeveralThreads) {
  worker.start(4);
  std::vector<model::JobId> ids(20);
  for (model::JobId& id : ids) id = started();
  for (const auto& id : ids) {
    EXPECT_TRUE(comes_true([&] { return is_over(id); }));
    EXPECT_EQ(job(id).status, JobStatus::succeeded);
    EXPECT_EQ(uploaded(id).size(), 1u);
  }
}

TEST_F(WorkerTest, OneLookIsEnoughForAllThatWasAnnouncedBefore) {
  constexpr int announced = 10'000;
  for (int i = 0; i < announced; ++i) worker.job_waits();
  worker.start(1);
  EXPECT_TRUE(comes_true([&] { return hooked_store.reads >= 2; }));  // the second one by itself
  EXPECT_LT(hooked_store.reads, 10);
}

// Bad sources.

TEST_F(WorkerTest, AnEmptyObjectFails) { EXPECT_NE(failure({}), ""); }
TEST_F(WorkerTest, AnObjectThatIsNoZipFails) {
  EXPECT_NE(failure(copy_of(bytes_of(std::string(1000, '#')))), "");
}
TEST_F(WorkerTest, AZipWithoutEntriesFails) { EXPECT_NE(failure(build({})), ""); }
TEST_F(WorkerTest, AZipCutShortFails) {
  Bytes cut = package();
  cut.resize(cut.size() - 10);
  EXPECT_NE(failure(cut), "");
}
TEST_F(WorkerTest, AZipWithMoreBehindItFails) {
  Bytes longer = package();
  longer.push_back('x');
  EXPECT_NE(failure(longer), "");
}
TEST_F(WorkerTest, AZipWithAWrongChecksumFails) {
  EXPECT_NE(failure(build({.entries = {{.name = "a", .body = "b", .crc = 1, .local_crc = 1}}})),
            "");
}
TEST_F(WorkerTest, AZipWithADoubledNameFails) {
  EXPECT_NE(failure(build({.entries = {TestEntry{}, TestEntry{}}})), "");
}
TEST_F(WorkerTest, AZipWithANameThatLeadsOutsideFails) {
  EXPECT_NE(failure(build({.entries = {{.name = "../a"}}})), "");
}
TEST_F(WorkerTest, AnEncryptedZipFails) {
  EXPECT_NE(failure(build({.entries = {{.name = "a", .flags = 1, .local_flags = 1}}})), "");
}

TEST_F(WorkerTest, APackageThatIsSignedAlreadyFails) {
  worker.start(1);
  const model::JobId first = started();
  ended(first);
  const auto once = uploaded(first).at(0);
  const model::JobId second =
      value_of(start(job_call({"bucket", once.location.key, once.location.version}))).id;
  EXPECT_EQ(ended(second).status, JobStatus::failed);
  EXPECT_TRUE(job(second).status_reason.starts_with("The package is already signed"))
      << job(second).status_reason;
}

// Passing faults.

TEST_F(WorkerTest, AJobWhoseUploadFailsForAWhileSucceeds) {
  std::atomic<int> failures = 2;
  hooks.before = [&](std::string_view step) -> Result<void> {
    if (step == "put" && failures-- > 0) return unavailable("the bucket does not answer");
    return {};
  };
  worker.start(1);
  const model::JobId id = started();
  EXPECT_EQ(ended(id).status, JobStatus::succeeded);
}

TEST_F(WorkerTest, AJobThatNeverSucceedsFailsAfterItsLastAttempt) {
  std::atomic<int> attempts = 0;
  hooks.before = [&](std::string_view step) -> Result<void> {
    if (step != "put") return {};
    ++attempts;
    return internal_error("the bucket cannot be written");
  };
  worker.start(1);
  const model::JobId id = started();
  EXPECT_EQ(ended(id).status, JobStatus::failed);
  EXPECT_EQ(attempts, limits::job_attempts_max);
  EXPECT_EQ(job(id).status_reason,
            "The signing job could not be completed because of an internal error.");
  EXPECT_TRUE(uploaded(id).empty());
}

TEST_F(WorkerTest, AShortageIsWaitedForAndCostsNoAttempt) {
  std::atomic<int> tries = 0;
  hooks.before = [&](std::string_view step) -> Result<void> {
    if (step != "put" || ++tries > 2 * limits::job_attempts_max) return {};
    return unavailable("the disk is full");
  };
  worker.start(1);
  const model::JobId id = started();
  EXPECT_EQ(ended(id).status, JobStatus::succeeded);
  EXPECT_GT(tries, 2 * limits::job_attempts_max);
  EXPECT_EQ(uploaded(id).size(), 1u);
}

TEST_F(WorkerTest, AShortageThatDoesNotEndFailsTheJob) {
  hooks.before = [&](std::string_view step) -> Result<void> {
    if (step != "put") return {};
    clock.advance(limits::job_age_max + std::chrono::seconds(1));
    return unavailable("the disk is full");
  };
  worker.start(1);
  const model::JobId id = started();
  EXPECT_EQ(ended(id).status, JobStatus::failed);
  EXPECT_EQ(job(id).status_reason, "The service was out of resources for too long.");
}

TEST_F(WorkerTest, AJobThatAlwaysTookTheProcessDownFailsWithoutAnotherAttempt) {
  const model::JobId id = started();
  for (int i = 0; i < limits::job_attempts_max; ++i) {
    ASSERT_TRUE(claim());  // and the process is gone
    clock.advance(limits::job_lease);
  }
  std::atomic<int> pins = 0;
  hooks.before = [&](std::string_view step) -> Result<void> {
    if (step == "pin") ++pins;
    return {};
  };
  worker.start(1);
  EXPECT_EQ(ended(id).status, JobStatus::failed);
  EXPECT_EQ(pins, 0);
}

TEST_F(WorkerTest, AnExceptionOfALibraryIsAPassingFault) {
  std::atomic<bool> thrown = false;
  hooks.before = [&](std::string_view step) -> Result<void> {
    if (step == "pin" && !thrown.exchange(true)) throw std::bad_alloc();
    return {};
  };
  worker.start(1);
  EXPECT_EQ(ended(started()).status, JobStatus::succeeded);
  EXPECT_TRUE(thrown);
}

TEST_F(WorkerTest, AJobThatFailsAgainAndAgainBlocksNoOther) {
  const model::JobId stuck = started();
  hooks.broken_key = job(stuck).destination_key;
  const model::JobId other = started();
  worker.start(1);
  EXPECT_TRUE(comes_true([&] { return is_over(other); }));
  EXPECT_EQ(job(other).status, JobStatus::succeeded);
  EXPECT_EQ(ended(stuck).status, JobStatus::failed);
}

// Stopping.

TEST_F(WorkerTest, AnIdleWorkerStops) {
  worker.start(4);
  worker.stop();
}

TEST_F(WorkerTest, AWorkerThatNeverStartedStops) { worker.stop(); }

TEST_F(WorkerTest, AStopGivesALongJobBackWithoutCountingItsAttempt) {
  std::latch reading(1);
  std::atomic<bool> was_read = false;
  std::atomic<bool> stopping = false;
  std::atomic<int> reads_afterwards = 0;
  hooks.before = [&](std::string_view step) -> Result<void> {
    if (step != "read") return {};
    if (!was_read.exchange(true)) reading.count_down();
    // The medium answers when the worker is being told to stop, and a little later.
    comes_true([&] { return stopping.load(); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ++reads_afterwards;
    return {};
  };
  std::string body(16 * limits::mebibyte, 'x');
  const model::JobId id = started(package(std::move(body)));
  worker.start(1);
  reading.wait();
  stopping = true;
  worker.stop();
  // The 64 reads of the whole source would be many more, however slow the machine is.
  EXPECT_LT(reads_afterwards, 32);
  EXPECT_EQ(job(id).status, JobStatus::in_progress);
  const auto again = claim();
  ASSERT_TRUE(again) << "the lease was kept";
  EXPECT_EQ(again->work.attempts, 1);
}

}  // namespace
}  // namespace hallmark::signing
