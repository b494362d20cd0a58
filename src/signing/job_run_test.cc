#include "signing/job_run.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "formats/format.h"
#include "signing/test_faults.h"
#include "signing/test_signing.h"

namespace hallmark::signing {
namespace {

using model::JobStatus;
using test::error_of;
using test::expect_done;
using test::package;
using test::value_of;

class JobRunTest : public test::SigningTest {
 protected:
  JobRunTest() { add_profile(); }

  JobServices services(std::stop_token stop = {}) {
    return {hooked_store, hooked_objects, *made.authority, certificates,
            clock,        made.home,      std::move(stop)};
  }
  // As the start of the service after a crash, and one attempt by its worker.
  Result<void> restart_and_attempt() {
    hooks = {};
    expect_done(store.write([](store::Transaction& tx) { return store::release_all_jobs(tx); }));
    const auto claimed = claim();
    if (!claimed) return internal_error("no job waits");
    const JobServices with = services();
    JobRun run(with, *claimed);
    auto outcome = run.attempt();
    if (!outcome) expect_done(run.fail(outcome.error().message));
    return outcome;
  }
  Result<formats::Verification> verified(const objects::Pinned& pinned) {
    TRY(auto file, objects.snapshot(pinned));
    TRY(auto roots, made.authority->roots());
    return formats::find_format("lambda-zip")
        ->verify({.object = *file, .trusted = roots, .now = clock.now()});
  }
  // The rule that every crash has to leave intact.
  void expect_object_exactly_when_succeeded(const model::JobId& id) {
    const auto versions = uploaded(id);
    switch (job(id).status) {
      case JobStatus::succeeded:
        ASSERT_EQ(versions.size(), 1u);
        EXPECT_TRUE(verified(versions[0]));
        break;
      case JobStatus::failed: EXPECT_TRUE(versions.empty()); break;
      case JobStatus::in_progress: ADD_FAILURE() << "the job has not ended";
    }
    expect_done(store.check());
  }

