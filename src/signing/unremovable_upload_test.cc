// A job that fails and whose upload cannot be removed.
#include <gtest/gtest.h>

#include "signing/job_run.h"
#include "signing/test_faults.h"
#include "signing/test_signing.h"

namespace hallmark::signing {
namespace {

using model::JobStatus;
using test::error_of;
using test::expect_done;

class UnremovableUpload : public test::SigningTest {
 protected:
  UnremovableUpload() { add_profile(); }

  // Signs and uploads, then fails, where every removal ends so.
  Result<void> fail_with(const Error& removal) {
    hooks.after = [](std::string_view step) -> Result<void> {
      if (step == "put") return denied("no");
      return {};
    };
    hooks.before = [=](std::string_view step) -> Result<void> {
      if (step == "remove") return removal;
      return {};
    };
    const auto claimed = claim();
    const JobServices with = {hooked_store, hooked_objects, *made.authority,  certificates,
                              clock,        made.home,      std::stop_token()};
    JobRun run(with, *claimed);
    error_of(run.attempt());
    return run.fail("It failed.");
  }

  test::Hooks hooks;
  test::HookedStore hooked_store{store, hooks};
  test::HookedObjects hooked_objects{objects, hooks};
};

TEST_F(UnremovableUpload, EndsTheJobWhenTheBucketsOwnerForbidsIt) {
  for (const Error& removal : {denied("no"), not_found("no"), invalid("no")}) {
    const model::JobId id = started();
    expect_done(fail_with(removal));
    EXPECT_EQ(job(id).status, JobStatus::failed);
    EXPECT_EQ(job(id).status_reason, "It failed. What was uploaded could not be removed.");
  }
}

TEST_F(UnremovableUpload, IsTriedAgainLaterWhenTheFaultMayPass) {
  const model::JobId id = started();
  clock.advance(std::chrono::seconds(40));
  EXPECT_EQ(error_of(fail_with(unavailable("away"))).kind, ErrorKind::unavailable);
  EXPECT_EQ(job(id).status, JobStatus::in_progress);
  clock.advance(std::chrono::seconds(9));
  EXPECT_FALSE(claim());
  clock.advance(std::chrono::seconds(1));
  EXPECT_TRUE(claim());
}

TEST_F(UnremovableUpload, EndsAJobThatIsTooOld) {
  const model::JobId id = started();
  clock.advance(limits::job_age_max + std::chrono::seconds(1));
  expect_done(fail_with(unavailable("away")));
  EXPECT_EQ(job(id).status, JobStatus::failed);
}

}  // namespace
}  // namespace hallmark::signing