  test::Hooks hooks;
  test::HookedStore hooked_store{store, hooks};
  test::HookedObjects hooked_objects{objects, hooks};
};

// One attempt.

TEST_F(JobRunTest, AnAttemptEndsAJob) {
  const model::JobId id = started();
  const JobServices with = services();
  expect_done(JobRun(with, *claim()).attempt());
  const model::Job ended = job(id);
  EXPECT_EQ(ended.status, JobStatus::succeeded);
  EXPECT_EQ(ended.status_reason, "Signing Succeeded");
  EXPECT_EQ(ended.completed_at, clock.now());
  EXPECT_EQ(ended.signature_expires_at, plus_months(clock.now(), 135));
  expect_object_exactly_when_succeeded(id);
}

TEST_F(JobRunTest, AJobThatWasClaimedBeforeTheAuditsGateClosedSignsNothing) {
  class ClosedGate final : public audit::Gate {
    bool is_open() const override { return false; }
  };
  const model::JobId id = started();
  const ClosedGate closed;
  JobServices with = services();
  with.gate = &closed;
  EXPECT_EQ(error_of(JobRun(with, *claim()).attempt()).kind, ErrorKind::unavailable);
  EXPECT_EQ(job(id).status, JobStatus::in_progress);
  EXPECT_TRUE(uploaded(id).empty());
}

TEST_F(JobRunTest, TheSignatureNamesTheJobAndTheProfilesVersion) {
  const model::JobId id = started();
  const JobServices with = services();
  expect_done(JobRun(with, *claim()).attempt());
  const auto says = *value_of(verified(uploaded(id).at(0))).statement;
  EXPECT_EQ(says.job_arn, "arn:aws:signer:us-east-1:111122223333:/signing-jobs/" + id.text());
  EXPECT_EQ(says.profile_version_arn,
            "arn:aws:signer:us-east-1:111122223333:/signing-profiles/Release/" +
                job(id).profile_version.text());
}

TEST_F(JobRunTest, ASourceThatWasRemovedFailsTheJob) {
  const model::JobId id = started();
  expect_done(objects.remove({"bucket", "in/a.zip"}));
  EXPECT_EQ(error_of(restart_and_attempt()).kind, ErrorKind::not_found);
  EXPECT_EQ(job(id).status_reason, "The key in/a.zip does not exist in the bucket bucket.");
  expect_object_exactly_when_succeeded(id);
}

TEST_F(JobRunTest, AProfileThatIsCanceledBeforeTheAttemptFailsTheJob) {
  const model::JobId id = started();
  cancel();
  EXPECT_EQ(error_of(restart_and_attempt()).kind, ErrorKind::denied);
  EXPECT_EQ(job(id).status_reason, "The signing profile is no longer active.");
  expect_object_exactly_when_succeeded(id);
}

TEST_F(JobRunTest, AProfileThatIsCanceledDuringTheUploadFailsTheJobAndUndoesTheUpload) {
  const model::JobId id = started();
  hooks.after = [&](std::string_view step) -> Result<void> {
    if (step == "put") cancel();
    return {};
  };
  const auto claimed = claim();
  const JobServices with = services();
  JobRun run(with, *claimed);
  const Error error = error_of(run.attempt());
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_EQ(uploaded(id).size(), 1u);
  expect_done(run.fail(error.message));
  EXPECT_EQ(job(id).status_reason, "The signing profile is not active.");
  EXPECT_EQ(job(id).signature_expires_at, std::nullopt);
  expect_object_exactly_when_succeeded(id);
}

TEST_F(JobRunTest, AnotherObjectAtTheDestinationFailsTheJobAndStays) {
  const model::JobId id = started();
  const objects::Location there{"bucket", job(id).destination_key};
  value_of(objects.put(there, MemoryReadAt(bytes_of("somebody else's"))));
  EXPECT_EQ(error_of(restart_and_attempt()).kind, ErrorKind::invalid);
  EXPECT_EQ(job(id).status, JobStatus::failed);
  EXPECT_EQ(job(id).status_reason, "The destination key holds another object.");
  EXPECT_EQ(uploaded(id).size(), 1u) << "what was not ours was removed";
}

// The bucket may have been made, by another account, between the judgement and now.
TEST_F(JobRunTest, ADestinationBucketThatIsAnotherAccountsFailsTheJob) {
  const model::JobId id = started();
  const auto folder = made.folder.path() / "objects";
  std::filesystem::rename(folder / "bucket", made.folder.path() / "aside");
  expect_done(objects.create_bucket("bucket", "999999999999"));
  EXPECT_EQ(error_of(restart_and_attempt()).kind, ErrorKind::denied);
  EXPECT_EQ(job(id).status, JobStatus::failed);
  EXPECT_EQ(job(id).status_reason, "The bucket bucket belongs to another account.");
}

TEST_F(JobRunTest, ADestinationBucketThatIsGoneFailsTheJob) {
  const model::JobId id = started();
  hooks.before = [](std::string_view step) -> Result<void> {
    if (step == "put") return not_found("The bucket bucket does not exist.");
    return {};
  };
  const auto claimed = claim();
  const JobServices with = services();
  JobRun run(with, *claimed);
  const Error error = error_of(run.attempt());
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  expect_done(run.fail(error.message));
  expect_object_exactly_when_succeeded(id);
}

TEST_F(JobRunTest, ASecondUploadHasIdenticalBytes) {
  const model::JobId id = started();
  hooks.after = [](std::string_view step) -> Result<void> {
    if (step == "put") return internal_error("the machine stops");
    return {};
  };
  const auto claimed = claim();
  const JobServices with = services();
  error_of(JobRun(with, *claimed).attempt());
  const std::string first = uploaded(id).at(0).sha256_hex;
  expect_done(objects.remove({"bucket", job(id).destination_key}));
  clock.advance(std::chrono::hours(24 * 30));  // with another leaf by then
  expect_done(restart_and_attempt());
  EXPECT_EQ(uploaded(id).at(0).sha256_hex, first);
  expect_object_exactly_when_succeeded(id);
}

// Leases.

TEST_F(JobRunTest, AWorkerThatLostItsLeaseBeforeSigningChangesNothing) {
  const model::JobId id = started();
  const auto first = claim();
  clock.advance(limits::job_lease);
  const auto second = claim();
  ASSERT_TRUE(second);
  const JobServices with = services();
  JobRun stale(with, *first);
  EXPECT_EQ(error_of(stale.attempt()).kind, ErrorKind::conflict);
  EXPECT_EQ(error_of(stale.fail("late")).kind, ErrorKind::conflict);
  EXPECT_EQ(error_of(stale.release()).kind, ErrorKind::conflict);
  EXPECT_EQ(error_of(stale.give_back()).kind, ErrorKind::conflict);
  EXPECT_EQ(job(id).status, JobStatus::in_progress);
  EXPECT_TRUE(uploaded(id).empty());
  expect_done(JobRun(with, *second).attempt());
  expect_object_exactly_when_succeeded(id);
}

TEST_F(JobRunTest, AWorkerThatLosesItsLeaseAtAnyStepLeavesTheJobToTheOther) {
  for (int step = 0;; ++step) {
    SCOPED_TRACE(step);
    const model::JobId id = started();
    const auto first = claim();
    std::optional<store::ClaimedJob> second;
    int steps = 0;
    hooks.before = [&](std::string_view) -> Result<void> {
      if (steps++ != step) return {};
      clock.advance(limits::job_lease);
      second = claim();
      return {};
    };
    const JobServices with = services();
    const auto outcome = JobRun(with, *first).attempt();
    hooks = {};
    if (!second) {  // there is no such step any more
      expect_done(outcome);
      EXPECT_GT(step, 8);
      break;
    }
    EXPECT_EQ(error_of(outcome).kind, ErrorKind::conflict);
    EXPECT_EQ(job(id).status, JobStatus::in_progress);
    expect_done(JobRun(with, *second).attempt());
    expect_object_exactly_when_succeeded(id);
  }
}

TEST_F(JobRunTest, ASourceWhoseBytesAreNotThoseOfItsVersionFailsTheJob) {
  const model::JobId id = started();
  const auto pinned = value_of(objects.pin({"bucket", "in/a.zip"}));
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(made.folder.path() / "objects")) {
    if (file.path().filename() != pinned.location.version + "." + pinned.sha256_hex) continue;
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    std::fstream(file.path(), std::ios::in | std::ios::out).write("X", 1);
  }
  EXPECT_EQ(error_of(restart_and_attempt()).kind, ErrorKind::corrupt);
  EXPECT_EQ(job(id).status_reason, "The source object is not what was stored under its version.");
  expect_object_exactly_when_succeeded(id);
}

TEST_F(JobRunTest, ALongReadingRenewsTheLease) {
  const model::JobId id = started();
  hooks.before = [&](std::string_view step) -> Result<void> {
    if (step == "read") clock.advance(limits::job_lease / 2);  // many leases long in all
    return {};
  };
  const auto claimed = claim();
  const JobServices with = services();
  expect_done(JobRun(with, *claimed).attempt());
  expect_object_exactly_when_succeeded(id);
}

// Stopping.

TEST_F(JobRunTest, AStopEndsTheAttemptAtTheNextReadWhicheverStepReads) {
  int reads_of_all = 0;
  for (int at = 1;; ++at) {
    SCOPED_TRACE(at);
    const model::JobId id = started();
    std::stop_source stopping;
    int reads = 0;
    hooks.before = [&](std::string_view step) -> Result<void> {
      if (step == "read" && ++reads == at) stopping.request_stop();
      return {};
    };
    const auto claimed = claim();
    const JobServices with = services(stopping.get_token());
    JobRun run(with, *claimed);
    const auto outcome = run.attempt();
    hooks = {};
    if (outcome) {  // it was the last read of the job, or none
      reads_of_all = reads;
      break;
    }
    EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable) << describe(outcome.error());
    EXPECT_EQ(reads, at);
    expect_done(run.give_back());
    const auto again = claim();
    ASSERT_TRUE(again);
    EXPECT_EQ(again->work.attempts, 1);
    const JobServices later = services();
    expect_done(JobRun(later, *again).attempt());
    expect_object_exactly_when_succeeded(id);
  }
  EXPECT_GT(reads_of_all, 5);
}

// Crashes: an attempt that stops for ever before or after its n-th step.

class CrashTest : public JobRunTest, public testing::WithParamInterface<bool> {
 protected:
  // From the n-th step on nothing happens any more, or nobody learns that it did.
  void crash_at(int step) {
    auto& hook = GetParam() ? hooks.after : hooks.before;
    hook = [this, step, count = 0](std::string_view name) mutable -> Result<void> {
      if (name == "read" || count++ < step) return {};
      has_crashed_ = true;
      return internal_error("the process is gone");
    };
    if (GetParam()) {
      hooks.before = [this](std::string_view) -> Result<void> {
        return has_crashed_ ? Result<void>(internal_error("the process is gone")) : Result<void>();
      };
    }
    has_crashed_ = false;
  }
  std::atomic<bool> has_crashed_ = false;
};

TEST_P(CrashTest, AtAnyStepOfAnAttemptEndsInSuccess) {
  for (int step = 0;; ++step) {
    SCOPED_TRACE(step);
    const model::JobId id = started();
    const auto claimed = claim();
    crash_at(step);
    const JobServices with = services();
    const auto outcome = JobRun(with, *claimed).attempt();
    if (!has_crashed_) {
      expect_done(outcome);
      EXPECT_GT(step, 5);
      break;
    }
    const auto before = uploaded(id);
    if (job(id).status == JobStatus::in_progress) expect_done(restart_and_attempt());
    hooks = {};
    EXPECT_EQ(job(id).status, JobStatus::succeeded);
    if (!before.empty()) {
      EXPECT_EQ(uploaded(id).at(0).location, before[0].location);
    }
    expect_object_exactly_when_succeeded(id);
  }
}

TEST_P(CrashTest, AtAnyStepOfAFailureEndsInFailureWithoutAnObject) {
  for (int step = 0;; ++step) {
    SCOPED_TRACE(step);
    const std::string name = "Profile" + std::to_string(step);
    add_profile(name);
    StartSigningJob call = job_call(source(package()));
    call.profile_name = test::profile_name(name);
    value_of(start(call));
    const auto claimed = claim();
    hooks.after = [&](std::string_view after) -> Result<void> {
      if (after == "put") cancel(name);
      return {};
    };
    const JobServices with = services();
    JobRun run(with, *claimed);
    const Error error = error_of(run.attempt());
    EXPECT_EQ(error.kind, ErrorKind::denied);
    hooks = {};
    crash_at(step);
    const auto outcome = run.fail(error.message);
    if (!has_crashed_) {
      expect_done(outcome);
      EXPECT_GT(step, 1);
      break;
    }
    if (job(call.id).status == JobStatus::in_progress) error_of(restart_and_attempt());
    hooks = {};
    EXPECT_EQ(job(call.id).status, JobStatus::failed);
    expect_object_exactly_when_succeeded(call.id);
  }
}

INSTANTIATE_TEST_SUITE_P(Steps, CrashTest, testing::Bool(),
                         [](const auto& step) { return step.param ? "After" : "Before"; });

}  // namespace
}  // namespace hallmark::signing
